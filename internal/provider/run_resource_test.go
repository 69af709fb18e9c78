// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

func (p *protocol) runType() tftypes.Type { return p.schema.ResourceSchemas[runType].ValueType() }

// checkRun returns what a plan of the resource finds.
func (p *protocol) checkRun(config object) []finding {
	p.t.Helper()
	value := p.dynamic(newValue(p.t, p.runType(), config))
	found := findings(p.t, call(p, p.server.ValidateResourceConfig, &tfprotov6.ValidateResourceConfigRequest{TypeName: runType, Config: value}).Diagnostics)
	if len(found) == 0 {
		found = findings(p.t, p.planRun(config).Diagnostics)
	}
	return found
}

func (p *protocol) planRun(config object) *tfprotov6.PlanResourceChangeResponse {
	p.t.Helper()
	value := p.dynamic(newValue(p.t, p.runType(), config))
	return call(p, p.server.PlanResourceChange, &tfprotov6.PlanResourceChangeRequest{
		TypeName: runType, PriorState: p.dynamic(newValue(p.t, p.runType(), nil)), ProposedNewState: value, Config: value,
	})
}

// createRun creates the resource without the checks of a plan, which what is unknown then passes. It
// returns the members of the new state, none if there is no state.
func (p *protocol) createRun(ctx context.Context, config object) (state map[string]tftypes.Value, found []finding) {
	p.t.Helper()
	unknowns := object{}
	for _, attribute := range p.schema.ResourceSchemas[runType].Block.Attributes {
		if attribute.Computed {
			unknowns[attribute.Name] = unknown{}
		}
	}
	response := callIn(ctx, p, p.server.ApplyResourceChange, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: runType, PriorState: p.dynamic(newValue(p.t, p.runType(), nil)),
		PlannedState: p.dynamic(newValue(p.t, p.runType(), sumOf(unknowns, config))), Config: p.dynamic(newValue(p.t, p.runType(), config)),
	})
	return p.runMembers(response.NewState), findings(p.t, response.Diagnostics)
}

// runMembers are the members of a run that the provider answered, none if there is no run.
func (p *protocol) runMembers(run *tfprotov6.DynamicValue) map[string]tftypes.Value {
	p.t.Helper()
	value, err := run.Unmarshal(p.runType())
	if err != nil {
		p.t.Fatal(err)
	}
	members, _ := objectMembers(value)
	return members
}

// A run is sent once: neither a read nor its end sends anything, and nothing can be imported.
func TestBucketInventoryRunResource(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	p := w.configured()
	planned := p.runMembers(p.planRun(runObject(nil)).PlannedState)
	state, found := p.createRun(t.Context(), runObject(nil))
	expectFindings(t, found)
	for name, want := range map[string]any{
		"region": testRegion, "report_prefix": "once/1250000000/examplebucket/once/", "manifest_key": nil, "manifest_etag": nil, "run_id": w.Runs(testBucket)[0].JobID,
	} {
		value := tftypes.NewValue(tftypes.String, want)
		if !state[name].Equal(value) || name != "run_id" && !planned[name].Equal(value) || name == "run_id" && planned[name].IsKnown() {
			t.Errorf("%s is planned as %s, and is %s, want %s", name, planned[name], state[name], value)
		}
	}
	w.expectSent(t, map[string]int{opPost: 1})

	run := p.dynamic(tftypes.NewValue(p.runType(), state))
	read := call(p, p.server.ReadResource, &tfprotov6.ReadResourceRequest{TypeName: runType, CurrentState: run})
	expectFindings(t, findings(t, read.Diagnostics))
	if got := p.runMembers(read.NewState); !tftypes.NewValue(p.runType(), got).Equal(tftypes.NewValue(p.runType(), state)) {
		t.Errorf("read as %v", got)
	}
	imported := call(p, p.server.ImportResourceState, &tfprotov6.ImportResourceStateRequest{TypeName: runType, ID: testBucket + "/once"})
	expectFindings(t, findings(t, imported.Diagnostics), finding{summary: "Resource Import Not Implemented", detail: "does not support import"})
	none := p.dynamic(newValue(t, p.runType(), nil))
	destroyed := call(p, p.server.ApplyResourceChange, &tfprotov6.ApplyResourceChangeRequest{TypeName: runType, PriorState: run, PlannedState: none, Config: none})
	expectFindings(t, findings(t, destroyed.Diagnostics))
	if left := p.runMembers(destroyed.NewState); left != nil {
		t.Errorf("left %v", left)
	}
	w.expectSent(t, map[string]int{opPost: 1})
}

