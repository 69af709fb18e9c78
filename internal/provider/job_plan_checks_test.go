// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

const otherBucket = "other-1250000000"

// planNew plans the create of a job of the test's bucket.
func (p *protocol) planNew(id string, members object) []finding {
	p.t.Helper()
	config := jobObject(object{"id": id})
	maps.Copy(config, members)
	return findings(p.t, p.plan(nil, config, nil).Diagnostics)
}

// planKept plans a job that stays as it is, planChanged one that is changed in place, planEnd the end
// of one that no configuration has any more, planReplaced a job that gets another id.
func (p *protocol) planKept(id string) []finding {
	p.t.Helper()
	return findings(p.t, p.plan(storedJob(object{"id": id}), storedJob(object{"id": id, "report_prefix": nil}), nil).Diagnostics)
}

func (p *protocol) planChanged(id string) []finding {
	p.t.Helper()
	return findings(p.t, p.plan(storedJob(object{"id": id}), storedJob(object{"id": id, "report_prefix": nil, "is_enabled": false}), nil).Diagnostics)
}

func (p *protocol) planEnd(id string) []finding {
	p.t.Helper()
	response := call(p, p.server.PlanResourceChange, &tfprotov6.PlanResourceChangeRequest{
		TypeName: testType, PriorState: p.job(storedJob(object{"id": id})), ProposedNewState: p.job(nil), Config: p.job(nil),
	})
	return findings(p.t, response.Diagnostics)
}

func (p *protocol) planReplaced(id, newID string) []finding {
	p.t.Helper()
	return findings(p.t, p.plan(storedJob(object{"id": id}), jobObject(object{"id": newID}), nil).Diagnostics)
}

// A plan shows that a job exists, with a LIST and a GET that confirms it.
func TestPlan_jobExists(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	w.Seed(testBucket, "weekly", wireJob{schedule: "<Frequency>Weekly</Frequency>", disabled: true}.document("weekly"))
	p := w.configured()
	expectFindings(t, p.planNew("weekly", nil), finding{
		true, "id", summaryExists,
		`already has an inventory job "weekly": disabled, Weekly, to ` + testDestination + ". If it is still there",
	})
	w.expectSent(t, map[string]int{opList: 1, opGet: 1})
	expectFindings(t, p.planNew("nightly", nil))
	w.expectSent(t, map[string]int{opList: 1, opGet: 1})
	// What cannot be known, or not be served, is not looked for.
	expectFindings(t, p.planNew("a", object{"bucket": unknown{}}))
	expectFindings(t, p.planNew("b", object{"region": unknown{}}))
	w.expectSent(t, map[string]int{opList: 1, opGet: 1})
	// taint and -replace make a job of the state again: that is what the user asked for.
	p.inState(sourceBucket.Job("weekly"))
	expectFindings(t, p.planNew("weekly", nil))
	w.expectSent(t, map[string]int{opList: 1, opGet: 1})
}

// A job that a listing shows, and that is gone, is not warned of.
func TestPlan_listingAloneSaysNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	page := listingOf(wireJob{}.document("nightly"))
	w.Inject(fakecos.Fault{Op: opList, Body: &page})
	expectFindings(t, w.configured().planNew("nightly", nil))
	w.expectSent(t, map[string]int{opList: 1, opGet: 1})
}

// A look that gets no answer says nothing, and leaves the plan as it would have been. What COS refuses
// is said once for each bucket: it would refuse the apply too.
func TestPlan_looksThatFail(t *testing.T) {
	t.Parallel()
	refused := func(code string, status int) func(w *world) {
		return func(w *world) { w.Inject(fakecos.Fault{Status: status, Code: code}) }
	}
	for name, test := range map[string]struct {
		change func(w *world)
		looks  int    // of two creates in each of four buckets
		says   string // of each bucket
	}{
		"refused":        {refused(cos.CodeAccessDenied, http.StatusForbidden), 8, "name/cos:GetBucketInventory"},
		"a wrong key":    {refused(cos.CodeInvalidAccessKeyID, http.StatusForbidden), 4, "COS does not know the secret_id"},
		"expired":        {refused(cos.CodeExpiredToken, http.StatusBadRequest), 4, "temporary credentials have expired"},
		"no such bucket": {func(w *world) { removeBuckets(w) }, 4, "If this apply creates the bucket"},
		"LIST refused": {func(w *world) {
			w.Inject(fakecos.Fault{Op: opList, Status: http.StatusForbidden, Code: cos.CodeAccessDenied})
		}, 12, ""},
		"throttled":  {refused(cos.CodeSlowDown, http.StatusServiceUnavailable), 4, ""},
		"no network": {func(w *world) { w.Inject(fakecos.Fault{Reset: true}) }, 3, ""},
		"no keys":    {func(w *world) { w.provider.getenv = environment{envCOSDomain: w.URL, envRegion: testRegion}.get }, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fakecos.Options{})
			for _, bucket := range planBuckets[1:] {
				w.AddBucket(testRegion, bucket)
			}
			test.change(w)
			p := w.configured()
			for _, bucket := range planBuckets {
				var want []finding
				if test.says != "" {
					want = append(want, finding{true, "bucket", "COS Bucket Not Looked At", test.says})
				}
				expectFindings(t, p.planNew("a", object{"bucket": bucket}), want...)
				expectFindings(t, p.planNew("b", object{"bucket": bucket}))
			}
			if looks := len(w.Requests()); looks != test.looks {
				t.Errorf("%d looks, want %d", looks, test.looks)
			}
		})
	}
}

