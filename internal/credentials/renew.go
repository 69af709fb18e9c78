// SPDX-License-Identifier: MPL-2.0

package credentials

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

const (
	// maxMargin is the longest time before their end at which credentials are renewed. Short-lived
	// ones are renewed after two thirds of their life.
	maxMargin = 5 * time.Minute

	// maxReserve is the longest time before their end at which credentials are no longer used,
	// because a signed request needs time to arrive. For short-lived ones it is a tenth of their
	// life.
	maxReserve = 10 * time.Second

	// failureTTL is how long a failure is remembered: a thousand calls must not each wait for an
	// address that does not respond.
	failureTTL = time.Minute
)

// lease is credentials and their end. Credentials without an end are permanent.
type lease struct {
	keys    Credentials
	expires time.Time
}

// fetch fetches credentials, within a timeout of its own. A renewer calls it from one goroutine at
// a time.
type fetch func(context.Context) (lease, error)

// renewer shares credentials among many callers and renews them before they expire, with one fetch
// at a time. While the old ones are valid, no caller waits, and a failed fetch is not an error.
type renewer struct {
	fetch  fetch
	failed func(context.Context, error)
	flight singleflight.Group

	mu      sync.Mutex // guards everything below
	held    lease
	due     time.Time // from when to renew
	until   time.Time // up to when held is good; zero if it is not
	failure error
	pause   time.Time // up to when failure stands
	dropped Credentials
}

// get returns valid credentials. The context ends the caller's wait, not the fetch, which other
// callers share.
func (r *renewer) get(ctx context.Context) (Credentials, error) {
	if err := ctx.Err(); err != nil {
		return Credentials{}, err
	}
	keys, isDue, err := r.look()
	if !isDue {
		return keys, err
	}
	fetched := r.flight.DoChan("", func() (any, error) { return r.renew(ctx) })
	if keys != (Credentials{}) {
		return keys, nil
	}
	select {
	case <-ctx.Done():
		return Credentials{}, ctx.Err()
	case result := <-fetched:
		keys, _ = result.Val.(Credentials)
		return keys, result.Err
	}
}

// look returns the valid credentials, if any, and whether a fetch is due, or a failure that is still
// remembered.
func (r *renewer) look() (keys Credentials, isDue bool, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	isPaused := now.Before(r.pause)
	switch {
	case r.isGood(now):
		return r.held.keys, !r.held.expires.IsZero() && !isPaused && !now.Before(r.due), nil
	case isPaused:
		return Credentials{}, false, r.failure
	default:
		return Credentials{}, true, nil
	}
}

func (r *renewer) isGood(now time.Time) bool {
	return r.held.keys != (Credentials{}) && (r.held.expires.IsZero() || now.Before(r.until))
}

// renew is the fetch that callers share. It has nothing of the caller's context, which traces the
// caller's own connection; only a log may have.
func (r *renewer) renew(caller context.Context) (any, error) {
	if keys, isDue, err := r.look(); !isDue {
		return keys, err // another flight landed between the caller's look and this one's start
	}
	fetched, err := r.fetch(context.Background())
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now().Round(0) // the wall clock goes on while a machine sleeps, as none does in a test
	switch {
	case err == nil:
		life := fetched.expires.Sub(now)
		r.held, r.failure, r.pause = fetched, nil, time.Time{}
		r.due = fetched.expires.Add(-min(maxMargin, life/3))
		r.until = fetched.expires.Add(-min(maxReserve, life/10))
		return fetched.keys, nil
	case r.isGood(now):
		// Further attempts are made before the end. An error after the end comes from a new
		// attempt.
		r.failed(context.WithoutCancel(caller), err)
		r.pause = now.Add(min(failureTTL, r.held.expires.Sub(r.due)/4, r.until.Sub(now)))
		return r.held.keys, nil
	default:
		r.failure, r.pause = err, now.Add(failureTTL)
		return nil, err
	}
}

// invalidate drops rejected credentials, unless they were dropped before or never expire. It
// reports whether there may be others. If other callers have replaced them already, there are, and
// nothing is dropped.
func (r *renewer) invalidate(keys Credentials) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.held.expires.IsZero() && r.held.keys != (Credentials{}), keys == r.dropped && keys == r.held.keys:
		return false
	case keys != r.held.keys:
		return true // somebody else has dropped or replaced them
	}
	r.dropped, r.held, r.pause = keys, lease{}, time.Time{}
	return true
}