// planRunChange plans a change of a run, and returns what is planned and what replaces it.
func (p *protocol) planRunChange(state map[string]tftypes.Value, config object) (planned tftypes.Value, response *tfprotov6.PlanResourceChangeResponse) {
	p.t.Helper()
	wanted := newValue(p.t, p.runType(), config)
	proposed, _ := objectMembers(wanted)
	for _, attribute := range p.schema.ResourceSchemas[runType].Block.Attributes {
		if attribute.Computed && proposed[attribute.Name].IsNull() {
			proposed[attribute.Name] = state[attribute.Name]
		}
	}
	response = call(p, p.server.PlanResourceChange, &tfprotov6.PlanResourceChangeRequest{
		TypeName: runType, PriorState: p.dynamic(tftypes.NewValue(p.runType(), state)), Config: p.dynamic(wanted),
		ProposedNewState: p.dynamic(tftypes.NewValue(p.runType(), proposed)),
	})
	planned, err := response.PlannedState.Unmarshal(p.runType())
	if err != nil {
		p.t.Fatal(err)
	}
	return planned, response
}

// Another way to write the same run is no new run, and the state then has it. A change of what is
// run is one.
func TestBucketInventoryRunResource_replacement(t *testing.T) {
	t.Parallel()
	destination := func(members object) object {
		return sumOf(object{"bucket": testDestination, "prefix": "once"}, members)
	}
	for name, test := range map[string]struct {
		config   object
		replaces string
	}{
		"nothing":               {object{}, ""},
		"timeouts":              {object{"timeouts": object{"create": "3m"}}, ""},
		"empty filter":          {object{"filter": object{}}, ""},
		"filter of no tags":     {object{"filter": object{"tags": object{}}}, ""},
		"filter of nulls":       {object{"filter": object{"period": object{}}}, ""},
		"no fields":             {object{"optional_fields": []any{}}, ""},
		"no triggers":           {object{"triggers": object{}}, ""},
		"no wait":               {object{"wait_for_report": false}, ""},
		"the default format":    {object{"destination": destination(object{"format": "CSV"})}, ""},
		"region":                {object{"region": testRegion}, ""},
		"a filter":              {object{"filter": object{"prefix": "a/"}}, "filter"},
		"an unknown filter":     {object{"filter": unknown{}}, "filter"},
		"a field":               {object{"optional_fields": []any{"Size"}}, "optional_fields"},
		"a trigger":             {object{"triggers": object{"of": "a"}}, "triggers"},
		"an unknown trigger":    {object{"triggers": object{"of": unknown{}}}, "triggers"},
		"a wait":                {object{"wait_for_report": true}, "wait_for_report"},
		"another format":        {object{"destination": destination(object{"format": "ORC"})}, "destination"},
		"encryption":            {object{"destination": destination(object{"encryption": object{"sse_cos": object{}}})}, "destination"},
		"another id":            {object{"id": "twice"}, "id"},
		"another region":        {object{"region": "ap-nanjing"}, "region"},
		"other object versions": {object{"included_object_versions": "All"}, "included_object_versions"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fakecos.Options{})
			p := w.configured()
			state, found := p.createRun(t.Context(), runObject(nil))
			expectFindings(t, found)
			w.ResetRequests()
			config := runObject(test.config)
			planned, response := p.planRunChange(state, config)
			var replaces []string
			for _, at := range response.RequiresReplace {
				replaces = append(replaces, pathString(t, at))
			}
			if strings.Join(replaces, " ") != test.replaces {
				t.Fatalf("%v replaces the run, want %q", replaces, test.replaces)
			}
			if test.replaces != "" {
				return
			}
			applied := call(p, p.server.ApplyResourceChange, &tfprotov6.ApplyResourceChangeRequest{
				TypeName: runType, PriorState: p.dynamic(tftypes.NewValue(p.runType(), state)),
				PlannedState: response.PlannedState, Config: p.dynamic(newValue(t, p.runType(), config)),
			})
			if got, err := applied.NewState.Unmarshal(p.runType()); err != nil || len(applied.Diagnostics) > 0 || !got.Equal(planned) || !planned.IsFullyKnown() {
				t.Errorf("applied %s, %v, %v, want the planned %s", got, err, applied.Diagnostics, planned)
			}
			if len(w.Requests()) > 0 {
				t.Errorf("sent %v", w.sent())
			}
		})
	}
}

// Terraform shows the warnings of a replacement's first planning call alone.
func TestBucketInventoryRunResource_replacementWarns(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	p := w.configured()
	config := object{"destination": object{"bucket": secondDestination}}
	state, _ := p.createRun(t.Context(), runObject(config))
	_, kept := p.planRunChange(state, runObject(config))
	expectFindings(t, findings(t, kept.Diagnostics))
	config["triggers"] = object{"of": "a"}
	_, replaced := p.planRunChange(state, runObject(config))
	expectFindings(t, findings(t, replaced.Diagnostics), finding{true, "destination", "Destination in Another Region", secondRegion})
}