var planBuckets = []string{testBucket, otherBucket, "third-1250000000", "fourth-1250000000"}

func removeBuckets(w *world) {
	for _, bucket := range planBuckets {
		w.RemoveBucket(bucket)
	}
}

// One bucket that hangs keeps nothing from the others.
func TestPlan_oneBucketHangs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, _, end := newMemoryWorld(t, fakecos.Options{})
		defer end()
		w.AddBucket(testRegion, otherBucket)
		w.Seed(otherBucket, "nightly", nightlyDocument)
		w.Inject(fakecos.Fault{Bucket: testBucket, Hang: true})
		p := w.configured()
		var planned sync.WaitGroup
		for n := range maxSilentLooks {
			planned.Go(func() { expectFindings(t, p.planNew(fmt.Sprintf("new-%d", n), nil)) })
		}
		planned.Wait()
		expectFindings(t, p.planNew("nightly", object{"bucket": otherBucket}), finding{true, "id", summaryExists, "already has"})
	})
}

// The looks at a bucket do not spoil what later reads learn from its listing.
func TestPlan_failedLookLeavesReadsAlone(t *testing.T) {
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

// Where LIST has failed for a refresh, each look is a GET.
func TestPlan_looksWhereNothingIsListed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	w.Seed(testBucket, "nightly", nightlyDocument)
	w.Seed(testBucket, "hourly", wireJob{}.document("hourly"))
	w.Inject(fakecos.Fault{Op: opList, Status: http.StatusForbidden, Code: cos.CodeAccessDenied})
	p := w.configured()
	p.refresh(t.Context(), kept{state: newValue(t, p.typ(), storedJob(nil))})
	expectFindings(t, p.planNew("new", nil))
	expectFindings(t, p.planNew("hourly", nil), finding{true, "id", summaryExists, "already has"})
	w.expectSent(t, map[string]int{opList: 1, opGet: 3})
}

