// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"errors"
	"flag"
	"maps"
	"net/http"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"pgregory.net/rapid"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// TestModel leads two resources through runs of Terraform, over the plugin protocol, while COS
// fails, answers late, and somebody else edits, deletes and makes jobs. Each run keeps these
// promises:
//
//   - COS is sent no write that the plan did not show, and no write while Terraform plans.
//   - After a change that succeeded, the state is as planned, and says what COS holds.
//   - After a run that succeeded, the next plan is empty, and says nothing.
//   - A job that no plan deletes is still there, and still in the state.
//   - A change that somebody else made is overwritten only if the plan showed it, and settings that
//     the provider does not support only if the plan named them.
//   - A run that nothing disturbs succeeds, unless two jobs are in each other's way.
//
// COS_SOAK=long makes it minutes. rapid prints how to repeat a failure.
func TestModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		rapid.SyncTest(rt, func(rt *rapid.T) {
			m := newModel(rt, newRapidTB(rt, t))
			defer m.end()
			m.configure(rt)
			m.run(rt, false)
			rt.Repeat(map[string]func(*rapid.T){
				"configure": m.configure,
				"meddle":    m.meddle,
				"import":    m.importJob,
				"taint":     m.taint,
				"forget":    m.forget,
				"run":       func(t *rapid.T) { m.run(t, rapid.Bool().Draw(t, "disturbed")) },
			})
		})
	})
}

// modelSize sets how often rapid leads the model, and over how many steps.
func modelSize() error {
	checks, steps := "80", "12"
	if os.Getenv("COS_SOAK") == "long" {
		checks, steps = "3000", "30"
	}
	return errors.Join(flag.Set("rapid.checks", checks), flag.Set("rapid.steps", steps))
}

// places are the buckets that jobs are in.
var places = []cos.Bucket{
	sourceBucket, {Region: testRegion, Name: "another-1250000000"}, {Region: secondRegion, Name: secondBucket},
}

var modelIDs = []string{"nightly", "hourly"}

// betweenRuns passes in the bubble: COS shows by then what was written before.
const betweenRuns = time.Minute

// newer is the path of an element that the provider does not support.
const newer = "Newer"

// drawnEmpty are ways in which modules leave an attribute out.
var drawnEmpty = rapid.SampledFrom([]object{
	{}, {"filter": object{}}, {"filter": object{"tags": object{}, "period": object{}}}, {"optional_fields": []any{}}, {"timeouts": object{}},
})

type model struct {
	tb        testing.TB
	w         *world
	resources []*modelResource
	past      []map[cos.Job]string // what COS held before

	// documents are read by a COS that has no faults.
	reader     *world
	client     *cos.Client
	reading    sync.Mutex
	understood map[string]cos.Inventory

	end func()
}

// modelResource is a resource of the configuration, and what Terraform's state has of it.
type modelResource struct {
	name   string
	config object // nil: none
	kept
	tainted bool
}

// modelChange is what a plan has for a resource.
type modelChange struct {
	*modelResource
	deletes, writes cos.Job // none: the zero value
	prior, planned  kept    // of the write
	names           bool    // the plan names settings that are not supported
	isContested     bool
	replaces        bool // its job by one that no other resource is to be; a tainted one is no prior state to the provider
	remakes         bool // its tainted job; to the provider, this looks as if a resource that keeps the job were replaced
	failed          bool
}

