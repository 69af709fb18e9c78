// SPDX-License-Identifier: MPL-2.0

package cos_test

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// recorder keeps what a client tells.
type recorder struct {
	mu        sync.Mutex
	exchanges []cos.Exchange
}

func (r *recorder) observe(_ context.Context, e cos.Exchange) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.exchanges = append(r.exchanges, e)
}

// TestObserve: one exchange for each attempt, with what came of it and how long it took.
func TestObserve(t *testing.T) {
	t.Parallel()
	eachCall(t, func(t *testing.T, op cos.Operation, do func(context.Context, *cos.Client, string) error) {
		t.Helper()
		var told recorder
		change := func(c *cos.Config) { c.Observe, c.AttemptTimeout = told.observe, 5*time.Second }
		inBubble(t, fakecos.Options{}, change, func(t *testing.T, fake *memory, client *cos.Client) {
			slow := slowDown
			slow.Times, slow.Delay = 1, 2*time.Second
			fake.Inject(slow)
			fake.Inject(fakecos.Fault{Times: 1, Hang: true})
			err := do(t.Context(), client, "nightly")

			requests, attempts := fake.Requests(), len(told.exchanges)
			if attempts != len(requests) || attempts < 2 {
				t.Fatalf("told of %d attempts, %d requests: %v", attempts, len(requests), err)
			}
			for i, e := range told.exchanges {
				want := requests[i]
				job := jobOf("nightly")
				if op == cos.ListInventories {
					job.ID = ""
				}
				if e.Op != op || e.Bucket.Job(e.ID) != job || e.Attempt != i+1 || e.Status != want.Status || e.Code != want.Code {
					t.Errorf("told %+v of %s %d", e, want.Op, want.Status)
				}
				if i == 1 {
					if e.Err == nil || e.Duration != 5*time.Second || e.RequestID != "" {
						t.Errorf("of the attempt that hung: %+v", e)
					}
				} else if e.Err != nil || e.RequestID != want.RequestID {
					t.Errorf("told %+v of request %s", e, want.RequestID)
				}
			}
			if first := told.exchanges[0]; first.Duration != 2*time.Second || first.Status != http.StatusServiceUnavailable {
				t.Errorf("of the first attempt: %+v", first)
			}
		})
	})
}
