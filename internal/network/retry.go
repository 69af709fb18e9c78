// SPDX-License-Identifier: MPL-2.0

package network

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// Retries bounds what [Retry] does: how many attempts follow the first one, and the pauses before
// them.
type Retries struct {
	Max               int
	Shortest, Longest time.Duration
}

// Retry makes attempts until one reports that another one is useless, or until there are no
// retries left. The response is nil if there was none; its Retry-After is honoured. The error is
// that of ctx if its end kept another attempt from being made, or a [*LateError] if it would.
func Retry(ctx context.Context, r Retries, attempt func() (again bool, response *http.Response)) error {
	for retry := 0; ctx.Err() == nil; retry++ {
		again, response := attempt() //nolint:bodyclose // it has been read and closed
		switch {
		case !again:
			return nil
		case ctx.Err() != nil:
		case retry == r.Max:
			return nil
		default:
			pause := backoff(r, retry, response)
			if deadline, ok := ctx.Deadline(); ok && asksForPause(response) && pause >= time.Until(deadline) {
				return &LateError{pause}
			}
			_ = Pause(ctx, pause)
		}
	}
	return ctx.Err()
}

// LateError is the error of a service that asked for a pause beyond the deadline of the caller. It
// is a context.DeadlineExceeded that did not have to be waited for.
type LateError struct{ Pause time.Duration }

// Error names the pause.
func (e *LateError) Error() string {
	return fmt.Sprintf("the service asked for a pause of %v, which the operation's timeout does not leave", e.Pause)
}

// Unwrap returns the error of the deadline.
func (e *LateError) Unwrap() error { return context.DeadlineExceeded }

// Pause waits, or returns the error of ctx once that has ended.
func Pause(ctx context.Context, pause time.Duration) error {
	select {
	case <-ctx.Done():
	case <-time.After(pause):
	}
	return ctx.Err()
}

// backoff waits exponentially longer after each attempt, with jitter, so that many callers do not
// retry at once. It honours Retry-After.
func backoff(r Retries, retry int, response *http.Response) time.Duration {
	wait := retryablehttp.DefaultBackoff(r.Shortest, r.Longest, retry, response)
	if wait < 0 {
		return r.Longest // a Retry-After beyond all bounds
	}
	if asksForPause(response) {
		return wait
	}
	return wait/2 + rand.N(wait/2+1)
}

func asksForPause(response *http.Response) bool {
	return response != nil && response.Header.Get("Retry-After") != "" &&
		(response.StatusCode == http.StatusTooManyRequests || response.StatusCode == http.StatusServiceUnavailable)
}
