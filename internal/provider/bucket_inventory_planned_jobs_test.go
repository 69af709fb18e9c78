// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// planNew plans the create of a job of the test's bucket.
func (p *protocol) planNew(id string, members object) []finding {
	p.t.Helper()
	config := jobObject(object{"id": id})
	maps.Copy(config, members)
	return findings(p.t, p.plan(nil, config, nil).Diagnostics)
}

// planEnd plans the end of a job, as Terraform does for a resource that the configuration no longer
// has.
func (p *protocol) planEnd(id string) []finding {
	p.t.Helper()
	response := call(p, p.server.PlanResourceChange, &tfprotov6.PlanResourceChangeRequest{
		TypeName: testType, PriorState: p.job(storedJob(object{"id": id})), ProposedNewState: p.job(nil), Config: p.job(nil),
	})
	return findings(p.t, response.Diagnostics)
}

// A plan shows that a job exists, with a LIST and a GET that confirms it.
func TestPlannedJobs_exists(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	w.Seed(testBucket, "weekly", wireJob{schedule: "<Frequency>Weekly</Frequency>", disabled: true}.document("weekly"))
	p := w.configured()
	expectFindings(t, p.planNew("weekly", nil), finding{
		true, "id", summaryExists,
		`already has an inventory job "weekly": switched off, Weekly, to ` + testDestination + ". If it is still there",
	})
	w.expectSent(t, map[string]int{opList: 1, opGet: 1})
	expectFindings(t, p.planNew("nightly", nil))
	w.expectSent(t, map[string]int{opList: 1, opGet: 1})
	// What cannot be known, or not be served, is not looked for.
	expectFindings(t, p.planNew("a", object{"bucket": unknown{}}))
	expectFindings(t, p.planNew("b", object{"region": unknown{}}))
	w.expectSent(t, map[string]int{opList: 1, opGet: 1})
}

// A job that a listing shows, and that is gone, is not warned of.
func TestPlannedJobs_listingAloneSaysNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	page := "<ListInventoryConfigurationResult>" + wireJob{}.document("nightly") + "<IsTruncated>false</IsTruncated></ListInventoryConfigurationResult>"
	w.Inject(fakecos.Fault{Op: opList, Body: &page})
	expectFindings(t, w.configured().planNew("nightly", nil))
	w.expectSent(t, map[string]int{opList: 1, opGet: 1})
}

// A look that fails says nothing, is not repeated, and leaves the plan as it would have been.
func TestPlannedJobs_noLook(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(w *world)
		looks  int // of two creates in each of two buckets
	}{
		"refused":        {func(w *world) { w.Inject(fakecos.Fault{Status: http.StatusForbidden, Code: cos.CodeAccessDenied}) }, 2},
		"no such bucket": {func(w *world) { w.RemoveBucket(testBucket); w.RemoveBucket("other-1250000000") }, 2},
		"throttled":      {func(w *world) { w.Inject(fakecos.Fault{Status: http.StatusServiceUnavailable, Code: cos.CodeSlowDown}) }, 2},
		"no network":     {func(w *world) { w.Inject(fakecos.Fault{Reset: true}) }, 1},
		"hangs":          {func(w *world) { w.Inject(fakecos.Fault{Hang: true}) }, 1},
		"no keys":        {func(w *world) { w.provider.getenv = environment{envCOSDomain: w.URL, envRegion: testRegion}.get }, 0},
		"no such host": {func(w *world) {
			w.provider.getenv = environment{envCOSDomain: "http://127.0.0.1:1", envRegion: testRegion, envSecretID: "a", envSecretKey: "b"}.get
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fakecos.Options{})
			w.AddBucket(testRegion, "other-1250000000")
			test.change(w)
			p := w.configured()
			for _, bucket := range []string{testBucket, "other-1250000000"} {
				for _, id := range []string{"a", "b"} {
					expectFindings(t, p.planNew(id, object{"bucket": bucket}))
				}
			}
			if looks := len(w.Requests()); looks != test.looks {
				t.Errorf("%d looks, want %d", looks, test.looks)
			}
		})
	}
}

// The looks at a bucket do not spoil what later reads learn from its listing.
func TestPlannedJobs_failedLookLeavesReadsAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	w.Seed(testBucket, "nightly", nightlyDocument)
	w.Inject(fakecos.Fault{Op: opList, Times: 1, Status: http.StatusServiceUnavailable, Code: cos.CodeSlowDown})
	p := w.configured()
	expectFindings(t, p.planNew("new", nil))
	if _, ds := p.refresh(t.Context(), kept{state: newValue(t, p.typ(), storedJob(nil))}); len(ds) > 0 {
		t.Error(ds)
	}
	w.expectSent(t, map[string]int{opList: 2})
}

