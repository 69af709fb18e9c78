// SPDX-License-Identifier: MPL-2.0

package network

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

func TestBackoff(t *testing.T) {
	t.Parallel()
	const shortest, longest = 100 * time.Millisecond, 1 * time.Second
	refusal := func(status int, retryAfter ...string) *http.Response {
		return &http.Response{StatusCode: status, Header: http.Header{"Retry-After": retryAfter}}
	}
	for name, test := range map[string]struct {
		attempt  int
		response *http.Response
		min, max time.Duration
	}{
		"no answer":            {0, nil, 50 * time.Millisecond, 100 * time.Millisecond},
		"the second time":      {1, nil, 100 * time.Millisecond, 200 * time.Millisecond},
		"the third time":       {2, nil, 200 * time.Millisecond, 400 * time.Millisecond},
		"up to the longest":    {4, nil, 500 * time.Millisecond, longest},
		"and no longer":        {4000, nil, 500 * time.Millisecond, longest},
		"server error":         {0, refusal(http.StatusInternalServerError), 50 * time.Millisecond, 100 * time.Millisecond},
		"Retry-After 503":      {0, refusal(http.StatusServiceUnavailable, "7"), 7 * time.Second, 7 * time.Second},
		"Retry-After 429":      {3, refusal(http.StatusTooManyRequests, "120"), 2 * time.Minute, 2 * time.Minute},
		"Retry-After 0":        {3, refusal(http.StatusServiceUnavailable, "0"), 0, 0},
		"Retry-After past":     {3, refusal(http.StatusServiceUnavailable, "Thu, 01 Jan 1970 00:00:00 GMT"), 0, 0},
		"Retry-After empty":    {0, refusal(http.StatusServiceUnavailable, ""), 50 * time.Millisecond, 100 * time.Millisecond},
		"Retry-After garbage":  {0, refusal(http.StatusServiceUnavailable, "soon"), 50 * time.Millisecond, 100 * time.Millisecond},
		"Retry-After negative": {0, refusal(http.StatusServiceUnavailable, "-5"), 50 * time.Millisecond, 100 * time.Millisecond},
		"Retry-After overflow": {0, refusal(http.StatusServiceUnavailable, "9223372037"), longest, longest},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			seen := map[time.Duration]bool{}
			for range 200 {
				wait := backoff(Retries{Shortest: shortest, Longest: longest}, test.attempt, test.response)
				if wait < test.min || wait > test.max {
					t.Fatalf("waits %v, want %v to %v", wait, test.min, test.max)
				}
				seen[wait] = true
			}
			if test.response == nil && len(seen) < 100 {
				t.Errorf("%d different waits of 200: many callers would come back at once", len(seen))
			}
		})
	}
	t.Run("no room for jitter", func(t *testing.T) {
		t.Parallel()
		for _, wait := range []time.Duration{0, 1} {
			if got := backoff(Retries{Shortest: wait, Longest: wait}, 0, nil); got > wait || got < 0 {
				t.Errorf("of %v: %v", wait, got)
			}
		}
	})
}

// TestRetry_late: a pause beyond the deadline ends at once. Any other one is waited for.
func TestRetry_late(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status int
		after  string
		took   time.Duration
		late   bool
	}{
		"beyond the deadline":   {http.StatusServiceUnavailable, "61", 0, true},
		"throttled":             {http.StatusTooManyRequests, "3600", 0, true},
		"until the deadline":    {http.StatusServiceUnavailable, "60", 0, true},
		"not a pause of theirs": {http.StatusInternalServerError, "3600", time.Minute, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				response := &http.Response{StatusCode: test.status, Header: http.Header{"Retry-After": {test.after}}}
				started := time.Now()
				err := Retry(ctx, Retries{Max: 1, Shortest: time.Hour, Longest: time.Hour}, func() (bool, *http.Response) { return true, response })
				var late *LateError
				if took := time.Since(started); took != test.took || !errors.Is(err, context.DeadlineExceeded) || errors.As(err, &late) != test.late {
					t.Errorf("%v after %v", err, took)
				}
			})
		})
	}
}
