// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

// watchPlan adds to a plan the warnings that take more than one resource, or a look at COS.
func (s *server) watchPlan(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest, resp *tfprotov6.PlanResourceChangeResponse) {
	provider, jobs := s.provider.Load(), s.confirmed.jobs
	if provider == nil || req.TypeName != jobs.name || provider.planned.isApplied.Load() || slices.ContainsFunc(resp.Diagnostics, isError) {
		return
	}
	var diags diag.Diagnostics
	prior, isPrior := jobs.job(req.PriorState)
	switch {
	case isNullValue(req.PriorState):
		if job, ok := jobs.job(resp.PlannedState); ok {
			diags = provider.planned.create(ctx, provider.client, provider.region, job, req.Config.MsgPack)
		}
	case !isPrior: // a state that was moved has no region yet
	case isNullValue(req.ProposedNewState), len(resp.RequiresReplace) > 0:
		diags = provider.planned.end(prior)
	default:
		diags = provider.planned.keep(prior, req.Config.MsgPack)
	}
	for _, d := range diags {
		warning := &tfprotov6.Diagnostic{Severity: tfprotov6.DiagnosticSeverityWarning, Summary: d.Summary(), Detail: d.Detail()}
		if at, ok := d.(diag.DiagnosticWithPath); ok && !isNullValue(req.ProposedNewState) {
			warning.Attribute = tftypes.NewAttributePath().WithAttributeName(at.Path().String())
		}
		resp.Diagnostics = append(resp.Diagnostics, warning)
	}
}

func isError(d *tfprotov6.Diagnostic) bool { return d.Severity == tfprotov6.DiagnosticSeverityError }

func isNullValue(value *tfprotov6.DynamicValue) bool {
	return value == nil || bytes.Equal(value.MsgPack, msgPackNull)
}

// job returns the job that a state or a plan is about, if its name is known.
func (j jobType) job(value *tfprotov6.DynamicValue) (job cos.Job, ok bool) {
	if isNullValue(value) {
		return cos.Job{}, false
	}
	ok = j.texts(value, map[string]*string{"bucket": &job.Name, "id": &job.ID, "region": &job.Region})
	return job, ok
}

// nameOfConfig returns the name of the job that a configuration is about, if it is known.
func (j jobType) nameOfConfig(config []byte) (name jobName, isKnown bool) {
	isKnown = j.texts(&tfprotov6.DynamicValue{MsgPack: config}, map[string]*string{"bucket": &name.bucket, "id": &name.id})
	return name, isKnown
}

// texts reads members of a job. It reports whether all of them are known, and none is empty.
func (j jobType) texts(value *tfprotov6.DynamicValue, parts map[string]*string) bool {
	decoded, err := value.Unmarshal(j.typ)
	if err != nil {
		return false
	}
	members, ok := objectMembers(decoded)
	for name, part := range parts {
		ok = ok && members[name].IsKnown() && members[name].As(part) == nil && *part != ""
	}
	return ok
}

// jobOfState returns the job of a prior state as Terraform hands it over, before it does anything
// else with the job. Of a state that does not decode, which is for the framework to report, it
// returns none.
func jobOfState(raw *tfprotov6.RawState) cos.Job {
	var state struct{ Bucket, Region, ID string }
	if raw == nil || json.Unmarshal(raw.JSON, &state) != nil {
		return cos.Job{}
	}
	return cos.Bucket{Region: state.Region, Name: state.Bucket}.Job(state.ID)
}