func newModel(t *rapid.T, tb testing.TB) *model {
	skews := slices.DeleteFunc(append(fakecos.Skews(), fakecos.Skew{}), func(skew fakecos.Skew) bool {
		return skew.Changes || skew.Refuses || strings.HasPrefix(skew.Name, "account-") // then what COS holds is not what it shows
	})
	options := fakecos.Options{PageSize: 2, Skew: rapid.SampledFrom(skews).Draw(t, "skew").Name}
	if rapid.Bool().Draw(t, "COS fills the account in") {
		options.AccountID = "100000000042"
	}
	if rapid.Bool().Draw(t, "COS shows writes late") {
		options.VisibilityLag = 2 * time.Second
	}
	m := &model{tb: tb, understood: map[string]cos.Inventory{}}
	var ends [2]func()
	m.w, _, ends[0] = newMemoryWorld(tb, options)
	if rapid.Bool().Draw(t, "COS refuses LIST") {
		m.w.Intercept(func(r fakecos.Request) *fakecos.Fault {
			if r.Op != opList {
				return nil
			}
			return &fakecos.Fault{Status: http.StatusForbidden, Code: cos.CodeAccessDenied}
		})
	}
	m.reader, m.client, ends[1] = newMemoryWorld(tb, fakecos.Options{})
	m.end = func() { ends[0](); ends[1]() }
	for _, place := range places {
		m.w.AddBucket(place.Region, place.Name)
	}
	m.w.AddBucket(secondRegion, "archive-1250000000")
	m.w.AddBucket(testRegion, "reports-1258888888")
	typ := bucketInventorySchema(t.Context()).Type().TerraformType(t.Context())
	for _, name := range []string{"a", "b"} {
		m.resources = append(m.resources, &modelResource{name: name, kept: kept{state: tftypes.NewValue(typ, nil)}})
	}
	return m
}

func drawPlace(t *rapid.T) cos.Job {
	return rapid.SampledFrom(places).Draw(t, "bucket").Job(rapid.SampledFrom(modelIDs).Draw(t, "id"))
}

// drawJob draws a job that a resource is or is to be, or any.
func (m *model) drawJob(t *rapid.T) cos.Job {
	jobs := []cos.Job{drawPlace(t)}
	for _, r := range m.resources {
		for _, job := range []cos.Job{r.job(), m.jobOf(r.state)} {
			if job != (cos.Job{}) {
				jobs = append(jobs, job)
			}
		}
	}
	return rapid.SampledFrom(jobs).Draw(t, "job")
}

func (m *model) drawResource(t *rapid.T, fits func(*modelResource) bool) *modelResource {
	fitting := slices.DeleteFunc(slices.Clone(m.resources), func(r *modelResource) bool { return !fits(r) })
	if len(fitting) == 0 {
		t.Skip("no such resource")
	}
	return fitting[rapid.IntRange(0, len(fitting)-1).Draw(t, "resource")]
}

// configure changes an attribute of a resource, its job, or takes it out of the configuration.
func (m *model) configure(t *rapid.T) {
	r := m.drawResource(t, func(*modelResource) bool { return true })
	attributes := bucketInventorySchema(t.Context()).Attributes
	job, drawn := drawPlace(t), drawConfig(t, attributes, drawJob(t))
	if r.config != nil {
		switch name := rapid.SampledFrom(append(slices.Sorted(maps.Keys(attributes)), "nothing", "another job")).Draw(t, "changed"); name {
		case "nothing":
			r.config = nil
			return
		case "bucket", "id", "region", "report_prefix", "another job":
		default:
			job = r.job()
			changed := maps.Clone(r.config)
			changed[name] = drawn[name]
			drawn = changed
		}
	}
	drawn["bucket"], drawn["id"], drawn["region"] = job.Name, job.ID, job.Region
	makeValid(t, drawn)
	for name, empty := range drawnEmpty.Draw(t, "empty") {
		if drawn[name] == nil {
			drawn[name] = empty
		}
	}
	if job.Region == testRegion && rapid.Bool().Draw(t, "the region is the provider's") {
		delete(drawn, "region")
	}
	r.config = drawn
}

// job is the job that the resource is configured to be.
func (r *modelResource) job() cos.Job {
	for _, place := range places {
		if id, ok := r.config["id"].(string); ok && place.Name == r.config["bucket"] {
			return place.Job(id)
		}
	}
	return cos.Job{}
}

// jobOf is the job that a state is about.
func (m *model) jobOf(state tftypes.Value) cos.Job {
	if state.IsNull() {
		return cos.Job{}
	}
	members, _ := objectMembers(state)
	var bucket, id, region string
	for name, target := range map[string]*string{"bucket": &bucket, "id": &id, "region": &region} {
		if err := members[name].As(target); err != nil {
			m.tb.Fatalf("%s: %v", name, err)
		}
	}
	return cos.Bucket{Region: region, Name: bucket}.Job(id)
}

