// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

// The steps of a job's life, as Terraform takes them with the protocol. Diagnostics are seen whole,
// warnings too, and a table of many cases is cheap.

// kept is what Terraform keeps of a resource from one run to the next.
type kept struct {
	state   tftypes.Value
	private []byte
}

// complete is a configuration of job "nightly" that says everything, so that a plan has nothing to
// fill in; members replace its own.
func (p *protocol) complete(members object) tftypes.Value {
	p.t.Helper()
	return newValue(p.t, p.typ(), jobObject(sumOf(object{
		"region": testRegion, "is_enabled": true,
		"destination": object{"bucket": testDestination, "account_id": "100000000001", "format": "CSV"},
	}, members)))
}

// change plans what Terraform would make of the job, a null value for its end.
func (p *protocol) change(prior kept, config tftypes.Value) (planned kept, ds diagnostics) {
	p.t.Helper()
	response := p.planChange(prior, config)
	return kept{p.known(response.PlannedState), response.PlannedPrivate}, response.Diagnostics
}

// apply plans and applies; a null config deletes.
func (p *protocol) apply(ctx context.Context, prior kept, config tftypes.Value) (kept, diagnostics) {
	p.t.Helper()
	planned, ds := p.change(prior, config)
	if ds.errors() != "" {
		p.t.Fatalf("planning: %s", ds)
	}
	return p.applyPlannedIn(ctx, prior, planned, config)
}

// applyPlanned applies a plan that was made before.
func (p *protocol) applyPlanned(prior, planned kept, config tftypes.Value) (kept, diagnostics) {
	p.t.Helper()
	return p.applyPlannedIn(p.t.Context(), prior, planned, config)
}

func (p *protocol) applyPlannedIn(ctx context.Context, prior, planned kept, config tftypes.Value) (kept, diagnostics) {
	p.t.Helper()
	response := callIn(ctx, p, p.server.ApplyResourceChange, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: testType, PriorState: p.dynamic(prior.state), PlannedState: p.dynamic(planned.state), Config: p.dynamic(config), PlannedPrivate: planned.private,
	})
	after := kept{p.known(response.NewState), response.Private}
	if diagnostics(response.Diagnostics).errors() == "" {
		p.expectAsPlanned(planned, after)
	}
	return after, response.Diagnostics
}

// expectAsPlanned demands what Terraform demands of an apply without errors: each value that the plan
// knew is in the state.
func (p *protocol) expectAsPlanned(planned, after kept) {
	p.t.Helper()
	diffs, err := planned.state.Diff(after.state)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, d := range diffs {
		if d.Value1 != nil && d.Value1.IsFullyKnown() {
			p.t.Errorf("the state is not as planned: %s", d)
		}
	}
}

func (p *protocol) destroy(ctx context.Context, prior kept) (kept, diagnostics) {
	p.t.Helper()
	return p.apply(ctx, prior, p.none())
}

func (p *protocol) refresh(ctx context.Context, prior kept) (kept, diagnostics) {
	p.t.Helper()
	response := callIn(ctx, p, p.server.ReadResource, &tfprotov6.ReadResourceRequest{
		TypeName: testType, CurrentState: p.dynamic(prior.state), Private: prior.private,
	})
	return kept{p.known(response.NewState), response.Private}, response.Diagnostics
}

// inState shows the provider a job of the prior state, as Terraform does first.
func (p *protocol) inState(job cos.Job) {
	p.t.Helper()
	text := fmt.Sprintf(`{"bucket":%q,"id":%q,"region":%q}`, job.Name, job.ID, job.Region)
	call(p, p.server.UpgradeResourceState, &tfprotov6.UpgradeResourceStateRequest{TypeName: testType, RawState: &tfprotov6.RawState{JSON: []byte(text)}})
}

// create applies a job for which nothing may go wrong.
func (p *protocol) create(config tftypes.Value) kept {
	p.t.Helper()
	job, ds := p.apply(p.t.Context(), p.nothing(), config)
	if len(ds) > 0 {
		p.t.Fatalf("creating the job: %s", ds)
	}
	return job
}

// expectNoDrift demands that a refresh finds the job as it is kept, and that the configuration then
// plans no change.
func (p *protocol) expectNoDrift(job kept, config tftypes.Value) {
	p.t.Helper()
	read, ds := p.refresh(p.t.Context(), job)
	if len(ds) > 0 {
		p.t.Errorf("a refresh says: %s", ds)
	}
	p.expectState(read, job.state)
	planned, ds := p.change(read, config)
	if len(ds) > 0 {
		p.t.Errorf("a plan says: %s", ds)
	}
	p.expectState(planned, read.state)
}

// expectState compares with a state, or with a configuration: what only the provider can fill in is
// then taken as it is.
func (p *protocol) expectState(got kept, want tftypes.Value) {
	p.t.Helper()
	diffs, err := got.state.Diff(p.filled(want, got.state))
	if err != nil {
		p.t.Fatal(err)
	}
	for _, d := range diffs {
		p.t.Errorf("the state differs: %s", d)
	}
}

// filled takes the values that no configuration can hold from another value of the job.
func (p *protocol) filled(job, from tftypes.Value) tftypes.Value {
	p.t.Helper()
	if job.IsNull() || from.IsNull() {
		return job
	}
	var members, others map[string]tftypes.Value
	if err := errors.Join(job.As(&members), from.As(&others)); err != nil {
		p.t.Fatal(err)
	}
	for _, attribute := range p.schema.ResourceSchemas[testType].Block.Attributes {
		if attribute.Computed && !attribute.Optional && members[attribute.Name].IsNull() {
			members[attribute.Name] = others[attribute.Name]
		}
	}
	return tftypes.NewValue(job.Type(), members)
}

func (p *protocol) none() tftypes.Value { return tftypes.NewValue(p.typ(), nil) }
func (p *protocol) nothing() kept       { return kept{state: p.none()} }

// known reads a value of the job's type; the provider may leave a null one out.
func (p *protocol) known(dynamic *tfprotov6.DynamicValue) tftypes.Value {
	p.t.Helper()
	if dynamic == nil {
		return p.none()
	}
	value, err := dynamic.Unmarshal(p.typ())
	if err != nil {
		p.t.Fatal(err)
	}
	return value
}

// diagnostics are what the provider tells the user.
type diagnostics []*tfprotov6.Diagnostic

func (ds diagnostics) errors() string   { return ds.of(tfprotov6.DiagnosticSeverityError) }
func (ds diagnostics) warnings() string { return ds.of(tfprotov6.DiagnosticSeverityWarning) }

func (ds diagnostics) of(severity tfprotov6.DiagnosticSeverity) string {
	var texts []string
	for _, d := range ds {
		if d.Severity == severity {
			texts = append(texts, d.Summary+": "+d.Detail)
		}
	}
	return strings.Join(texts, "\n")
}

func (ds diagnostics) String() string {
	return "errors: " + ds.errors() + "\nwarnings: " + ds.warnings()
}
