// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"maps"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// lifecycle takes a job through the provider's protocol as Terraform does, but
// without Terraform: its diagnostics are seen whole, warnings too, and a table of
// many cases is cheap.
type lifecycle struct {
	*protocol
}

// kept is what Terraform keeps of a resource from one run to the next.
type kept struct {
	state   tftypes.Value
	private []byte
}

func newLifecycle(w *world, settings object) *lifecycle {
	w.t.Helper()
	p := newProtocol(w.t, w.provider)
	config := p.dynamic(newValue(w.t, p.schema.Provider.ValueType(), settings))
	response := call(p, p.server.ConfigureProvider, &tfprotov6.ConfigureProviderRequest{TerraformVersion: "1.0.0", Config: config})
	if ds := diagnostics(response.Diagnostics); len(ds) > 0 {
		w.t.Fatalf("configuring the provider: %s", ds)
	}
	return &lifecycle{p}
}

// complete is a configuration of job "nightly" that says everything, so that a
// plan has nothing to fill in; members replace its own.
func (l *lifecycle) complete(members object) tftypes.Value {
	l.t.Helper()
	all := jobObject(object{
		"region": testRegion, "is_enabled": true,
		"destination": object{"bucket": testDestination, "account_id": "100000000001", "format": "CSV"},
	})
	maps.Copy(all, members)
	return newValue(l.t, l.typ(), all)
}

// change plans what Terraform would make of the job, a null value for its end.
func (l *lifecycle) change(prior kept, config tftypes.Value) (planned kept, ds diagnostics) {
	l.t.Helper()
	response, err := l.server.PlanResourceChange(l.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: testType, PriorState: l.dynamic(prior.state), ProposedNewState: l.dynamic(l.proposedNew(prior.state, config)), Config: l.dynamic(config), PriorPrivate: prior.private,
	})
	if err != nil {
		l.t.Fatal(err)
	}
	return kept{l.known(response.PlannedState), response.PlannedPrivate}, response.Diagnostics
}

// apply plans and applies; a null config deletes.
func (l *lifecycle) apply(ctx context.Context, prior kept, config tftypes.Value) (kept, diagnostics) {
	l.t.Helper()
	planned, ds := l.change(prior, config)
	if ds.errors() != "" {
		l.t.Fatalf("planning: %s", ds)
	}
	response, err := l.server.ApplyResourceChange(ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: testType, PriorState: l.dynamic(prior.state), PlannedState: l.dynamic(planned.state), Config: l.dynamic(config), PlannedPrivate: planned.private,
	})
	if err != nil {
		l.t.Fatal(err)
	}
	return kept{l.known(response.NewState), response.Private}, response.Diagnostics
}

func (l *lifecycle) destroy(ctx context.Context, prior kept) (kept, diagnostics) {
	l.t.Helper()
	return l.apply(ctx, prior, l.none())
}

func (l *lifecycle) refresh(ctx context.Context, prior kept) (kept, diagnostics) {
	l.t.Helper()
	response, err := l.server.ReadResource(ctx, &tfprotov6.ReadResourceRequest{
		TypeName: testType, CurrentState: l.dynamic(prior.state), Private: prior.private,
	})
	if err != nil {
		l.t.Fatal(err)
	}
	return kept{l.known(response.NewState), response.Private}, response.Diagnostics
}

// create applies a job for which nothing may go wrong.
func (l *lifecycle) create(config tftypes.Value) kept {
	l.t.Helper()
	job, ds := l.apply(l.t.Context(), l.nothing(), config)
	if len(ds) > 0 {
		l.t.Fatalf("creating the job: %s", ds)
	}
	return job
}

// expectSettled demands that a refresh finds the job as it is kept, and that the
// configuration then plans no change.
func (l *lifecycle) expectSettled(job kept, config tftypes.Value) {
	l.t.Helper()
	read, ds := l.refresh(l.t.Context(), job)
	if len(ds) > 0 {
		l.t.Errorf("a refresh says: %s", ds)
	}
	l.expectState(read, job.state)
	planned, ds := l.change(read, config)
	if len(ds) > 0 {
		l.t.Errorf("a plan says: %s", ds)
	}
	l.expectState(planned, read.state)
}

// expectState compares with a state, or with a configuration: what only the
// provider can fill in is then taken as it is.
func (l *lifecycle) expectState(got kept, want tftypes.Value) {
	l.t.Helper()
	diffs, err := got.state.Diff(l.filled(want, got.state))
	if err != nil {
		l.t.Fatal(err)
	}
	for _, d := range diffs {
		l.t.Errorf("the state differs: %s", d)
	}
}

// filled takes the values that no configuration can hold from another value of the job.
func (l *lifecycle) filled(job, from tftypes.Value) tftypes.Value {
	l.t.Helper()
	if job.IsNull() || from.IsNull() {
		return job
	}
	var members, others map[string]tftypes.Value
	if err := errors.Join(job.As(&members), from.As(&others)); err != nil {
		l.t.Fatal(err)
	}
	for _, attribute := range l.schema.ResourceSchemas[testType].Block.Attributes {
		if attribute.Computed && !attribute.Optional && members[attribute.Name].IsNull() {
			members[attribute.Name] = others[attribute.Name]
		}
	}
	return tftypes.NewValue(job.Type(), members)
}

func (l *lifecycle) none() tftypes.Value { return tftypes.NewValue(l.typ(), nil) }
func (l *lifecycle) nothing() kept       { return kept{state: l.none()} }

// known reads a value of the job's type; the provider may leave a null one out.
func (l *lifecycle) known(dynamic *tfprotov6.DynamicValue) tftypes.Value {
	l.t.Helper()
	if dynamic == nil {
		return l.none()
	}
	value, err := dynamic.Unmarshal(l.typ())
	if err != nil {
		l.t.Fatal(err)
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
