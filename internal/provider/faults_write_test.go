// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// transient are the failures that pass; inARow is how often each comes.
func transient() map[string]fakecos.Fault {
	const inARow = 4
	gateway := "<html><body>502 Bad Gateway</body></html>"
	return map[string]fakecos.Fault{
		"503 SlowDown":         {Times: inARow, Status: http.StatusServiceUnavailable, Code: "SlowDown"},
		"429 with Retry-After": {Times: inARow, Status: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {"0"}}},
		"500":                  {Times: inARow, Status: http.StatusInternalServerError},
		"502 of a gateway":     {Times: inARow, Status: http.StatusBadGateway, Body: &gateway, ContentType: "text/html"},
		"504":                  {Times: inARow, Status: http.StatusGatewayTimeout},
		"400 RequestTimeout":   {Times: inARow, Status: http.StatusBadRequest, Code: cos.CodeRequestTimeout},
		"connection reset":     {Times: inARow, Reset: true},
		"reset once taken":     {Times: inARow, Reset: true, AfterEffect: true},
		"500 once taken":       {Times: inARow, Status: http.StatusInternalServerError, AfterEffect: true},
		"answer breaks off":    {Times: inARow, Truncate: true},
	}
}

// Every call of every operation outlasts what passes, and no more is sent than that takes: each
// struck attempt is repeated once, and nothing else is.
func TestBucketInventoryResource_transientFaults(t *testing.T) {
	t.Parallel()
	for name, fault := range transient() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fakecos.Options{})
			p := w.configured()
			fail := func(op string, skip int) {
				w.ResetRequests()
				w.ClearFaults()
				fault := fault
				fault.Op, fault.Skip = op, skip
				w.Inject(fault)
			}
			expect := func(what string, ds diagnostics, want map[string]int) {
				t.Helper()
				if len(ds) > 0 {
					t.Errorf("%s: %s", what, ds)
				}
				struck, answered := 0, map[string]int{}
				for _, r := range w.work() {
					if r.Fault {
						struck++
					} else {
						answered[r.Op]++
					}
				}
				if struck != fault.Times || fmt.Sprint(answered) != fmt.Sprint(want) {
					t.Errorf("%s: want %d struck attempts and %v, not %d and %v", what, fault.Times, want, struck, answered)
				}
			}
			config, changed := p.complete(nil), p.complete(object{"is_enabled": false})

			fail(opGet, 0)
			job, ds := p.apply(t.Context(), p.nothing(), config)
			expect("looking before the create", ds, map[string]int{opGet: 2, opList: 1, opPut: 1})
			p.expectState(job, config)

			fail(opGet, 0)
			job, ds = p.refresh(t.Context(), job)
			expect("reading", ds, map[string]int{opGet: 1})
			p.expectState(job, config)

			fail(opPut, 0)
			job, ds = p.apply(t.Context(), job, changed)
			expect("updating", ds, map[string]int{opGet: 2, opPut: 1})
			p.expectState(job, changed)

			fail(opDelete, 0)
			gone, ds := p.destroy(t.Context(), job)
			if fault.AfterEffect || fault.Truncate { // the second DELETE finds no job
				expect("deleting", ds, map[string]int{opDelete: 1})
			} else {
				expect("deleting", ds, map[string]int{opGet: 1, opDelete: 1})
			}
			p.expectState(gone, p.none())

			fail(opPut, 0)
			job, ds = p.apply(t.Context(), gone, config)
			expect("creating", ds, map[string]int{opGet: 2, opPut: 1})
			w.ClearFaults()
			p.expectNoDrift(job, config)
			if jobs := w.Jobs(testBucket); !slices.Equal(jobs, []string{"nightly"}) {
				t.Errorf("want one job, not %q", jobs)
			}

			fail(opGet, 0)
			gone, ds = p.destroy(t.Context(), job)
			expect("looking after the delete", ds, map[string]int{opGet: 1, opDelete: 1})
			p.expectState(gone, p.none())
		})
	}
}

// What stays is told, after as many attempts as the configuration allows, and leaves the state as
// it was.
func TestBucketInventoryResource_persistentFaults(t *testing.T) {
	t.Parallel()
	for _, answer := range oddWrites() {
		for _, retries := range []int{0, cos.DefaultMaxRetries} {
			t.Run(fmt.Sprintf("%s/max_retries=%d", answer.name, retries), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, fakecos.Options{})
				p := w.configuredWith(object{"max_retries": retries})
				config, changed := p.complete(nil), p.complete(object{"is_enabled": false})
				attempts := min(answer.sent, 1+retries)
				expectSent := func(op string, before int) {
					t.Helper()
					if got := w.sent(); got[op] != attempts || got[opGet] != before {
						t.Errorf("want %d of %s and %d reads, not %v", attempts, op, before, got)
					}
					w.ResetRequests()
				}
				w.Inject(answer.at(opPut, 0))
				w.Inject(answer.at(opDelete, 0))
				job, ds := p.apply(t.Context(), p.nothing(), config)
				expectFailure(t, ds, answer)
				p.expectState(job, p.none())
				expectSent(opPut, 1)

				w.ClearFaults()
				job = p.create(config)
				w.ResetRequests()
				w.Inject(answer.at(opPut, 0))
				w.Inject(answer.at(opDelete, 0))
				kept, ds := p.apply(t.Context(), job, changed)
				expectFailure(t, ds, answer)
				p.expectState(kept, job.state)
				expectSent(opPut, 1)

				kept, ds = p.destroy(t.Context(), job)
				expectFailure(t, ds, answer)
				p.expectState(kept, job.state)
				expectSent(opDelete, 0)

				w.ClearFaults()
				p.expectNoDrift(kept, config)
			})
		}
	}
}
