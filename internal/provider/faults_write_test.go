// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// A PUT would overwrite the other job, so the error must be enough to act on.
func TestBucketInventoryResource_existsAlready(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, region, id string }{
		{"in the provider's region", testRegion, testBucket + "/nightly"},
		{"in another region", "ap-shanghai", testBucket + "/nightly@ap-shanghai"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fakecos.Options{})
			w.AddBucket(tc.region, testBucket)
			const document = "<InventoryConfiguration><Id>nightly</Id><IsEnabled>false</IsEnabled><IncludedObjectVersions>All</IncludedObjectVersions>" +
				"<Schedule><Frequency>Weekly</Frequency></Schedule><Destination><COSBucketDestination><Bucket>" + testDestination +
				"</Bucket><Format>ORC</Format></COSBucketDestination></Destination></InventoryConfiguration>"
			w.Seed(testBucket, "nightly", document)
			p := w.configured()

			job, ds := p.apply(t.Context(), p.nothing(), p.complete(object{"region": tc.region}))
			p.expectState(job, p.none())
			for _, wanted := range []string{
				"import {\n  to = cos_bucket_inventory.example\n  id = \"" + tc.id + "\"\n}\n",
				testBucket, tc.region, `"nightly"`,
			} {
				if !strings.Contains(ds.errors(), wanted) {
					t.Errorf("the error lacks %q:\n%s", wanted, ds)
				}
			}
			if got := w.sent(); got[opGet] != 2 || got[opList] != 1 || len(got) != 2 {
				t.Errorf("want a look for the plan, a read before the create, and nothing else, not %v", got)
			}
			if w.document("nightly") != document {
				t.Errorf("the job was changed to %s", w.document("nightly"))
			}
		})
	}
}

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

// An attempt that is never answered is given up, and the next one made.
func TestBucketInventoryResource_unansweredAttempt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	w.provider.tune = func(c *cos.Config) { impatient(c); c.AttemptTimeout = 500 * time.Millisecond }
	p := w.configured()
	config, changed := p.complete(nil), p.complete(object{"is_enabled": false})

	w.Inject(fakecos.Fault{Op: opGet, Hang: true, Times: 1})
	w.Inject(fakecos.Fault{Op: opPut, Hang: true, AfterEffect: true, Times: 1})
	job := p.create(config)
	w.Inject(fakecos.Fault{Op: opPut, Hang: true, Times: 1})
	job, ds := p.apply(t.Context(), job, changed)
	if len(ds) > 0 {
		t.Errorf("updating: %s", ds)
	}
	p.expectNoDrift(job, changed)
	w.Inject(fakecos.Fault{Op: opDelete, Hang: true, AfterEffect: true, Times: 1})
	gone, ds := p.destroy(t.Context(), job)
	if len(ds) > 0 {
		t.Errorf("deleting: %s", ds)
	}
	p.expectState(gone, p.none())

	struck := map[string]int{}
	for _, r := range w.Requests() {
		if r.Fault {
			struck[r.Op]++
		}
	}
	if struck[opGet] != 1 || struck[opPut] != 2 || struck[opDelete] != 1 {
		t.Errorf("not every fault struck: %v", struck)
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

func TestBucketInventoryResource_deleteOfGoneJob(t *testing.T) {
	t.Parallel()
	for _, skew := range []string{"", "delete-absent-204"} { // no page says how COS answers
		t.Run(skew, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fakecos.Options{Skew: skew})
			p := w.configured()
			job := p.create(p.complete(nil))
			w.Remove(testBucket, "nightly")
			w.ResetRequests()
			gone, ds := p.destroy(t.Context(), job)
			if len(ds) > 0 {
				t.Errorf("deleting a job that is gone: %s", ds)
			}
			p.expectState(gone, p.none())
			if got := w.sent(); got[opDelete] != 1 || got[opPut]+got[opList] != 0 {
				t.Errorf("want one DELETE, and reads, not %v", got)
			}
		})
	}
}