// A thousand creates share the pages of one listing.
func TestPlan_createsShareOneListing(t *testing.T) {
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
func TestPlan_noLookWhileItApplies(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	p := w.configured()
	p.create(p.complete(nil))
	w.ResetRequests()
	expectFindings(t, p.planNew("another", object{"bucket": testDestinationBucket}))
	w.expectSent(t, map[string]int{})
}

// The apply of a replacement deletes the old job first. So the plan fails if the new one exists, and
// it does not rest on a listing.
func TestPlan_replacementExists(t *testing.T) {
	t.Parallel()
	exists := finding{path: "id", summary: summaryExists, detail: `This plan replaces the job "nightly" of bucket ` + testBucket}
	w := newWorld(t, fakecos.Options{})
	w.AddBucket(testRegion, otherBucket)
	for bucket, id := range map[string]string{testBucket: "hourly", otherBucket: "nightly"} {
		w.Seed(bucket, id, wireJob{}.document(id))
	}
	page := listingOf() // which does not show the jobs
	w.Inject(fakecos.Fault{Op: opList, Body: &page})
	p := w.configured()
	expectFindings(t, p.planReplaced("nightly", "hourly"), exists)
	expectFindings(t, findings(t, p.plan(storedJob(nil), jobObject(object{"bucket": otherBucket}), nil).Diagnostics), exists)
	expectFindings(t, p.planReplaced("nightly", "weekly"))
	p = w.configured()
	p.inState(sourceBucket.Job("hourly")) // another resource has it
	expectFindings(t, p.planReplaced("nightly", "hourly"), exists)
	w.expectSent(t, map[string]int{opGet: 4})
}

// A job that was moved from another provider, and not refreshed, has no region. It is in the planned
// one: to name that replaces nothing.
func TestPlan_jobWithoutRegion(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	w.AddBucket(secondRegion, secondBucket)
	w.Seed(testBucket, "hourly", wireJob{}.document("hourly"))
	w.Seed(secondBucket, "nightly", nightlyDocument)
	p := w.configured()
	moved := func(bucket string) object { return storedJob(object{"bucket": bucket, "region": nil}) }
	expectFindings(t, findings(t, p.plan(moved(testBucket), jobObject(object{"id": "hourly"}), nil).Diagnostics),
		finding{path: "id", summary: summaryExists, detail: "This plan replaces"})
	for _, region := range []any{secondRegion, unknown{}} {
		planned := p.plan(moved(secondBucket), jobObject(object{"bucket": secondBucket, "region": region}), nil)
		if ds := diagnostics(planned.Diagnostics); ds.errors() != "" {
			t.Errorf("region %v: %s", region, ds)
		}
	}
	expectFindings(t, p.planKept("nightly"), finding{summary: "COS Bucket Inventory Deleted and Kept", detail: "destroy = false"})
}

// Neither the time nor the failure of a bucket's other looks keeps one from a job at stake, and a
// failure that passes does not end it. A refusal is said once, all the same.
func TestPlan_replacementIsAlwaysLookedFor(t *testing.T) {
	t.Parallel()
	exists := finding{path: "id", summary: summaryExists, detail: `This plan replaces the job "nightly"`}
	w := newWorld(t, fakecos.Options{})
	w.Seed(testBucket, "hourly", wireJob{}.document("hourly"))
	w.Inject(fakecos.Fault{Op: opList, Times: 1, Status: http.StatusServiceUnavailable, Code: cos.CodeSlowDown})
	p := w.configured()
	expectFindings(t, p.planNew("new", nil))
	w.Inject(fakecos.Fault{Op: opGet, Times: 1, Status: http.StatusServiceUnavailable, Code: cos.CodeSlowDown})
	expectFindings(t, p.planReplaced("nightly", "hourly"), exists)

	looks := newBucketLooks(w.client(), 0)
	looks.change(sourceBucket, func(b *lookedAt) { b.until = time.Now() })
	if held, err := looks.find(t.Context(), sourceBucket.Job("hourly"), true); held == nil || err != nil {
		t.Errorf("after the time of the other looks: %v, %v", held, err)
	}

	p = w.configured()
	w.Inject(fakecos.Fault{Status: http.StatusForbidden, Code: cos.CodeAccessDenied})
	refused := finding{true, "bucket", "COS Bucket Not Looked At", "name/cos:GetBucketInventory"}
	expectFindings(t, p.planReplaced("nightly", "hourly"), refused)
	expectFindings(t, p.planReplaced("weekly", "daily"))
}

// Plans that would lose a job, with the real CLI. A destroy plans what the configuration changes first.
func TestPlan_losesByCLI(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ after, command, says string }{
		"a replacement that exists":   {namedJobConfig("test", "hourly"), "destroy", summaryExists},
		"an import in place of moved": {namedJobConfig("new", "nightly") + importBlock("new", testBucket+"/nightly"), "apply", "COS Bucket Inventory Deleted and Kept"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fakecos.Options{})
			w.Seed(testBucket, "hourly", wireJob{}.document("hourly"))
			c := newCLI(t, w)
			c.write("main.tf", jobConfig())
			c.mustRun("apply", "-auto-approve")
			c.write("main.tf", test.after)
			code, output := c.run(test.command, "-auto-approve", "-no-color")
			if code != 1 || !strings.Contains(output, "Error: "+test.says) {
				t.Errorf("exit code %d:\n%s", code, output)
			}
			w.expectWrites(t, 1, 0)
			c.mustRun("destroy", "-auto-approve", "-refresh=false") // as the error says
			w.expectWrites(t, 1, 1)
		})
	}
}

// Settings that COS refuses are known only once the old job is gone: the error says so.
func TestCreate_afterItsDeletion(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	p := w.configured()
	old := p.create(p.complete(nil))
	p.destroy(t.Context(), old)
	w.Inject(fakecos.Fault{Op: opPut, Status: http.StatusBadRequest, Code: cos.CodeInvalidArgument})
	_, ds := p.apply(t.Context(), p.nothing(), p.complete(object{"id": "hourly"}))
	if ds.errors() == "" || !strings.Contains(ds.warnings(), "the old job is gone") {
		t.Error(ds)
	}
}