// One job that is deleted at one address and created at another is a forgotten moved block, in
// whichever order Terraform plans the two.
func TestPlannedJobs_moved(t *testing.T) {
	t.Parallel()
	moved := finding{true, "id", "COS Bucket Inventory Deleted and Created", "moved {\n  from = cos_bucket_inventory.old_name"}
	w := newWorld(t, fakecos.Options{})
	w.Seed(testBucket, "nightly", nightlyDocument)

	p := w.configured()
	expectFindings(t, p.planEnd("nightly"))
	expectFindings(t, p.planNew("nightly", nil), moved)
	w.expectSent(t, map[string]int{})

	p = w.configured()
	call(p, p.server.UpgradeResourceState, &tfprotov6.UpgradeResourceStateRequest{TypeName: testType, RawState: &tfprotov6.RawState{JSON: []byte(rawState("nightly"))}})
	expectFindings(t, p.planNew("nightly", nil))
	moved.path = "" // the resource has no configuration any more
	expectFindings(t, p.planEnd("nightly"), moved)
	w.expectSent(t, map[string]int{})
}

func rawState(id string) string {
	return fmt.Sprintf(`{"bucket":%q,"id":%q,"region":%q}`, testBucket, id, testRegion)
}

// A job is created by one resource, and not by another one than manages it.
func TestPlannedJobs_twoResources(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	p := w.configured()
	expectFindings(t, p.planNew("nightly", nil))
	expectFindings(t, p.planNew("nightly", object{"is_enabled": false}), finding{true, "id", "COS Bucket Inventory Created Twice", `the inventory job "nightly"`})

	managed := finding{true, "id", "COS Bucket Inventory Managed Already", `the inventory job "nightly"`}
	keep := func(p *protocol) []finding {
		return findings(t, p.plan(storedJob(nil), storedJob(object{"report_prefix": nil}), nil).Diagnostics)
	}
	p = w.configured()
	expectFindings(t, keep(p))
	expectFindings(t, p.planNew("nightly", nil), managed)
	p = w.configured()
	expectFindings(t, p.planNew("nightly", nil))
	expectFindings(t, keep(p), managed)
}

// -replace and taint create the job of a state again: that is what the user asked for.
func TestPlannedJobs_replacedOnRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	w.Seed(testBucket, "nightly", nightlyDocument)
	p := w.configured()
	call(p, p.server.UpgradeResourceState, &tfprotov6.UpgradeResourceStateRequest{TypeName: testType, RawState: &tfprotov6.RawState{JSON: []byte(rawState("nightly"))}})
	expectFindings(t, findings(t, p.plan(storedJob(nil), jobObject(nil), nil).Diagnostics)) // -replace plans the job first
	expectFindings(t, p.planNew("nightly", nil))
	w.expectSent(t, map[string]int{})
}

// A bucket that would have too many jobs is named once, with the counts.
func TestPlannedJobs_full(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	w.seedJobs(cos.MaxBucketJobs - 1)
	p := w.configured()
	expectFindings(t, p.planNew("a", nil))
	expectFindings(t, p.planNew("b", nil), finding{true, "bucket", "COS Bucket Full", "has 999 inventory jobs, and COS allows 1000 in a bucket. This plan creates at least 2, and deletes 0 so far"})
	expectFindings(t, p.planNew("c", nil))
	w.expectSent(t, map[string]int{opList: 10})

	p = w.configured()
	expectFindings(t, p.planEnd("job-0001"))
	expectFindings(t, p.planNew("a", nil))
	expectFindings(t, p.planNew("b", nil))
}

// A thousand creates share the pages of one listing.
func TestPlannedJobs_shareOneListing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	w.seedJobs(250)
	p := w.configured()
	var planned sync.WaitGroup
	for n := range 40 {
		planned.Go(func() { expectFindings(t, p.planNew(fmt.Sprintf("new-%d", n), nil)) })
	}
	planned.Wait()
	w.expectSent(t, map[string]int{opList: 3})
}

// Terraform plans each create again while it applies: once something is written, no look is made.
func TestPlannedJobs_notWhileItApplies(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	p := w.configured()
	p.create(p.complete(nil))
	w.ResetRequests()
	expectFindings(t, p.planNew("another", object{"bucket": testDestinationBucket}))
	w.expectSent(t, map[string]int{})
}

