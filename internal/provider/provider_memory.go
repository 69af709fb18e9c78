// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

// memory is what this process has seen of jobs in states, plans and applies. Terraform shows a
// provider one resource at a time, and some mistakes take two.
//
// The zero value is ready, and safe for concurrent use.
type memory struct {
	isApplied atomic.Bool // this process applies: its plans are those of one apply, in parts

	mu        sync.Mutex
	jobs      map[cos.Job]*jobMemory
	regions   map[string]string // region by bucket, from prior states
	deletedIn map[string]string // region by bucket, of jobs that this process has deleted
}

// jobMemory is what the process has seen of one job.
type jobMemory struct {
	isInState  bool // in a prior state
	isRefused  bool // a create found it
	kept       int  // plans that keep it
	isEnding   bool // a plan deletes it, or replaces it with another job
	isRemaking bool // a plan deletes it and makes it again, as -replace does
	replacing  int  // plans that replace another job with it
	created    int  // plans that create it, those of replacements included
}

// change changes what is known of a job, and refuses what the run's plans would lose. The plan that
// makes a job again has kept it first: Terraform plans such a resource twice.
func (m *memory) change(job cos.Job, change func(*jobMemory)) diag.Diagnostics {
	m.mu.Lock()
	defer m.mu.Unlock()
	j := m.jobs[job]
	if j == nil {
		if m.jobs == nil {
			m.jobs, m.regions, m.deletedIn = map[cos.Job]*jobMemory{}, map[string]string{}, map[string]string{}
		}
		j = &jobMemory{}
		m.jobs[job] = j
	}
	change(j)
	switch {
	case m.isApplied.Load():
	case j.isEnding && j.kept > 0, j.isRemaking && j.kept > 1:
		return diag.Diagnostics{jobIsLost(job)}
	case j.replacing > 1, j.replacing > 0 && j.created > 1:
		return diag.Diagnostics{replacedTwice(job)}
	}
	return nil
}

// keep records a plan that keeps the job.
func (m *memory) keep(job cos.Job) diag.Diagnostics {
	return m.change(job, func(j *jobMemory) { j.kept++ })
}

// end records a plan that deletes the job, or replaces it with another job.
func (m *memory) end(job cos.Job) diag.Diagnostics {
	return m.change(job, func(j *jobMemory) { j.isEnding = true })
}

// replaceWith records a plan that replaces another job with the job.
func (m *memory) replaceWith(job cos.Job) diag.Diagnostics {
	return m.change(job, func(j *jobMemory) { j.replacing++ })
}

// create records a plan that creates the job. If a prior state has the job, the plan makes it again:
// terraform taint and -replace ask for that.
func (m *memory) create(job cos.Job) (isMadeAgain bool, diags diag.Diagnostics) {
	diags = m.change(job, func(j *jobMemory) {
		j.created++
		isMadeAgain = j.isInState
		j.isRemaking = isMadeAgain
	})
	return isMadeAgain, diags
}

// refuse records that a create found the job, and reports whether a prior state has it.
func (m *memory) refuse(job cos.Job) (isInState bool) {
	m.change(job, func(j *jobMemory) { j.isRefused, isInState = true, j.isInState })
	return isInState
}

// see records a job of a prior state. A bucket is in one region only, so the states tell where a job
// belongs: Terraform plans the re-creation of a job without its prior state, and after terraform
// taint without its private state too.
func (m *memory) see(job cos.Job) {
	if job.Name == "" || job.Region == "" {
		return
	}
	m.change(job, func(j *jobMemory) {
		j.isInState = true
		m.regions[job.Name] = job.Region
	})
}

// delete records a job that this process has deleted, and reports whether a create has found it
// before.
func (m *memory) delete(job cos.Job) (isRefused bool) {
	m.change(job, func(j *jobMemory) {
		isRefused = j.isRefused
		m.deletedIn[job.Name] = job.Region
	})
	return isRefused
}

// hasDeleted reports whether this process has deleted a job.
func (m *memory) hasDeleted() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.deletedIn) > 0
}

// forget drops a bucket that COS does not find in the region of the state: it may be made again in
// another one.
func (m *memory) forget(bucket cos.Bucket) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.regions[bucket.Name] == bucket.Region {
		delete(m.regions, bucket.Name)
	}
}

// regionOf returns the bucket's region, "" if no state has named it. isDeletedIn reports whether this
// process has deleted a job there: a job that it creates next in the bucket may be that job's
// replacement.
func (m *memory) regionOf(bucket string) (region string, isDeletedIn bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if region, isDeletedIn = m.deletedIn[bucket]; isDeletedIn {
		return region, true
	}
	return m.regions[bucket], false
}

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
	mine := &reservation{operation: operation, released: make(chan struct{})}
	for {
		other := r.take(job, mine)
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

// take makes a reservation, or returns the one that holds the job.
func (r *jobReservations) take(job cos.Job, mine *reservation) (other *reservation) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if other = r.held[job]; other == nil {
		if r.held == nil {
			r.held = map[cos.Job]*reservation{}
		}
		r.held[job] = mine
	}
	return other
}

func (r *jobReservations) release(job cos.Job, mine *reservation) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.held, job)
	close(mine.released)
}
