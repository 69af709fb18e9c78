// SPDX-License-Identifier: MPL-2.0

package cos_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
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

// ends are the ways in which a call is ended.
var ends = map[string]struct {
	after func(context.Context, time.Duration) (context.Context, context.CancelFunc)
	err   error
	text  string
}{
	"cancel": {func(ctx context.Context, after time.Duration) (context.Context, context.CancelFunc) {
		ctx, cancel := context.WithCancel(ctx)
		time.AfterFunc(after, cancel)
		return ctx, cancel
	}, context.Canceled, "the operation was cancelled"},
	"deadline": {context.WithTimeout, context.DeadlineExceeded, "the operation's timeout ran out"},
}

// TestInterrupted: a context that ends is obeyed at once, wherever the call stands, and the error
// still tells what COS said last.
func TestInterrupted(t *testing.T) {
	t.Parallel()
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
					ctx, cancel := end.after(t.Context(), 3*time.Second)
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
					if !errors.Is(err, end.err) || e.Attempts != test.sent || e.Status != test.status || !strings.Contains(err.Error(), text) {
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

// The waits of the provider.
var (
	written     = cos.Wait{Shown: nightlyOr(cos.ToTheEnd), NoJob: cos.ToTheEnd, NoBucket: cos.NewBucket}
	deleted     = cos.Wait{Shown: func(cos.Inventory) cos.Patience { return cos.ToTheEnd }, NoBucket: cos.Settle}
	settled     = cos.Wait{Shown: nightlyOr(cos.Settle), NoJob: cos.Settle, NoBucket: cos.Settle}
	inNewBucket = cos.Wait{NoBucket: cos.NewBucket}
)

// nightlyOr believes the job of [nightly] at once, and another one after the patience.
func nightlyOr(patience cos.Patience) func(cos.Inventory) cos.Patience {
	return func(inv cos.Inventory) cos.Patience {
		if inv.Echoes(nightly(inv.ID)) {
			return cos.AtOnce
		}
		return patience
	}
}

var (
	weekly   = strings.Replace(document("nightly"), "Daily", "Weekly", 1)
	noBucket = fakecos.Fault{Status: http.StatusNotFound, Code: cos.CodeNoSuchBucket}
	noJob    = fakecos.Fault{Status: http.StatusNotFound, Code: cos.CodeNoSuchJob}
)

// TestAwaitInventory: an answer is believed once COS has given no other for as long as the caller
// asks, and the last look is at the end of that time.
func TestAwaitInventory(t *testing.T) {
	t.Parallel()
	put := func(t *testing.T, _ *memory, client *cos.Client) {
		t.Helper()
		if err := client.PutInventory(t.Context(), jobOf("nightly"), nightly("nightly")); err != nil {
			t.Error(err)
		}
	}
	later := func(change func(fake *memory)) func(*testing.T, *memory, *cos.Client) {
		return func(_ *testing.T, fake *memory, _ *cos.Client) { time.AfterFunc(time.Second, func() { change(fake) }) }
	}
	inject := func(faults ...fakecos.Fault) func(*testing.T, *memory, *cos.Client) {
		return func(_ *testing.T, fake *memory, _ *cos.Client) {
			for _, fault := range faults {
				fake.Inject(fault)
			}
		}
	}
	times := func(n int, fault fakecos.Fault) fakecos.Fault { fault.Times = n; return fault }
	slowly := noBucket
	slowly.Delay = 11 * time.Second
	for name, test := range map[string]struct {
		bucket string // "": the one that there is
		held   string // the job at the beginning
		change func(*testing.T, *memory, *cos.Client)
		wait   cos.Wait
		want   string // the frequency that is shown, or the code of the error
		took   time.Duration
		looks  int
	}{
		"at once":                        {held: document("nightly"), wait: written, want: "Daily", looks: 1},
		"a new job shows later":          {change: put, wait: written, want: "Daily", took: 11750 * time.Millisecond, looks: 7},
		"a new version shows later":      {held: weekly, change: put, wait: written, want: "Daily", took: 11750 * time.Millisecond, looks: 7},
		"busy for a while":               {held: document("nightly"), change: inject(times(2, slowDown)), wait: written, want: "Daily", took: -1, looks: 3},
		"a deletion shows":               {held: weekly, change: later(func(fake *memory) { fake.Remove(bucket, "nightly") }), wait: deleted, want: cos.CodeNoSuchJob, took: 1750 * time.Millisecond, looks: 4},
		"another version":                {held: weekly, wait: settled, want: "Weekly", took: 3 * time.Second, looks: 5},
		"one version after another":      {held: weekly, change: later(func(fake *memory) { fake.Seed(bucket, "nightly", strings.Replace(weekly, "Current", "All", 1)) }), wait: settled, want: "Weekly", took: 4750 * time.Millisecond, looks: 6},
		"no job":                         {wait: settled, want: cos.CodeNoSuchJob, took: 3 * time.Second, looks: 2},
		"no job, at once":                {wait: inNewBucket, want: cos.CodeNoSuchJob, looks: 1},
		"no job for a while":             {held: document("nightly"), change: inject(times(1, noJob)), wait: settled, want: "Daily", took: 3 * time.Second, looks: 2},
		"no bucket":                      {bucket: "gone-1258888888", wait: settled, want: cos.CodeNoSuchBucket, took: 3 * time.Second, looks: 5},
		"no new bucket":                  {bucket: "gone-1258888888", wait: written, want: cos.CodeNoSuchBucket, took: 12 * time.Second, looks: 8},
		"a new bucket":                   {bucket: "late-1258888888", change: later(func(fake *memory) { fake.AddBucket(region, "late-1258888888") }), wait: inNewBucket, want: cos.CodeNoSuchJob, took: 1750 * time.Millisecond, looks: 4},
		"no bucket once":                 {held: document("nightly"), change: inject(times(1, noBucket)), wait: settled, want: "Daily", took: 250 * time.Millisecond, looks: 2},
		"no bucket, in slow answers":     {change: inject(slowly), wait: settled, want: cos.CodeNoSuchBucket, took: 22250 * time.Millisecond, looks: 2},
		"no new bucket, in slow answers": {change: inject(slowly), wait: written, want: cos.CodeNoSuchBucket, took: 33750 * time.Millisecond, looks: 3},
		"denied":                         {change: inject(fakecos.Fault{Status: http.StatusForbidden, Code: cos.CodeAccessDenied}), wait: settled, want: cos.CodeAccessDenied, looks: 1},
		"a proxy's 404":                  {change: inject(fakecos.Fault{Status: http.StatusNotFound, Body: new(string)}), wait: deleted, want: "", looks: 1},
		"not a document":                 {change: inject(fakecos.Fault{Body: new(string)}), wait: written, want: "", looks: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, fakecos.Options{VisibilityLag: 10 * time.Second}, nil, func(t *testing.T, fake *memory, client *cos.Client) {
				job := jobOf("nightly")
				if test.bucket != "" {
					job.Name = test.bucket
				}
				if test.held != "" {
					fake.Seed(bucket, "nightly", test.held)
				}
				if test.change != nil {
					test.change(t, fake, client)
				}
				fake.ResetRequests()
				started := time.Now()
				shown, err := client.AwaitInventory(t.Context(), job, test.wait)
				got := shown.Schedule.Frequency
				if err != nil {
					got = failure(t, err).Code
				}
				if took := time.Since(started); got != test.want || took != test.took && test.took >= 0 || len(fake.Requests()) != test.looks {
					t.Errorf("%q (%v) after %v and %d looks, want %q after %v and %d", got, err, took, len(fake.Requests()), test.want, test.took, test.looks)
				}
			})
		})
	}
}