// show leaves the types out.
func show(state tftypes.Value) string { return typeNames.ReplaceAllString(state.String(), "") }

var typeNames = regexp.MustCompile(`tftypes\.(Object|Map|Set)\[[^<]*\]|tftypes\.\w+`)

// held are the documents that COS has, visible or not yet.
func (m *model) held() map[cos.Job]string {
	held := map[cos.Job]string{}
	for _, place := range places {
		for _, id := range m.w.Jobs(place.Name) {
			held[place.Job(id)], _ = m.w.Document(place.Name, id)
		}
	}
	return held
}

// read understands a document.
func (m *model) read(document string) cos.Inventory {
	m.reading.Lock()
	defer m.reading.Unlock()
	if _, ok := m.understood[document]; !ok {
		_, id, _ := strings.Cut(document, "<Id>")
		id, _, _ = strings.Cut(id, "</Id>")
		m.reader.Seed(testBucket, id, document)
		inv, err := m.client.GetInventory(m.tb.Context(), places[0].Job(id))
		if err != nil {
			m.tb.Fatalf("%s: %v", document, err)
		}
		m.understood[document] = inv
	}
	return m.understood[document]
}

// meddle is what somebody else does to a job: makes it, changes a setting of it, or deletes it.
func (m *model) meddle(t *rapid.T) {
	job := m.drawJob(t)
	inv := documentOf(m.tb, newValue(m.tb, m.resources[0].state.Type(), drawJob(t)))
	held, there := m.held()[job]
	if there && rapid.IntRange(0, 3).Draw(t, "delete") == 3 {
		m.w.Remove(job.Name, job.ID)
		return
	}
	newerElement := false
	if there {
		changed := m.read(held)
		field := rapid.IntRange(1, reflect.TypeOf(inv).NumField()-2).Draw(t, "setting") // all but ID and Unmodelled
		reflect.ValueOf(&changed).Elem().Field(field).Set(reflect.ValueOf(inv).Field(field))
		newerElement = rapid.IntRange(0, 2).Draw(t, "a setting that is not supported") == 2
		inv = changed
	}
	inv.ID = job.ID
	if err := m.client.PutInventory(t.Context(), places[0].Job(job.ID), inv); err != nil {
		t.Skip(err) // COS refuses such a job
	}
	document := m.reader.document(job.ID)
	if rapid.Bool().Draw(t, "in the filter's other shape") {
		document = filterPrefix.ReplaceAllString(document, "<Filter><And>$1</And>")
	}
	if newerElement {
		document = strings.Replace(document, "<Schedule>", "<Schedule><"+newer+"/>", 1)
	}
	m.w.Seed(job.Name, job.ID, document)
}

var filterPrefix = regexp.MustCompile(`<Filter>(<Prefix>[^<]*</Prefix>)`)

// importJob imports a job that is configured, even if another resource has it.
func (m *model) importJob(t *rapid.T) {
	held := m.held()
	r := m.drawResource(t, func(r *modelResource) bool {
		return r.config != nil && r.state.IsNull() && held[r.job()] != ""
	})
	time.Sleep(betweenRuns)
	p := m.w.configured()
	job := r.job()
	imported := call(p, p.server.ImportResourceState, &tfprotov6.ImportResourceStateRequest{TypeName: testType, ID: job.Name + "/" + job.ID + "@" + job.Region})
	if ds := diagnostics(imported.Diagnostics); len(ds) > 0 {
		t.Fatalf("importing %v: %s", job, ds)
	}
	resource := imported.ImportedResources[0]
	read, ds := p.refresh(t.Context(), kept{p.known(resource.State), resource.Private})
	m.expectRead(t, r, read, ds, held[job])
	r.kept, r.tainted = read, false
}

