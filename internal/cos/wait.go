// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"context"
	"fmt"
	"maps"
	"math"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/network"
)

// Patience says for how long COS must have given an answer, and no other, before it is believed. A
// single response may be wrong: a failure may pass, and a write shows only a moment later.
type Patience int

const (
	// AtOnce believes each answer.
	AtOnce Patience = iota
	// Settle waits for Config.Settle.
	Settle
	// NewBucket waits for Config.NewBucket.
	NewBucket
	// ToTheEnd waits until the context ends.
	ToTheEnd
)

// Wait says which answers [Client.AwaitInventory] believes. Its zero value is the first one.
type Wait struct {
	Shown    func(Inventory) Patience // with a job that COS shows; nil: AtOnce
	NoJob    Patience                 // with "no such job"
	NoBucket Patience                 // with "no such bucket"
}

// AwaitInventory reads the job until an answer is to be believed: a job, or an error for which
// [IsNotFound] holds. Any other error ends the wait.
// The cause of the error is an [*Interruption] if the context ended it.
func (c *Client) AwaitInventory(ctx context.Context, job Job, wait Wait) (Inventory, error) {
	var inv, last Inventory
	var changes answer // of the job that is shown
	err := c.await(ctx, job.Bucket, func() (answer, Patience, error) {
		var err error
		inv, err = c.GetInventory(ctx, job)
		switch {
		case IsNoSuchBucket(err):
			return noBucket, wait.NoBucket, err
		case IsNoSuchJob(err):
			return noJob, wait.NoJob, err
		case err != nil || wait.Shown == nil:
			return final, AtOnce, err
		case len(last.Differences(inv)) > 0:
			last = inv
			changes++
		}
		return shownJob + changes, wait.Shown(inv), nil
	})
	if err != nil {
		return Inventory{}, err
	}
	return inv, nil
}

// answer is what COS said of a job. Each version that it showed is an answer of its own.
type answer int

const (
	final answer = iota // there is nothing to wait for
	noBucket
	noJob
	shownJob
)

// await makes a look again until its answer is to be believed, and returns the look's error. The
// last look is at the end of the patience.
func (c *Client) await(ctx context.Context, bucket Bucket, look func() (answer, Patience, error)) error {
	b := c.shared(bucket)
	var previous answer
	var since time.Time // of the answers like the last one
	for pause := c.config.PollMin; ; pause = min(2*pause, c.config.PollMax) {
		answer, patience, err := look()
		isFirst := answer != previous
		if answer != noBucket {
			b.refuteAbsence(noBucket)
		}
		if previous == noJob && isFirst && err == nil {
			b.refuteAbsence(noJob)
		}
		switch {
		case answer == final || patience == AtOnce:
			return err
		case answer == noBucket:
			since, isFirst = b.absentSince(absence{answer, patience}, isFirst)
		case answer == noJob:
			since, _ = b.absentSince(absence{answer, patience}, isFirst)
		case isFirst:
			since = time.Now()
		}
		previous = answer
		rest, wait := c.duration(patience)-time.Since(since), pause
		switch {
		case rest <= 0 && !isFirst:
			return err
		case answer == noJob && patience == Settle:
			wait = max(rest, pause) // looks before the last one would rarely show the job
		case rest > 0:
			wait = min(rest, pause)
		}
		if ended := network.Pause(ctx, wait); ended != nil {
			err = &Interruption{Err: ended}
			if answer == noBucket {
				err = fmt.Errorf("COS returned NoSuchBucket, and was to be asked again: %w", err)
			}
			return err
		}
	}
}

// duration returns how long a patience lasts.
func (c *Client) duration(patience Patience) time.Duration {
	return map[Patience]time.Duration{Settle: c.config.Settle, NewBucket: c.config.NewBucket, ToTheEnd: math.MaxInt64}[patience]
}

// absence is the answer that a bucket, or a job of it, is not there, for those of one patience.
type absence struct {
	answer   answer
	patience Patience
}

// spell is a time in which COS gave one answer, and no other.
type spell struct{ first, last time.Time }

// maxAbsenceGap is how long an absence goes on without an answer: after that, what is absent may
// have been created meanwhile.
const maxAbsenceGap = 10 * time.Second

// absentSince records an absence, and returns when it began, and whether it begins now. The jobs of a
// bucket share it: many jobs wait once. For a caller whose answer before was the same, it goes on,
// however long that took.
func (b *sharedBucket) absentSince(a absence, isFirst bool) (since time.Time, begins bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now, s := time.Now(), b.absences[a]
	begins = s == (spell{}) || isFirst && now.Sub(s.last) > maxAbsenceGap
	if begins {
		s.first = now
	}
	s.last = now
	b.absences[a] = s
	return s.first, begins
}

// refuteAbsence ends the spells of an answer that COS has taken back.
func (b *sharedBucket) refuteAbsence(said answer) {
	b.mu.Lock()
	defer b.mu.Unlock()
	maps.DeleteFunc(b.absences, func(a absence, _ spell) bool { return a.answer == said })
}

// poll calls ask, with longer and longer pauses, until it is done or fails. It calls waiting before
// each pause.
func (c *Client) poll(ctx context.Context, ask func() (bool, error), waiting func()) error {
	const slower = 8 // than a wait for a job: COS takes minutes
	for pause := slower * c.config.PollMin; ; pause = min(2*pause, slower*c.config.PollMax) {
		if done, err := ask(); done || err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return &Interruption{Err: err}
		}
		waiting()
		if err := network.Pause(ctx, pause); err != nil {
			return &Interruption{Err: err}
		}
	}
}
