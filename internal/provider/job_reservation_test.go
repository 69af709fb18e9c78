// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// holdBack holds the requests of an operation until release is called. held gets each of them.
func (w *world) holdBack(op string) (held chan fakecos.Request, release func()) {
	held, done := make(chan fakecos.Request, 10), make(chan struct{})
	w.Intercept(func(r fakecos.Request) *fakecos.Fault {
		if r.Op == op {
			held <- r
			select {
			case <-done:
			case <-w.t.Context().Done():
			}
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

// applyBeside applies while the test goes on.
func (p *protocol) applyBeside(prior kept, config tftypes.Value) <-chan applied {
	result := make(chan applied, 1)
	go func() {
		defer close(result)
		job, ds := p.apply(p.t.Context(), prior, config)
		result <- applied{job, ds}
	}()
	return result
}

// While a resource creates or updates a job, no other resource creates it.
func TestBucketInventoryResource_createdTwice(t *testing.T) {
	t.Parallel()
	for operation, says := range map[string]string{
		"create": `is creating the inventory job "nightly"`,
		"update": `is updating the inventory job "nightly"`,
	} {
		t.Run("beside "+operation, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fakecos.Options{})
			p := w.configured()
			prior, disabled := p.nothing(), p.complete(object{"is_enabled": false})
			if operation == "update" {
				prior = p.create(p.complete(nil))
				w.Remove(testBucket, "nightly") // else a look finds it
			}
			w.ResetRequests()
			held, release := w.holdBack(opPut)
			result := p.applyBeside(prior, disabled)
			await(t, held)
			other, ds := p.apply(t.Context(), p.nothing(), p.complete(nil))
			if !strings.Contains(ds.errors(), summaryExists) || !strings.Contains(ds.errors(), says) {
				t.Errorf("want an error that says %q, not %s", says, ds)
			}
			p.expectState(other, p.none())
			release()
			first := await(t, result)
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
	synctest.Test(t, func(t *testing.T) {
		w, _, end := newMemoryWorld(t, fakecos.Options{})
		defer end()
		p := w.configured()
		config := p.complete(nil)
		w.Inject(fakecos.Fault{Op: opPut, Status: http.StatusForbidden, Code: cos.CodeAccessDenied, Times: 1})
		if _, ds := p.apply(t.Context(), p.nothing(), config); ds.errors() == "" {
			t.Error("the create did not fail")
		}
		job := p.create(config)

		held, release := w.holdBack(opDelete)
		w.ResetRequests()
		deleted := p.applyBeside(job, p.none())
		await(t, held)
		created := p.applyBeside(p.nothing(), config)
		synctest.Wait()
		w.expectSent(t, map[string]int{opDelete: 1}) // the create has not begun
		release()
		for what, result := range map[string]<-chan applied{"deleting": deleted, "creating beside the deletion": created} {
			if ds := await(t, result).ds; len(ds) > 0 {
				t.Errorf("%s: %s", what, ds)
			}
		}
		w.expectWrites(t, 1, 1)
		w.document("nightly")
	})
}
