// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// What a plan and an apply of many jobs cost in requests and connections, and that a plan shows the
// same whether or not it may list.
func TestManyJobs(t *testing.T) {
	t.Parallel()
	const (
		jobs  = 50
		pages = 2
	)
	w := newWorld(t, fakecos.Options{PageSize: 40})
	config := func(p *protocol, i int) tftypes.Value {
		return p.complete(object{"id": fmt.Sprintf("job-%04d", i), "filter": object{"prefix": fmt.Sprintf("logs/%d/", i)}, "optional_fields": []any{"Size", "ETag"}})
	}
	states := make([]kept, jobs)

	// Each job is looked for, written and read back. No listing is trusted before a write: the plan,
	// and the apply until its first write, look for jobs that exist.
	before := w.Connections()
	for _, isApply := range []bool{false, true} { // each in a process of its own
		p := w.configured()
		planned := make([]kept, jobs)
		forEach(jobs, func(i int) { planned[i], _ = p.change(p.nothing(), config(p, i)) })
		if !isApply {
			continue
		}
		forEach(jobs, func(i int) {
			var ds diagnostics
			if states[i], ds = p.applyPlanned(p.nothing(), planned[i], config(p, i)); len(ds) > 0 {
				t.Error(ds)
			}
		})
	}
	w.expectSent(t, map[string]int{opPut: jobs, opGet: 2 * jobs, opList: 2})
	w.expectConnectionsReused(before)

	plan := func(want map[string]int) (changes []kept) {
		t.Helper()
		w.ResetRequests()
		before := w.Connections()
		p := w.configured()
		read, planned := make([]kept, jobs), make([]kept, jobs)
		forEach(jobs, func(i int) {
			var ds, more diagnostics
			read[i], ds = p.refresh(t.Context(), states[i])
			if planned[i], more = p.change(read[i], config(p, i)); len(ds)+len(more) > 0 {
				t.Error(ds, more)
			}
		})
		if sent := w.sent(); sent[opList] > want[opList] || sent[opGet] > want[opGet] || sent[opGet]+sent[opList] != len(w.Requests()) {
			t.Errorf("the plan sent %v, want at most %v", sent, want)
		}
		w.expectConnectionsReused(before)
		for i := range jobs {
			if !read[i].state.Equal(planned[i].state) {
				changes = append(changes, read[i], planned[i])
			}
		}
		return changes
	}
	if changes := plan(map[string]int{opGet: 1, opList: pages}); len(changes) > 0 {
		t.Errorf("nothing was changed, and the plan shows %v", changes)
	}

	// What changed, and what went, is read by itself and shown.
	w.Seed(testBucket, "job-0042", strings.Replace(w.document("job-0042"), "Daily", "Weekly", 1))
	w.Remove(testBucket, "job-0049")
	drift := plan(map[string]int{opGet: 3, opList: pages})
	if len(drift) != 4 || !drift[1].state.Equal(states[42].state) || drift[0].state.Equal(states[42].state) || !drift[2].state.IsNull() || !drift[3].state.Equal(states[49].state) {
		t.Errorf("want a change of job 42 and another job 49, not %v", drift)
	}

	// A caller who may not list sees the same, with a GET for each job, and one more for the job that
	// is to be created again.
	w.Inject(fakecos.Fault{Op: opList, Status: http.StatusForbidden, Code: cos.CodeAccessDenied})
	alone := plan(map[string]int{opGet: jobs + 1, opList: 1})
	if !slices.EqualFunc(alone, drift, func(a, b kept) bool { return a.state.Equal(b.state) }) {
		t.Errorf("without a listing, the plan is %v, with one %v", alone, drift)
	}
}

// expectConnectionsReused compares the connections since before with the requests since the last
// reset. On a busy machine a call that is about to open a connection may be overtaken by one that
// becomes free, so there are some more than calls at a time; without reuse there would be one for
// each request.
func (w *world) expectConnectionsReused(before int) {
	w.t.Helper()
	requests := len(w.Requests())
	if n := w.Connections() - before; n > max(parallelism, requests/2) {
		w.t.Errorf("%d requests took %d connections", requests, n)
	}
}