// taint has a job replaced by itself.
func (m *model) taint(t *rapid.T) {
	m.drawResource(t, func(r *modelResource) bool { return !r.state.IsNull() && !r.tainted }).tainted = true
}

// forget takes a resource out of the state, and leaves its job to somebody else.
func (m *model) forget(t *rapid.T) {
	r := m.drawResource(t, func(r *modelResource) bool { return !r.state.IsNull() })
	r.state, r.private, r.tainted = tftypes.NewValue(r.state.Type(), nil), nil, false
}

// expectRead demands that a read that succeeded found what COS holds.
func (m *model) expectRead(t *rapid.T, r *modelResource, read kept, ds diagnostics, held string) {
	switch {
	case ds.errors() != "":
		t.Errorf("reading %s: %s", r.name, ds)
	case read.state.IsNull() || held == "":
		if read.state.IsNull() != (held == "") {
			t.Errorf("%s was read as %s, and COS holds %q", r.name, show(read.state), held)
		}
	case !m.isInState(read, held):
		t.Errorf("%s was read as %s, and COS holds %s", r.name, show(read.state), held)
	case len(m.read(held).Unmodelled) > 0 != strings.Contains(ds.warnings(), newer) || len(ds) > 1:
		t.Errorf("reading %s, which COS holds as %s, says %s", r.name, held, ds)
	}
}

// isInState reports whether a state has a job as COS holds it. An account that COS does not show stays
// in the state.
func (m *model) isInState(read kept, held string) bool {
	state := documentOf(m.tb, read.state)
	return m.read(held).Spelled(state).Equal(state)
}

// modelFault is what goes wrong with one call or more. No kind comes twice, as nothing holds against
// a COS that says again and again that a job is gone.
type modelFault struct {
	kind string
	fakecos.Fault
}

func drawFaults(t *rapid.T, fault *rapid.Generator[modelFault]) (drawn []modelFault) {
	if rapid.Bool().Draw(t, "no faults") {
		return nil
	}
	return rapid.SliceOfNDistinct(fault, 1, 3, func(f modelFault) string { return f.kind }).Draw(t, "faults")
}

// faultOf draws a failure of one of the calls.
func faultOf(operations ...string) *rapid.Generator[modelFault] {
	return rapid.Custom(func(t *rapid.T) modelFault {
		operation := rapid.SampledFrom(operations).Draw(t, "operation")
		odd := oddWrites()
		if operation == opGet || operation == opList {
			odd = oddReads("nightly")
		}
		faults := transient()
		for _, answer := range odd {
			if body := answer.fault.Body; body == nil || len(*body) < 1<<20 { // what is too large takes its time
				faults[answer.name] = answer.fault
			}
		}
		faults["gone"] = fakecos.Fault{Times: 1, Status: http.StatusNotFound, Code: cos.CodeNoSuchBucket}
		faults["no answer"] = fakecos.Fault{Times: 1, Hang: true}
		kind := rapid.SampledFrom(slices.Sorted(maps.Keys(faults))).Draw(t, "kind")
		fault := faults[kind]
		if rapid.Bool().Draw(t, "once") {
			fault.Times = 1
		}
		fault.Op, fault.Skip = operation, rapid.IntRange(0, 2).Draw(t, "skip")
		return modelFault{kind, fault}
	})
}

// lie draws an answer that was true once.
func (m *model) lie(t *rapid.T) modelFault {
	job, past := m.drawJob(t), rapid.SampledFrom(m.past).Draw(t, "since")
	fault := fakecos.Fault{Op: opGet, Bucket: job.Name, ID: job.ID, Times: 1}
	if rapid.Bool().Draw(t, "in a listing") {
		var documents []string
		for _, id := range modelIDs {
			if document, ok := past[job.Bucket.Job(id)]; ok {
				documents = append(documents, document)
			}
		}
		listing := listingOf(documents...)
		fault.Op, fault.ID, fault.Body = opList, "", &listing
		return modelFault{"old listing", fault}
	}
	if document, ok := past[job]; ok {
		fault.Body = &document
		return modelFault{"old document", fault}
	}
	fault.Status, fault.Code = http.StatusNotFound, "InventoryConfigurationNotFoundError"
	return modelFault{"gone", fault}
}