// A plan that deletes a job which another of its resources keeps is refused, in every order.
func TestPlan_lostJob(t *testing.T) {
	t.Parallel()
	type step struct {
		plan func(p *protocol) []finding
		name string
	}
	keep := step{func(p *protocol) []finding { return p.planKept("nightly") }, "kept"}
	change := step{func(p *protocol) []finding { return p.planChanged("nightly") }, "changed"}
	end := step{func(p *protocol) []finding { return p.planEnd("nightly") }, "deleted"}
	replace := step{func(p *protocol) []finding { return p.planReplaced("nightly", "hourly") }, "replaced"}
	again := step{func(p *protocol) []finding { return p.planNew("nightly", nil) }, "made again"}
	lost := finding{summary: "COS Bucket Inventory Deleted and Kept", detail: "destroy = false"}
	for _, steps := range [][]step{
		{keep, end},
		{change, end},
		{keep, replace},
		{change, replace},
		{end, keep},
		{end, change},
		{replace, keep},
		{replace, change},
		{keep, keep, again},
		{keep, again, keep}, // -replace plans its own resource first
	} {
		var names []string
		for _, s := range steps {
			names = append(names, s.name)
		}
		t.Run(strings.Join(names, ", "), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fakecos.Options{})
			p := w.configured()
			p.inState(sourceBucket.Job("nightly"))
			for _, s := range steps[:len(steps)-1] {
				expectFindings(t, s.plan(p))
			}
			expectFindings(t, steps[len(steps)-1].plan(p), lost)
			// In an apply, Terraform plans in parts.
			q := w.configured()
			q.create(q.complete(object{"id": "other"}))
			q.inState(sourceBucket.Job("nightly"))
			for _, s := range steps {
				expectFindings(t, s.plan(q))
			}
		})
	}
	// One resource, whatever becomes of it, loses nothing. Two that keep a job do not either.
	for name, steps := range map[string][]step{
		"kept twice": {keep, keep}, "deleted twice": {end, end}, "-replace": {keep, again}, "-replace and a change": {change, again},
		"tainted": {again}, "replaced": {replace}, "a job in the place of another": {end, again},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newWorld(t, fakecos.Options{}).configured()
			p.inState(sourceBucket.Job("nightly"))
			for _, s := range steps {
				expectFindings(t, s.plan(p))
			}
		})
	}
}

// A replacement and another resource that make one job: the apply of the second would stop, with the
// old job deleted.
func TestPlan_replacedTwice(t *testing.T) {
	t.Parallel()
	twice := finding{summary: "COS Bucket Inventory Created Twice", detail: "one at least replaces another job with it"}
	w := newWorld(t, fakecos.Options{})
	replace := func(p *protocol) []finding { return p.planReplaced("nightly", "hourly") }
	create := func(p *protocol) []finding { return p.planNew("hourly", nil) } // also the second plan of the replacement
	other := func(p *protocol) []finding { return p.planReplaced("weekly", "hourly") }
	for _, steps := range [][]func(*protocol) []finding{{replace, create, create}, {create, replace, create}, {replace, create, other}, {replace, other}} {
		p := w.configured()
		for _, step := range steps[:len(steps)-1] {
			expectFindings(t, step(p))
		}
		expectFindings(t, steps[len(steps)-1](p), twice)
	}
	p := w.configured()
	expectFindings(t, replace(p))
	expectFindings(t, create(p))
}

// What the apply makes of a forgotten moved block, and of a replacement under the old id that is
// created first: the create stops, and an error and a warning say what to do. Terraform shows the
// state in an apply only when it comes to it.
func TestApply_forgottenMove(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	w.Seed(testBucket, "nightly", nightlyDocument)
	p := w.configured()
	_, ds := p.apply(t.Context(), p.nothing(), p.complete(nil))
	if !strings.Contains(ds.errors(), "If this resource replaces its own job with create_before_destroy, do not import it") {
		t.Errorf("the create, before the state is known: %s", ds)
	}
	p = w.configured()
	p.inState(sourceBucket.Job("nightly"))
	_, ds = p.apply(t.Context(), p.nothing(), p.complete(nil))
	if !strings.Contains(ds.errors(), "which the state has") || !strings.Contains(ds.errors(), "moved {") {
		t.Errorf("the create: %s", ds)
	}
	w.expectWrites(t, 0, 0)
	if _, ds := p.destroy(t.Context(), kept{state: p.value(storedJob(nil))}); !strings.Contains(ds.warnings(), "Run the apply again: it creates the job.") || ds.errors() != "" {
		t.Errorf("the delete after it: %s", ds)
	}
}

