// SPDX-License-Identifier: MPL-2.0

package cos_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

var slowDown = fakecos.Fault{Status: http.StatusServiceUnavailable, Code: "SlowDown", Message: "Please reduce your request rate."}

// TestDefaultRetries: the waits grow, up to a bound, and last as long as documented.
func TestDefaultRetries(t *testing.T) {
	t.Parallel()
	inBubble(t, fakecos.Options{}, func(c *cos.Config) { c.MaxRetries = cos.DefaultMaxRetries }, func(t *testing.T, fake *memory, client *cos.Client) {
		fake.Inject(slowDown)
		_, err := client.GetInventory(t.Context(), jobOf("nightly"))
		if e := failure(t, err); e.Attempts != 7 || e.Code != "SlowDown" {
			t.Errorf("got %v", err)
		}
		requests := fake.Requests()
		longest := 500 * time.Millisecond
		for i := range len(requests) - 1 {
			if wait := requests[i+1].Time.Sub(requests[i].Time); wait < longest/2 || wait > longest {
				t.Errorf("wait %d was %v, want %v to %v", i, wait, longest/2, longest)
			}
			longest = min(2*longest, 20*time.Second)
		}
	})
}

// TestAttemptTimeout: an attempt that hangs is cut off, and repeated unless it may have run a job.
func TestAttemptTimeout(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		op             cos.Operation
		times          int
		attempts, runs int // no attempts: success with the second
	}{
		"once":     {cos.PutInventory, 1, 0, 0},
		"for good": {cos.PutInventory, 0, 4, 0},
		"a post":   {cos.PostInventory, 0, 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, fakecos.Options{}, func(c *cos.Config) { c.AttemptTimeout = 5 * time.Second }, func(t *testing.T, fake *memory, client *cos.Client) {
				fake.Inject(fakecos.Fault{Hang: true, Times: test.times, AfterEffect: test.runs > 0})
				started := time.Now()
				err := calls[test.op](t.Context(), client, "nightly")
				if test.attempts == 0 {
					if took := time.Since(started); err != nil || len(fake.Requests()) != 2 || took < 5250*time.Millisecond || took > 5500*time.Millisecond {
						t.Errorf("%d requests in %v: %v", len(fake.Requests()), took, err)
					}
					return
				}
				if e := failure(t, err); e.Attempts != test.attempts || len(fake.Runs(bucket)) != test.runs || !strings.Contains(err.Error(), "no answer in time") {
					t.Errorf("got %v, %d runs", err, len(fake.Runs(bucket)))
				}
			})
		})
	}
}

// TestInterrupted: a context that ends is obeyed at once, wherever the call stands, and the error
// still tells what COS said last.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	ends := map[string]struct {
		end  func(ctx context.Context, after time.Duration) (context.Context, context.CancelFunc)
		want error
		text string
	}{
		"cancel": {func(ctx context.Context, after time.Duration) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			time.AfterFunc(after, cancel)
			return ctx, cancel
		}, context.Canceled, "the operation was cancelled"},
		"deadline": {context.WithTimeout, context.DeadlineExceeded, "the operation's timeout ran out"},
	}
	slow := slowDown
	slow.Times, slow.Header = 1, http.Header{"Retry-After": {"3600"}}
	soon := slowDown
	soon.Times, soon.Header = 1, http.Header{"Retry-After": {"1"}}
	for where, test := range map[string]struct {
		faults       []fakecos.Fault
		status, sent int
	}{
		"in the first attempt":  {[]fakecos.Fault{{Hang: true}}, 0, 1},
		"in a wait":             {[]fakecos.Fault{slow}, http.StatusServiceUnavailable, 1},
		"in the second attempt": {[]fakecos.Fault{soon, {Hang: true}}, http.StatusServiceUnavailable, 2},
	} {
		for name, end := range ends {
			t.Run(name+" "+where, func(t *testing.T) {
				t.Parallel()
				inBubble(t, fakecos.Options{}, nil, func(t *testing.T, fake *memory, client *cos.Client) {
					for _, fault := range test.faults {
						fake.Inject(fault)
					}
					started := time.Now()
					ctx, cancel := end.end(t.Context(), 3*time.Second)
					defer cancel()
					_, err := client.GetInventory(ctx, jobOf("nightly"))
					want, text := 3*time.Second, end.text
					if where == "in a wait" && name == "deadline" {
						want, text = 0, "the service asked for a pause of 1h0m0s, which the operation's timeout does not leave"
					}
					if took := time.Since(started); took != want {
						t.Errorf("it took %v", took)
					}
					e := failure(t, err)
					if !errors.Is(err, end.want) || e.Attempts != test.sent || e.Status != test.status || !strings.Contains(err.Error(), text) {
						t.Errorf("got %v", err)
					}
					if test.status != 0 && (e.Code != "SlowDown" || e.RequestID == "" || !strings.Contains(err.Error(), "Please reduce")) {
						t.Errorf("the last answer is lost: %v", err)
					}
					if strings.Contains(err.Error(), "\n") {
						t.Errorf("more than a line: %q", err)
					}
				})
			})
		}
	}
	t.Run("what came before has no answer", func(t *testing.T) {
		t.Parallel()
		inBubble(t, fakecos.Options{}, func(c *cos.Config) { c.AttemptTimeout = time.Second }, func(t *testing.T, fake *memory, client *cos.Client) {
			fake.Inject(fakecos.Fault{Hang: true})
			ctx, cancel := context.WithTimeout(t.Context(), 1100*time.Millisecond)
			defer cancel()
			_, err := client.GetInventory(ctx, jobOf("nightly"))
			if text := err.Error(); !strings.Contains(text, "the operation's timeout ran out; before that: no answer in time") {
				t.Errorf("got %s", text)
			}
		})
	})
	t.Run("beforehand", func(t *testing.T) {
		t.Parallel()
		fake := startFake(t, fakecos.Options{})
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		err := cos.New(config(t, fake.URL)).PutInventory(ctx, jobOf("nightly"), nightly("nightly"))
		if !errors.Is(err, context.Canceled) || len(fake.Requests()) != 0 {
			t.Errorf("got %v, %d requests", err, len(fake.Requests()))
		}
	})
}