// Whether a manifest will be there is not known before it is known whether the run waits.
func TestBucketInventoryRunResource_plansManifest(t *testing.T) {
	t.Parallel()
	p := newWorld(t, fakecos.Options{}).configured()
	for name, test := range map[string]struct {
		waits any
		null  bool
	}{"left out": {nil, true}, "false": {false, true}, "true": {true, false}, "unknown": {unknown{}, false}} {
		members := p.runMembers(p.planRun(runObject(object{"wait_for_report": test.waits})).PlannedState)
		if members["manifest_key"].IsNull() != test.null || members["manifest_etag"].IsNull() != test.null {
			t.Errorf("wait_for_report %s: manifest_key %s, manifest_etag %s", name, members["manifest_key"], members["manifest_etag"])
		}
	}
}

// The settings of a scheduled job run again under another id, which is known once they run.
func TestBucketInventoryRunResource_job(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	w.Seed(testBucket, "nightly", nightlyDocument)
	p := w.configured()
	config := object{"bucket": testBucket, "job_id": "nightly"}
	planned := p.runMembers(p.planRun(config).PlannedState)
	if planned["id"].IsKnown() || planned["report_prefix"].IsKnown() {
		t.Errorf("id %s, report_prefix %s are planned", planned["id"], planned["report_prefix"])
	}
	var ids []string
	for i := range 2 {
		state, found := p.createRun(t.Context(), config)
		expectFindings(t, found)
		id := w.Runs(testBucket)[i].ID
		if ids = append(ids, id); !state["id"].Equal(tftypes.NewValue(tftypes.String, id)) || !strings.HasPrefix(id, "nightly_instant_") {
			t.Errorf("run %s is %s in the state", id, state["id"])
		}
	}
	if ids[0] == ids[1] {
		t.Errorf("both runs are %s", ids[0])
	}
}

// A run that waited keeps where its manifest is.
func TestBucketInventoryRunResource_waits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	w.Seed(testBucket, "nightly", nightlyDocument)
	w.Intercept(func(r fakecos.Request) *fakecos.Fault {
		if r.Op == getObject && len(w.Runs(testBucket)) > 0 {
			w.Deliver()
		}
		return nil
	})
	state, found := w.configured().createRun(t.Context(), waitingRun(nil))
	expectFindings(t, found)
	var key, etag string
	if state["manifest_key"].As(&key) != nil || state["manifest_etag"].As(&etag) != nil ||
		!strings.HasPrefix(key, "1250000000/examplebucket/once/") || !strings.HasSuffix(key, "/manifest.json") || len(etag) != 32 {
		t.Errorf("manifest_key %s, manifest_etag %s", state["manifest_key"], state["manifest_etag"])
	}
}

// What COS accepted is in the state, whatever comes after; what it may not have accepted is not.
func TestBucketInventoryRunResource_isKept(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		config object
		fault  fakecos.Fault
		ends   bool // when COS accepts the job
		kept   bool
		error  string
	}{
		"accepted":                        {config: runObject(nil), kept: true},
		"ended while accepted":            {config: runObject(nil), ends: true, kept: true},
		"ended while accepted, and waits": {config: waitingRun(nil), ends: true, kept: true, error: "Inventory Report Not Delivered"},
		"not known":                       {config: runObject(nil), fault: fakecos.Fault{Times: 1, Reset: true, AfterEffect: true}, error: "Unable to Run COS Bucket Inventory"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			w := newWorld(t, fakecos.Options{})
			w.Seed(testBucket, "nightly", nightlyDocument)
			if test.fault.Times > 0 {
				test.fault.Op = opPost
				w.Inject(test.fault)
			}
			w.Intercept(func(r fakecos.Request) *fakecos.Fault {
				if test.ends && r.Op == opPost {
					cancel()
				}
				return nil
			})
			state, found := w.configured().createRun(ctx, test.config)
			if (test.error != "") != (len(found) == 1) || len(found) == 1 && found[0].summary != test.error {
				t.Errorf("found %+v, want %q", found, test.error)
			}
			if !test.kept {
				if state != nil {
					t.Errorf("state %v", state)
				}
				return
			}
			var id, prefix, run string
			if state["id"].As(&id) != nil || state["report_prefix"].As(&prefix) != nil || state["run_id"].As(&run) != nil ||
				id != "once" || !strings.HasSuffix(prefix, "/once/") || run != w.Runs(testBucket)[0].JobID {
				t.Errorf("state %v", state)
			}
		})
	}
}