// A deposed object keeps the id of a job that COS would not delete.
func TestApply_deposedJob(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	p := w.configured()
	config := func(id string) tftypes.Value { return p.complete(object{"id": id}) }
	old := p.create(config("a"))
	current := p.create(config("b")) // with create_before_destroy
	w.Inject(fakecos.Fault{Op: opDelete, Times: 1, Status: http.StatusForbidden, Code: cos.CodeAccessDenied})
	deposed, ds := p.destroy(t.Context(), old)
	if ds.errors() == "" {
		t.Fatal("the DELETE is refused, and the apply succeeds")
	}
	run := func() *protocol {
		p := w.configured()
		p.inState(sourceBucket.Job("a"))
		p.inState(sourceBucket.Job("b"))
		return p
	}
	p = run()
	_, ds = p.change(deposed, p.none())
	if _, more := p.change(current, config("a")); len(ds) > 0 ||
		!strings.Contains(more.errors(), "the plan shows a deposed object with its id, apply that deletion first, without this change") {
		t.Errorf("the plan says %s, %s", ds, more)
	}
	// The advice holds.
	if _, ds := run().destroy(t.Context(), deposed); len(ds) > 0 {
		t.Error(ds)
	}
	if _, ds := run().change(current, config("a")); len(ds) > 0 {
		t.Error(ds)
	}
}

// A job that moves to a bucket in the provider's region leaves a destination in another region
// behind: the first plan of a replacement says so, since Terraform shows no warning of the second.
func TestPlan_replacementLeavesItsDestination(t *testing.T) {
	t.Parallel()
	p := newWorld(t, fakecos.Options{}).configured()
	there := object{"bucket": secondBucket, "region": secondRegion, "destination": object{"bucket": secondDestination}}
	prior := storedJob(nil)
	maps.Copy(prior, there)
	prior["destination"] = object{"bucket": secondDestination, "format": "CSV"}
	response := p.plan(prior, jobObject(object{"destination": object{"bucket": secondDestination}}), nil)
	expectFindings(t, findings(t, response.Diagnostics), finding{true, "destination", "Destination in Another Region", "in region " + testRegion})
}

// An account that was set after the plan stays: COS would take it away with the PUT.
func TestUpdate_keepsAnAccount(t *testing.T) {
	t.Parallel()
	const account = "100000000042"
	for name, test := range map[string]struct {
		destination string
		sent        string // the account
	}{
		"the same account":    {testDestination, account},
		"another destination": {sameAccountBucket, account},
		"another account":     {otherAccountBucket, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fakecos.Options{})
			for _, bucket := range []string{"archive-1250000000", "reports-1258888888"} {
				w.AddBucket(testRegion, bucket)
			}
			p := w.configured()
			destination := func(bucket string) object { return object{"bucket": bucket, "format": "CSV"} }
			without := p.complete(object{"destination": destination(testDestination)})
			prior := p.create(without)
			planned, _ := p.change(prior, p.complete(object{"is_enabled": false, "destination": destination(test.destination)}))
			w.edit("nightly", "<Format>", "<AccountId>"+account+"</AccountId><Format>")
			w.ResetRequests()
			after, ds := p.applyPlanned(prior, planned, planned.state)
			if len(ds) > 0 {
				t.Fatal(ds)
			}
			w.expectWritten(t, "nightly", wireJob{disabled: true, bucket: test.destination, account: test.sent})
			if read, ds := p.refresh(t.Context(), after); len(ds) > 0 || read.state.IsNull() {
				t.Error(ds)
			}
		})
	}
}

// A destination that is missing when one job is written may be there for the next.
func TestDestinationLook_isNotStale(t *testing.T) {
	t.Parallel()
	const later = "later-1250000000"
	w := newWorld(t, fakecos.Options{})
	w.patient()
	to := object{"destination": object{"bucket": "qcs::cos:ap-guangzhou::" + later, "account_id": "1", "format": "CSV"}}
	client := w.client()
	looks := newBucketLooks(client, time.Minute)
	bucket := cos.Bucket{Region: testRegion, Name: later}
	if first := looks.start(t.Context(), bucket); !first.isDone(t.Context(), time.Minute) || !first.isMissing {
		t.Error("the bucket is missing, and the look does not say so")
	}
	w.AddBucket(testRegion, later)
	p := w.configured()
	if second := looks.start(t.Context(), bucket); !second.isDone(t.Context(), time.Minute) || second.isMissing {
		t.Error("the bucket is there now")
	}
	for _, id := range []string{"a", "b"} {
		created := maps.Clone(to)
		created["id"] = id
		p.create(p.complete(created))
	}
	if looks := w.looks(); len(looks) != 3 { // two above, and one for both jobs
		t.Errorf("looked at %q", looks)
	}
}