// run is one run of Terraform: it refreshes, plans and applies.
func (m *model) run(t *rapid.T, disturbed bool) {
	m.past = append(m.past, m.held())
	time.Sleep(betweenRuns)
	m.w.ResetRequests()
	refreshes, isTrue, atOnce := true, true, rapid.Bool().Draw(t, "at once")
	if disturbed {
		refreshes = rapid.Bool().Draw(t, "refreshes")
		for _, fault := range drawFaults(t, rapid.OneOf(faultOf(opGet, opList), rapid.Custom(m.lie))) {
			isTrue = isTrue && (fault.Code == cos.CodeNoSuchBucket || !strings.HasPrefix(fault.kind, "old") && fault.kind != "gone")
			m.w.Inject(fault.Fault)
		}
	}
	changes, ok := m.plan(t, atOnce, refreshes, !disturbed, isTrue)
	m.w.ClearFaults()
	m.expectWrites(t, nil)
	if !ok {
		return
	}
	quiet := isTrue && refreshes
	if disturbed {
		if rapid.Bool().Draw(t, "in between") {
			m.meddle(t)
			quiet = false
		}
		for _, fault := range drawFaults(t, faultOf(opGet, opPut, opDelete, opList)) {
			m.w.Inject(fault.Fault)
		}
	}
	before := m.held()
	if rapid.Bool().Draw(t, "b goes first") {
		slices.Reverse(changes)
	}
	p := m.w.configured() // the process that applies knows nothing of the one that planned
	m.upgrade(p)
	each(atOnce, changes, func(_ int, c *modelChange) { m.apply(t, p, c, disturbed) })
	m.w.ClearFaults()
	m.expectWrites(t, changes)
	m.expectHeld(t, before, changes)
	quiet = quiet && !slices.ContainsFunc(changes, func(c *modelChange) bool { return c.failed || c.isContested || m.isContested(c.modelResource) })
	if quiet {
		m.expectQuiet(t)
	}
}

// each does something for all resources, as Terraform does: at the same time.
func each[T any](atOnce bool, all []T, do func(int, T)) {
	var calls sync.WaitGroup
	defer calls.Wait()
	for i, one := range all {
		if atOnce {
			calls.Go(func() { do(i, one) })
		} else {
			do(i, one)
		}
	}
}

// upgrade shows the provider the state, as Terraform does first.
func (m *model) upgrade(p *protocol) {
	for _, r := range m.resources {
		if !r.state.IsNull() {
			p.inState(m.jobOf(r.state))
		}
	}
}

// plan refreshes and plans. The plan is not made if anything fails.
func (m *model) plan(t *rapid.T, atOnce, refreshes, mustSucceed, isTrue bool) (changes []*modelChange, ok bool) {
	p := m.w.configured()
	held := m.held()
	m.upgrade(p)
	read, said := make([]kept, len(m.resources)), make([]diagnostics, len(m.resources))
	each(atOnce, m.resources, func(i int, r *modelResource) {
		if read[i] = r.kept; refreshes && !r.state.IsNull() {
			read[i], said[i] = p.refresh(t.Context(), r.kept)
		}
	})
	for i, r := range m.resources {
		switch {
		case said[i].errors() != "" && !mustSucceed:
			return nil, false
		case !refreshes || r.state.IsNull():
		case isTrue:
			m.expectRead(t, r, read[i], said[i], held[m.jobOf(r.state)])
		case read[i].state.IsNull() && held[m.jobOf(r.state)] != "":
			t.Errorf("%s has left the state, and COS holds it: %s", r.name, said[i])
		}
	}
	changes, ok = make([]*modelChange, len(m.resources)), true
	each(atOnce, m.resources, func(i int, r *modelResource) { changes[i], said[i] = m.planOne(p, r, read[i]) })
	for i, change := range changes {
		if change.isContested = m.isContested(change.modelResource); said[i].errors() != "" {
			if ok = false; mustSucceed && !change.isContested {
				t.Errorf("planning %s: %s", change.name, said[i])
			}
		}
	}
	if ok {
		for i, r := range m.resources {
			r.kept = read[i]
		}
	}
	return changes, ok
}