// TestAwaitInventory_ends: the end of the context ends each wait at once, and proves nothing.
func TestAwaitInventory_ends(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		held string
		fake fakecos.Fault
		wait cos.Wait
		text string
	}{
		"another version": {weekly, fakecos.Fault{}, written, "the operation's timeout ran out"},
		"still there":     {weekly, fakecos.Fault{}, deleted, "the operation's timeout ran out"},
		"no job":          {"", fakecos.Fault{}, written, "the operation's timeout ran out"},
		"no bucket":       {"", noBucket, cos.Wait{NoBucket: cos.ToTheEnd}, "COS returned NoSuchBucket, and was to be asked again: the operation's timeout ran out"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, fakecos.Options{}, nil, func(t *testing.T, fake *memory, client *cos.Client) {
				if test.held != "" {
					fake.Seed(bucket, "nightly", test.held)
				}
				if test.fake.Code != "" {
					fake.Inject(test.fake)
				}
				started := time.Now()
				ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second) // in the pause from 3.75 to 7.75
				defer cancel()
				shown, err := client.AwaitInventory(ctx, jobOf("nightly"), test.wait)
				var ended *cos.Interruption
				if !errors.As(err, &ended) || !errors.Is(err, context.DeadlineExceeded) || cos.IsNotFound(err) || err.Error() != test.text || shown.ID != "" || time.Since(started) != 5*time.Second {
					t.Errorf("got %+v, %v after %v", shown, err, time.Since(started))
				}
			})
		})
	}
}