// A redirect would carry the signature and the token to another host.
func TestBucketInventoryResource_redirect(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusMovedPermanently, http.StatusFound, http.StatusTemporaryRedirect, http.StatusPermanentRedirect} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fakecos.Options{})
			p := w.configured()
			config := p.complete(nil)
			job := p.create(config)
			w.ResetRequests()
			redirected := func(op string, before, want kept, config tftypes.Value) {
				t.Helper()
				w.Inject(fakecos.Fault{Op: op, Times: 1, Status: status, Header: http.Header{"Location": {"https://elsewhere.example/path?with=secrets"}}})
				after, ds := p.apply(t.Context(), before, config)
				if !strings.Contains(ds.errors(), "elsewhere.example") || strings.Contains(ds.errors(), "secrets") || len(ds) != 1 {
					t.Errorf("want one error that names the other host and no more of the address, not %s", ds)
				}
				p.expectState(after, want.state)
			}
			redirected(opPut, job, job, p.complete(object{"is_enabled": false}))
			redirected(opDelete, job, job, p.none())
			redirected(opGet, p.nothing(), p.nothing(), config)
			if got := w.sent(); got[opGet] != 2 || got[opPut] != 1 || got[opDelete] != 1 {
				t.Errorf("want no call repeated, not %v", got)
			}
			p.expectNoDrift(job, config)
		})
	}
}

// steppingClock goes on by a step each time it is asked.
func steppingClock(step time.Duration) func() time.Time {
	var mu sync.Mutex
	now := time.Now()
	return func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		now = now.Add(step)
		return now
	}
}

// COS may show a write two seconds late: a new job not at all, a change as the older version, a
// deleted job still there.
func TestBucketInventoryResource_visibilityLag(t *testing.T) {
	t.Parallel()
	const lag, step = 2 * time.Second, 250 * time.Millisecond
	w := newWorld(t, fakecos.Options{Clock: steppingClock(step), VisibilityLag: lag})
	expectWaited := func(write string) {
		t.Helper()
		requests := w.Requests()
		last := len(requests) - 1
		for last >= 0 && requests[last].Op != write {
			last--
		}
		if reads := len(requests) - 1 - last; last < 0 || reads < int(lag/step) {
			t.Errorf("%d reads after the last %s do not reach its visibility", reads, write)
		}
		w.ResetRequests()
	}
	empty := resource.ConfigPlanChecks{PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: w.factories(),
		Steps: []resource.TestStep{
			{Config: jobConfig(`included_object_versions = "All"`), ConfigPlanChecks: empty},
			{PreConfig: func() { expectWaited(opPut) }, Config: jobConfig(), ConfigPlanChecks: empty},
		},
	})
	expectWaited(opDelete)

	// The same without a CLI: there is not even a warning.
	p := w.configured()
	config, changed := p.complete(nil), p.complete(object{"is_enabled": false})
	job := p.create(config)
	p.expectNoDrift(job, config)
	expectWaited(opPut)
	job, ds := p.apply(t.Context(), job, changed)
	if len(ds) > 0 {
		t.Errorf("updating: %s", ds)
	}
	p.expectNoDrift(job, changed)
	expectWaited(opPut)
	_, ds = p.destroy(t.Context(), job)
	if len(ds) > 0 {
		t.Errorf("deleting: %s", ds)
	}
	p.create(config) // which the deleted job is no longer in the way of
}

// Temporary credentials that run out between two jobs: the first is in the state, and new
// credentials finish the rest.
func TestBucketInventoryResource_credentialsExpireMidRun(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusBadRequest, http.StatusForbidden} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fakecos.Options{})
			second := namedJobConfig("second", "weekly", "depends_on = [cos_bucket_inventory.test]")
			resource.UnitTest(t, resource.TestCase{
				ProtoV6ProviderFactories: w.factories(),
				Steps: []resource.TestStep{
					{
						PreConfig: func() { w.Inject(fakecos.Fault{Op: opPut, ID: "weekly", Status: status, Code: cos.CodeExpiredToken}) },
						Config:    jobConfig() + second,
						// The CLI breaks lines where it likes.
						ExpectError: regexp.MustCompile(`(?s)"weekly".*ExpiredToken.*temporary\s+credentials\s+have\s+expired`),
					},
					{
						PreConfig: func() { w.ClearFaults() },
						Config:    jobConfig() + second,
						ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
							plancheck.ExpectResourceAction(testAddress, plancheck.ResourceActionNoop),
							plancheck.ExpectResourceAction("cos_bucket_inventory.second", plancheck.ResourceActionCreate),
						}},
					},
				},
			})
			refused := 0
			for _, r := range w.Requests() {
				if r.Code == cos.CodeExpiredToken {
					refused++
				}
			}
			if bodies := w.wrote(); refused != 1 || len(bodies) != 3 {
				t.Errorf("want one PUT for each job and one that is refused and not repeated, not %d refused of %q", refused, bodies)
			}
		})
	}
}