// What the apply makes of a forgotten moved block, in both orders: the job is there at the end, or
// an error and a warning say why it is not.
func TestPlannedJobs_movedInAnApply(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	w.Seed(testBucket, "nightly", nightlyDocument)
	p := w.configured()
	old := kept{state: newValue(t, p.typ(), storedJob(nil))}

	// The create comes first.
	call(p, p.server.UpgradeResourceState, &tfprotov6.UpgradeResourceStateRequest{TypeName: testType, RawState: &tfprotov6.RawState{JSON: []byte(rawState("nightly"))}})
	_, ds := p.apply(t.Context(), p.nothing(), p.complete(nil))
	if !strings.Contains(ds.errors(), "another resource of this state manages it") || !strings.Contains(ds.errors(), "moved {") {
		t.Errorf("the create: %s", ds)
	}
	if _, ds := p.destroy(t.Context(), old); !strings.Contains(ds.warnings(), "Run the apply again: it creates the job.") || ds.errors() != "" {
		t.Errorf("the delete after it: %s", ds)
	}

	// The delete comes first, and is still under way.
	w.Seed(testBucket, "nightly", nightlyDocument)
	p = w.configured()
	held, release := w.holdBack(opDelete)
	deleted := make(chan diagnostics)
	go func() {
		_, ds := p.destroy(context.WithoutCancel(t.Context()), old)
		deleted <- ds
	}()
	<-held
	created := make(chan diagnostics)
	go func() {
		_, ds := p.apply(context.WithoutCancel(t.Context()), p.nothing(), p.complete(nil))
		created <- ds
	}()
	release()
	if ds := <-deleted; len(ds) > 0 {
		t.Errorf("the delete: %s", ds)
	}
	if ds := <-created; len(ds) > 0 {
		t.Errorf("the create: %s", ds)
	}
	w.document("nightly")
}

// The CLI's plans in which one job is met twice.
func TestPlannedJobs_cli(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	c := newCLI(t, w)
	c.write("main.tf", jobConfig())
	const exists, moved = "Warning: " + summaryExists, "Warning: COS Bucket Inventory Deleted and Created"
	w.Seed(testBucket, "nightly", nightlyDocument)
	if output := c.mustRun("plan", "-no-color"); !strings.Contains(output, exists) {
		t.Errorf("the plan of a job that exists:\n%s", output)
	}
	w.Remove(testBucket, "nightly")
	c.mustRun("apply", "-auto-approve", "-no-color")

	quiet := func(args ...string) {
		t.Helper()
		if output := c.mustRun(append(args, "-no-color")...); strings.Contains(output, "Warning: COS") {
			t.Errorf("%s:\n%s", args, output)
		}
	}
	quiet("plan", "-replace="+testAddress)
	quiet("plan", "-replace="+testAddress, "-refresh=false")
	c.mustRun("taint", testAddress)
	quiet("plan")
	quiet("plan", "-refresh=false")
	quiet("apply", "-auto-approve")

	c.write("main.tf", namedJobConfig("renamed", "nightly"))
	if output := c.mustRun("plan", "-no-color"); !strings.Contains(output, moved) {
		t.Errorf("the plan of a renamed resource:\n%s", output)
	}
	code, output := c.run("apply", "-auto-approve", "-no-color")
	for len(w.Jobs(testBucket)) == 0 {
		if code == 0 {
			t.Fatalf("the job is gone without an error:\n%s", output)
		}
		code, output = c.run("apply", "-auto-approve", "-no-color")
	}
	if code != 0 {
		t.Errorf("the job is there, but:\n%s", output)
	}
	quiet("plan", "-detailed-exitcode")
}

// The runs of terraform test plan the same resources again, after a validation of their own.
func TestPlannedJobs_testRuns(t *testing.T) {
	t.Parallel()
	p := newWorld(t, fakecos.Options{}).configured()
	for _, enabled := range []bool{true, false, true} {
		for range 2 {
			expectFindings(t, p.validate(jobObject(object{"is_enabled": enabled})))
		}
		expectFindings(t, p.planNew("nightly", object{"is_enabled": enabled}))
	}
	// With for_each, the first validation does not know the ids yet.
	p = newWorld(t, fakecos.Options{}).configured()
	for range 2 {
		expectFindings(t, p.validate(jobObject(object{"id": unknown{}})))
		expectFindings(t, p.validate(jobObject(nil)))
		expectFindings(t, p.planNew("nightly", nil))
	}
	// Two resources of one plan are validated once each.
	p = newWorld(t, fakecos.Options{}).configured()
	for range 2 {
		expectFindings(t, p.validate(jobObject(nil)))
	}
	expectFindings(t, p.planNew("nightly", nil))
	expectFindings(t, p.planNew("nightly", nil), finding{true, "id", "COS Bucket Inventory Created Twice", `the inventory job "nightly"`})
}

// A module of many jobs is planned again in each run of its tests: a configuration is read once.
func TestPlannedJobs_readsEachConfigurationOnce(t *testing.T) {
	t.Parallel()
	read := 0
	planned := newPlannedJobs()
	planned.nameOf = func(config []byte) (jobName, bool) {
		read++
		return jobName{testBucket, string(config)}, true
	}
	const jobs = 100
	for range 3 {
		for n := range jobs {
			planned.seeValidation(fmt.Appendf(nil, "job-%d", n))
		}
		for n := range jobs {
			planned.update(testJob().Bucket.Job(fmt.Sprintf("job-%d", n)), func(*plannedJob, *plannedBucket) {
				planned.isPlannedAgain(testJob().Bucket.Job(fmt.Sprintf("job-%d", n)), 1)
			})
		}
	}
	if read != 3*jobs {
		t.Errorf("%d configurations were read for %d validations", read, 3*jobs)
	}
}
