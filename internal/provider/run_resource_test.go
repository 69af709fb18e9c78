// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
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
	planned := object{}
	for _, attribute := range p.schema.ResourceSchemas[runType].Block.Attributes {
		if attribute.Computed {
			planned[attribute.Name] = unknown{}
		}
	}
	maps.Copy(planned, config)
	response, err := p.server.ApplyResourceChange(ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: runType, PriorState: p.dynamic(newValue(p.t, p.runType(), nil)),
		PlannedState: p.dynamic(newValue(p.t, p.runType(), planned)), Config: p.dynamic(newValue(p.t, p.runType(), config)),
	})
	if err != nil {
		p.t.Fatal(err)
	}
	value, err := response.NewState.Unmarshal(p.runType())
	if err != nil {
		p.t.Fatal(err)
	}
	state, _ = objectMembers(value)
	return state, findings(p.t, response.Diagnostics)
}

// runConfig configures the resource, with arguments of a run that has its own settings.
func runConfig(lines ...string) string {
	return fmt.Sprintf(`
resource "cos_bucket_inventory_run" "test" {
  bucket                   = %q
  included_object_versions = "Current"
  destination              = { bucket = %q, prefix = "once" }
  %s
}
`, testBucket, testDestination, strings.Join(lines, "\n  "))
}

// A run is sent once; only a change of an argument or a trigger sends another one, and nothing else
// sends anything.
func TestBucketInventoryRunResource(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	const at = "cos_bucket_inventory_run.test"
	posts := func(want int) func() {
		return func() {
			if n := w.sent()["PostBucketInventory"]; n != want || len(w.Runs(testBucket)) != want {
				t.Errorf("%d POST and %d runs, want %d", n, len(w.Runs(testBucket)), want)
			}
		}
	}
	quiet := resource.ConfigPlanChecks{
		PreApply:             []plancheck.PlanCheck{plancheck.ExpectResourceAction(at, plancheck.ResourceActionUpdate)},
		PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
	}
	replaced := resource.ConfigPlanChecks{
		PreApply:             []plancheck.PlanCheck{plancheck.ExpectResourceAction(at, plancheck.ResourceActionReplace)},
		PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
	}
	known := func(name string) knownvalue.Check {
		return map[string]knownvalue.Check{
			"region":        knownvalue.StringExact(testRegion),
			"report_prefix": knownvalue.StringExact("once/1250000000/examplebucket/first/"),
			"manifest_key":  knownvalue.Null(),
			"manifest_etag": knownvalue.Null(),
		}[name]
	}
	var planned []plancheck.PlanCheck
	var stored []statecheck.StateCheck
	for _, name := range []string{"region", "report_prefix", "manifest_key", "manifest_etag"} {
		planned = append(planned, plancheck.ExpectKnownValue(at, tfjsonpath.New(name), known(name)))
		stored = append(stored, statecheck.ExpectKnownValue(at, tfjsonpath.New(name), known(name)))
	}
	planned = append(planned, plancheck.ExpectUnknownValue(at, tfjsonpath.New("run_id")))
	stored = append(stored, statecheck.ExpectKnownValue(at, tfjsonpath.New("run_id"), knownvalue.StringRegexp(regexp.MustCompile("."))))
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: w.factories(),
		Steps: []resource.TestStep{
			{
				Config:            runConfig(`id = "first"`),
				ConfigPlanChecks:  resource.ConfigPlanChecks{PreApply: planned, PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
				ConfigStateChecks: stored,
			},
			{PreConfig: posts(1), Config: runConfig(`id = "first"`, `timeouts = { create = "3m" }`), ConfigPlanChecks: quiet, ConfigStateChecks: stored},
			{PreConfig: posts(1), Config: runConfig(`id = "second"`, `triggers = { of = "a" }`), ConfigPlanChecks: replaced},
			{PreConfig: posts(2), Config: runConfig(`id = "third"`, `triggers = { of = "a" }`, `filter = { prefix = "a/" }`), ConfigPlanChecks: replaced},
			{
				PreConfig: posts(3), Config: runConfig(`id = "third"`, `triggers = { of = "a" }`, `filter = { prefix = "a/" }`),
				ResourceName: at, ImportState: true, ImportStateId: testBucket + "/third",
				ExpectError: regexp.MustCompile(`(?s)Import Not Implemented|does not support import`),
			},
		},
	})
	posts(3)() // the destroy sent nothing
	if sent := w.sent(); len(sent) != 1 {
		t.Errorf("sent %v", sent)
	}
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
		maps.Copy(members, object{"bucket": testDestination, "prefix": "once"})
		return members
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
		planned, err := p.planRun(runObject(object{"wait_for_report": test.waits})).PlannedState.Unmarshal(p.runType())
		if err != nil {
			t.Fatal(err)
		}
		members, _ := objectMembers(planned)
		if members["manifest_key"].IsNull() != test.null || members["manifest_etag"].IsNull() != test.null {
			t.Errorf("wait_for_report %s: manifest_key %s, manifest_etag %s", name, members["manifest_key"], members["manifest_etag"])
		}
	}
}

// A trigger runs the settings of a scheduled job again, under another id.
func TestBucketInventoryRunResource_job(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	w.Seed(testBucket, "nightly", nightlyDocument)
	config := func(trigger string) string {
		return fmt.Sprintf(`
resource "cos_bucket_inventory_run" "test" {
  bucket   = %q
  job_id   = "nightly"
  triggers = { of = %q }
}
`, testBucket, trigger)
	}
	unknownUntilApplied := resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
		plancheck.ExpectUnknownValue("cos_bucket_inventory_run.test", tfjsonpath.New("id")),
		plancheck.ExpectUnknownValue("cos_bucket_inventory_run.test", tfjsonpath.New("report_prefix")),
	}}
	resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: w.factories(), Steps: []resource.TestStep{
		{Config: config("a"), ConfigPlanChecks: unknownUntilApplied},
		{Config: config("b"), ConfigPlanChecks: unknownUntilApplied},
	}})
	runs := w.Runs(testBucket)
	if len(runs) != 2 || runs[0].ID == runs[1].ID || !strings.HasPrefix(runs[1].ID, "nightly_instant_") {
		t.Errorf("runs %+v", runs)
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
				test.fault.Op = string(cos.PostInventory)
				w.Inject(test.fault)
			}
			w.Intercept(func(r fakecos.Request) *fakecos.Fault {
				if test.ends && r.Op == string(cos.PostInventory) {
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
