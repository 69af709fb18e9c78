// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"sync"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

// jobReservations keeps two resources of a run from writing the same job at the same time. COS has
// no conditional PUT: both would look, find the same, and the last one would win unseen.
//
// The zero value is ready, and safe for concurrent use.
type jobReservations struct {
	mu   sync.Mutex
	held map[cos.Job]*reservation
}

type reservation struct {
	operation string // create, update or delete
	released  chan struct{}
}

// reserve reserves the job for an operation until release is called. It waits while another
// operation holds the job, until ctx ends. A create does not wait for another create or update: the
// job then exists, and holder names that operation.
func (r *jobReservations) reserve(ctx context.Context, job cos.Job, operation string) (release func(), holder string, err error) {
	for {
		mine, other := r.take(job, operation)
		switch {
		case other == nil:
			return func() { r.release(job, mine) }, "", nil
		case operation == "create" && other.operation != "delete":
			return nil, other.operation, nil
		}
		select {
		case <-other.released:
		case <-ctx.Done():
			return nil, "", &cos.Interruption{Err: ctx.Err()}
		}
	}
}

// take returns the new reservation, or the one that holds the job.
func (r *jobReservations) take(job cos.Job, operation string) (mine, other *reservation) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if other, ok := r.held[job]; ok {
		return nil, other
	}
	if r.held == nil {
		r.held = map[cos.Job]*reservation{}
	}
	mine = &reservation{operation: operation, released: make(chan struct{})}
	r.held[job] = mine
	return mine, nil
}

func (r *jobReservations) release(job cos.Job, mine *reservation) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.held, job)
	close(mine.released)
}