// TestAwaitInventory_together: the jobs of a bucket wait for its absence, and for theirs, once. None
// is gone on one response.
func TestAwaitInventory_together(t *testing.T) {
	t.Parallel()
	await := func(t *testing.T, client *cos.Client, n int, want func(error) bool) time.Duration {
		t.Helper()
		started := time.Now()
		slots := make(chan struct{}, 10) // Terraform's parallelism
		var wg sync.WaitGroup
		for range n {
			wg.Go(func() {
				slots <- struct{}{}
				defer func() { <-slots }()
				if _, err := client.AwaitInventory(t.Context(), jobOf("nightly"), settled); !want(err) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		return time.Since(started)
	}
	isShown := func(err error) bool { return err == nil }
	t.Run("jobs", func(t *testing.T) {
		t.Parallel()
		inBubble(t, fakecos.Options{}, nil, func(t *testing.T, fake *memory, client *cos.Client) {
			if took := await(t, client, 40, cos.IsNoSuchJob); took != 3750*time.Millisecond || len(fake.Requests()) != 80 {
				t.Errorf("%d looks in %v", len(fake.Requests()), took)
			}
			// Another absence says nothing of a job that is there.
			fake.Seed(bucket, "nightly", document("nightly"))
			fault := noJob
			fault.Times = 1
			fake.Inject(fault)
			if took := await(t, client, 1, isShown); took != 250*time.Millisecond {
				t.Errorf("shown after %v", took)
			}
			// COS took one absence back: the next is waited for again.
			fake.Remove(bucket, "nightly")
			if took := await(t, client, 1, cos.IsNoSuchJob); took != 3*time.Second {
				t.Errorf("gone after %v", took)
			}
		})
	})
	t.Run("a bucket", func(t *testing.T) {
		t.Parallel()
		inBubble(t, fakecos.Options{}, nil, func(t *testing.T, fake *memory, client *cos.Client) {
			fake.Inject(noBucket)
			if took := await(t, client, 40, cos.IsNoSuchBucket); took != 3*time.Second || len(fake.Requests()) != 80 {
				t.Errorf("%d looks in %v", len(fake.Requests()), took)
			}
			// What COS returned long ago says nothing of a bucket that has been created since.
			time.Sleep(time.Minute)
			if took := await(t, client, 1, cos.IsNoSuchBucket); took != 3*time.Second {
				t.Errorf("gone after %v", took)
			}
			// Nor does it after COS has shown the bucket.
			fake.ClearFaults()
			fake.Seed(bucket, "nightly", document("nightly"))
			await(t, client, 1, isShown)
			fake.Inject(noBucket)
			if took := await(t, client, 1, cos.IsNoSuchBucket); took != 3*time.Second {
				t.Errorf("gone after %v", took)
			}
		})
	})
}

// TestWrite_missingBucket: a write believes that its bucket is gone as its reads do.
func TestWrite_missingBucket(t *testing.T) {
	t.Parallel()
	for op, want := range map[cos.Operation]time.Duration{cos.PutInventory: 12 * time.Second, cos.DeleteInventory: 3 * time.Second, cos.PostInventory: 0} {
		inBubble(t, fakecos.Options{}, nil, func(t *testing.T, fake *memory, client *cos.Client) {
			fake.Inject(noBucket)
			started := time.Now()
			if err := calls[op](t.Context(), client, "nightly"); !cos.IsNoSuchBucket(err) || time.Since(started) != want {
				t.Errorf("%s: %v after %v", op, err, time.Since(started))
			}
		})
	}
}