func (m *model) planOne(p *protocol, r *modelResource, prior kept) (*modelChange, diagnostics) {
	change, nothing := &modelChange{modelResource: r, prior: prior}, p.nothing()
	if r.config == nil {
		if change.deletes = m.jobOf(prior.state); prior.state.IsNull() {
			return change, nil
		}
		_, ds := p.change(prior, nothing.state)
		return change, ds
	}
	if r.tainted {
		change.deletes, change.prior, change.remakes = m.jobOf(prior.state), nothing, true
	}
	response := p.planChange(change.prior, p.value(r.config))
	ds := diagnostics(response.Diagnostics)
	if len(response.RequiresReplace) > 0 && !change.prior.state.IsNull() && ds.errors() == "" {
		isWantedTwice := slices.ContainsFunc(m.resources, func(other *modelResource) bool { return other != r && other.job() == r.job() })
		change.deletes, change.replaces, change.prior = m.jobOf(prior.state), !isWantedTwice, kept{nothing.state, response.PlannedPrivate}
		response = p.planChange(change.prior, p.value(r.config))
		ds = append(ds, response.Diagnostics...)
	}
	change.planned = kept{p.known(response.PlannedState), response.PlannedPrivate}
	change.names = strings.Contains(ds.warnings(), newer)
	if ds.errors() == "" && !change.planned.state.Equal(change.prior.state) {
		change.writes = r.job()
	}
	return change, ds
}

// isContested reports whether a resource is about to become a job that is there already, or that
// another resource is or becomes.
func (m *model) isContested(r *modelResource) bool {
	if r.config != nil && m.jobOf(r.state) != r.job() && m.held()[r.job()] != "" {
		return true
	}
	return slices.ContainsFunc(m.resources, func(other *modelResource) bool {
		return other != r && (r.config != nil && (other.job() == r.job() || m.jobOf(other.state) == r.job()) ||
			!r.state.IsNull() && m.jobOf(other.state) == m.jobOf(r.state))
	})
}

func (m *model) apply(t *rapid.T, p *protocol, c *modelChange, disturbed bool) {
	mustSucceed := !disturbed && !c.isContested
	fail := func(op string, job cos.Job, ds diagnostics) {
		accepted := func(r fakecos.Request) bool {
			return r.Op == op && r.Bucket == job.Name && r.ID == job.ID && !r.Fault && r.Status/100 == 2
		}
		isLate := strings.Contains(ds.errors(), "timeout ran out") // as the answer then may be
		if slices.ContainsFunc(m.w.Requests(), accepted) && !isLate && !c.isContested {
			t.Errorf("%s failed with a %s that COS accepted: %s", c.name, op, ds)
		}
		if c.failed = true; mustSucceed || !disturbed && c.replaces {
			t.Errorf("applying %s: %s", c.name, ds)
		}
	}
	if c.deletes != (cos.Job{}) {
		after, ds := p.applyPlanned(c.kept, p.nothing(), p.none())
		c.kept = after
		if ds.errors() != "" {
			fail(opDelete, c.deletes, ds)
			if after.state.IsNull() {
				t.Errorf("%s was not deleted, and has left the state: %s", c.name, ds)
			}
			return
		}
	}
	c.tainted = false
	if c.writes == (cos.Job{}) {
		return
	}
	config := p.value(c.config)
	final, ds := p.change(c.prior, config)
	if ds.errors() != "" {
		fail(opPut, c.writes, ds)
		return
	}
	expectCompatible(m.tb, c.planned.state, final.state)
	after, ds := p.applyPlanned(c.prior, final, config)
	c.kept = after
	if ds.errors() != "" {
		fail(opPut, c.writes, ds)
		if after.state.IsNull() != c.prior.state.IsNull() {
			t.Errorf("%s failed, and is %s in the state: %s", c.name, show(after.state), ds)
		}
		return
	}
	expectCompatible(m.tb, final.state, after.state)
	c.failed = strings.Contains(ds.warnings(), "Not Confirmed") // so that the next run may not see it yet
	if c.isContested || !c.prior.state.IsNull() && documentOf(m.tb, c.prior.state).Equal(documentOf(m.tb, after.state)) {
		return // another resource may write the job, or COS has no part in the change
	}
	held, ok := m.held()[c.writes]
	if after.state.IsNull() || !ok || len(m.read(held).Unmodelled) > 0 || !m.isShown(after, held, c.prior.state.IsNull() && !c.failed) {
		t.Errorf("%s succeeded with %s, and COS holds %q: %s", c.name, show(after.state), held, ds)
	}
}

