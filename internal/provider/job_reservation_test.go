// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"strings"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// holdBack holds the requests of an operation until release is called. held gets each of them.
func (w *world) holdBack(op string) (held chan fakecos.Request, release func()) {
	held, done := make(chan fakecos.Request, 10), make(chan struct{})
	w.Intercept(func(r fakecos.Request) *fakecos.Fault {
		if r.Op == op {
			held <- r
			<-done
		}
		return nil
	})
	w.t.Cleanup(func() { w.Intercept(nil) })
	return held, func() { close(done) }
}

type applied struct {
	job kept
	ds  diagnostics
}

// While a resource creates or updates a job, no other resource creates it.
func TestBucketInventoryResource_createdTwice(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		first func(w *world, p *protocol) kept // the prior state of the first write
		says  string
	}{
		"beside a create": {
			first: func(_ *world, p *protocol) kept { return p.nothing() },
			says:  `is creating the inventory job "nightly"`,
		},
		"beside an update": {
			first: func(w *world, p *protocol) kept {
				job := p.create(p.complete(nil))
				w.Remove(testBucket, "nightly") // else a look finds it
				return job
			},
			says: `is updating the inventory job "nightly"`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fakecos.Options{})
			p := w.configured()
			prior := test.first(w, p)
			w.ResetRequests()
			held, release := w.holdBack(opPut)
			result := make(chan applied)
			disabled := p.complete(object{"is_enabled": false})
			go func() {
				job, ds := p.apply(t.Context(), prior, disabled)
				result <- applied{job, ds}
			}()
			<-held
			other, ds := p.apply(t.Context(), p.nothing(), p.complete(nil))
			if !strings.Contains(ds.errors(), summaryExists) || !strings.Contains(ds.errors(), test.says) {
				t.Errorf("want an error that says %q, not %s", test.says, ds)
			}
			p.expectState(other, p.none())
			release()
			first := <-result
			if first.ds.errors() != "" {
				t.Errorf("the first write: %s", first.ds)
			}
			p.expectState(first.job, disabled)
			w.expectWrites(t, 1, 0)
		})
	}
}

// A create that fails gives the job free, and one that meets the deletion of the same job waits for
// it.
func TestBucketInventoryResource_createdAfterOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	p := w.configured()
	config := p.complete(nil)
	w.Inject(fakecos.Fault{Op: opPut, Status: 403, Code: "AccessDenied", Times: 1})
	if _, ds := p.apply(t.Context(), p.nothing(), config); ds.errors() == "" {
		t.Error("the create did not fail")
	}
	job := p.create(config)

	held, release := w.holdBack(opDelete)
	deleted, created := make(chan applied), make(chan applied)
	go func() {
		gone, ds := p.destroy(t.Context(), job)
		deleted <- applied{gone, ds}
	}()
	<-held
	w.ResetRequests()
	go func() {
		again, ds := p.apply(t.Context(), p.nothing(), config)
		created <- applied{again, ds}
	}()
	release()
	if first := <-deleted; len(first.ds) > 0 {
		t.Errorf("deleting: %s", first.ds)
	}
	if second := <-created; len(second.ds) > 0 {
		t.Errorf("creating beside the deletion: %s", second.ds)
	}
	w.document("nightly")
}
