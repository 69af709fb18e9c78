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