// isShown reports whether a state says what COS holds. An account that COS fills in while a job is
// updated is in the state only after the next refresh, as the plan knew it as not set; one that was not
// read back, too.
func (m *model) isShown(after kept, held string, isConfirmedCreate bool) bool {
	document := documentOf(m.tb, after.state)
	return m.read(held).Equal(document) || !isConfirmedCreate && m.read(held).Echoes(document)
}

// expectWrites demands that each request to change a job was planned.
func (m *model) expectWrites(t *rapid.T, changes []*modelChange) {
	for _, r := range m.w.work() {
		job := cos.Bucket{Region: r.Region, Name: r.Bucket}.Job(r.ID)
		planned := slices.ContainsFunc(changes, func(c *modelChange) bool {
			return r.Op == opPut && c.writes == job || r.Op == opDelete && c.deletes == job
		})
		if r.Op != opGet && r.Op != opList && !planned {
			t.Errorf("%s of %v was not planned", r.Op, job)
		}
	}
}

// expectHeld demands that COS holds what it held before the apply, but for what the plan showed.
func (m *model) expectHeld(t *rapid.T, before map[cos.Job]string, changes []*modelChange) {
	after := m.held()
	for _, place := range places {
		for _, id := range modelIDs {
			job := place.Job(id)
			was, is := before[job], after[job]
			isKept := func(c *modelChange) bool {
				return c.config != nil && c.job() == job && c.deletes != job && m.jobOf(c.prior.state) == job
			}
			isPlanned := func(c *modelChange) bool {
				switch {
				case is == "":
					return c.deletes == job && (c.remakes || !slices.ContainsFunc(changes, isKept))
				case c.writes != job:
					return false
				case was == "" || slices.ContainsFunc(changes, func(c *modelChange) bool { return c.deletes == job }):
					return true
				case c.prior.state.IsNull() || len(m.read(was).Unmodelled) > 0 && !c.names:
					return false
				}
				before, now := m.read(was), m.read(is)
				isAccountTaken := now.Destination.AccountID == "" && before.Destination.AccountID != "" &&
					cos.AppID(now.Destination.Bucket) == cos.AppID(before.Destination.Bucket)
				return before.Echoes(documentOf(m.tb, c.prior.state)) && !isAccountTaken
			}
			if was != is && !slices.ContainsFunc(changes, isPlanned) {
				t.Errorf("COS held %q and now holds %q, which no plan showed", was, is)
			}
		}
	}
}

// expectQuiet demands of the next run that it finds nothing to do and nothing to say.
func (m *model) expectQuiet(t *rapid.T) {
	p := m.w.configured()
	held := m.held()
	for _, r := range m.resources {
		if r.state.IsNull() {
			continue
		}
		read, ds := p.refresh(t.Context(), r.kept)
		m.expectRead(t, r, read, ds, held[m.jobOf(r.state)])
		change, ds := m.planOne(p, r, read)
		if !documentOf(m.tb, read.state).Echoes(documentOf(m.tb, r.state)) || change.writes != (cos.Job{}) || change.deletes != (cos.Job{}) || len(ds) > 0 {
			t.Errorf("after a run that succeeded, %s is read as %s and planned as %s: %s", r.name, show(read.state), show(change.planned.state), ds)
		}
	}
}
