// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

// ModifyPlan plans the region, makes the checks that need the provider's configuration or COS, and
// warns of settings that the planned change would remove.
func (r *bucketInventoryResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if r.providerData == nil {
		return
	}
	before, isKnown := jobOf(req.State.Raw, r.region)
	if req.Plan.Raw.IsNull() {
		if isKnown {
			resp.Diagnostics.Append(r.memory.end(before)...)
		}
		return
	}
	var configured, region, bucket, destination types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, pathRegion, &configured)...)
	resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, pathRegion, &region)...)
	resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, pathBucket, &bucket)...)
	resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, pathDestinationBucket, &destination)...)
	if resp.Diagnostics.HasError() {
		return
	}
	isNew := req.State.Raw.IsNull()
	// A state that was moved from another provider has no region until a refresh. If nothing
	// changes, the plan keeps it so. In another bucket, the job is a new one.
	hasNoRegion := region.IsNull() && !req.Plan.Raw.Equal(req.State.Raw)
	isElsewhere := !isNew && bucket.ValueString() != before.Name
	if configured.IsNull() && (region.IsUnknown() || hasNoRegion || isKnown && isElsewhere) {
		planned, diags := r.planRegion(bucket)
		resp.Diagnostics.Append(diags...)
		if resp.Diagnostics.HasError() {
			return
		}
		region = planned
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, pathRegion, region)...)
	}
	planReportPrefix(&resp.Plan)
	resp.Diagnostics.Append(checkDestination(destination, region)...)
	resp.Diagnostics.Append(r.checkRegion(region)...)
	if isNew { // Terraform has validated the configuration, from which no ignore_changes takes anything
		resp.Diagnostics.Append(checkDestinationRegion(destination, region)...)
		if !resp.Diagnostics.HasError() {
			resp.Diagnostics.Append(r.checkCreate(ctx, resp.Plan.Raw)...)
		}
		return
	}
	writes := changesDocument(req.State, resp.Plan)
	if writes {
		resp.Diagnostics.Append(checkPlanned(ctx, resp.Plan)...)
	}
	var destinationBefore, regionBefore types.String
	resp.Diagnostics.Append(req.State.GetAttribute(ctx, pathDestinationBucket, &destinationBefore)...)
	resp.Diagnostics.Append(req.State.GetAttribute(ctx, pathRegion, &regionBefore)...)
	if !destination.Equal(destinationBefore) || !region.Equal(regionBefore) {
		resp.Diagnostics.Append(checkDestinationRegion(destination, region)...)
	}
	if writes {
		paths, diags := recordedPaths(ctx, req.Private, keyUnmodelled)
		resp.Diagnostics.Append(diags...)
		resp.Diagnostics.Append(unmodelledLost(paths)...)
		extra, diags := recordedPaths(ctx, req.Private, keyExtra)
		resp.Diagnostics.Append(diags...)
		resp.Diagnostics.Append(r.looks.extraLost(before, extra)...)
	}
	// A job that was moved here has no region until a refresh: it stays where the plan has it.
	before, isKnown = jobOf(req.State.Raw, cmp.Or(region.ValueString(), r.region))
	if isKnown && !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(r.checkChange(ctx, before, resp.Plan.Raw)...)
	}
}

// checkCreate warns of a job that COS has already: the apply would stop. A job of a prior state is
// made again, as terraform taint and -replace ask.
func (r *bucketInventoryResource) checkCreate(ctx context.Context, plan tftypes.Value) (diags diag.Diagnostics) {
	job, ok := jobOf(plan, r.region)
	if !ok || r.memory.isApplied.Load() { // Terraform plans again while it applies
		return nil
	}
	isMadeAgain, diags := r.memory.create(job)
	if !isMadeAgain && !diags.HasError() {
		held, refusal := r.looks.find(ctx, job, false)
		if held != nil {
			diags.Append(willExist(job, r.region, *held))
		}
		if refusal != nil {
			diags.Append(notLookedFor(job, refusal))
		}
	}
	return diags
}

// checkChange refuses a plan that would lose a job: one that deletes a job which another resource
// keeps, or that replaces a job with one which COS has already. The apply would delete the old job
// first, and then stop. Of a second plan with no prior state, Terraform shows no warning.
func (r *bucketInventoryResource) checkChange(ctx context.Context, before cos.Job, plan tftypes.Value) (diags diag.Diagnostics) {
	job, ok := jobOf(plan, r.region)
	if job == before {
		return r.memory.keep(job)
	}
	diags = r.memory.end(before)
	if !ok || r.memory.isApplied.Load() { // the new job has no known name yet
		return diags
	}
	diags.Append(r.memory.replaceWith(job)...)
	held, refusal := r.looks.find(ctx, job, true)
	if held != nil {
		diags.Append(replacementExists(before, job, *held))
	}
	if refusal != nil {
		diags.Append(notLookedFor(job, refusal))
	}
	return diags
}

// planRegion returns the region of a new job whose configuration omits it: the provider's. It
// refuses a bucket that is known to be in another region: Terraform may be planning the replacement
// of a job there, and would delete that job and then not find the bucket. A bucket that is not
// known yet may be such a bucket too. The region then stays unknown, and an apply that has deleted
// the job meanwhile creates it again in the bucket's region.
func (r *bucketInventoryResource) planRegion(bucket types.String) (types.String, diag.Diagnostics) {
	region, deleted := r.memory.regionOf(bucket.ValueString())
	switch {
	case deleted:
		return types.StringValue(region), nil
	case region != "" && region != r.region:
		return types.StringNull(), diag.Diagnostics{bucketElsewhere(bucket.ValueString(), region)}
	case r.region == "":
		return types.StringNull(), diag.Diagnostics{missingRegion()}
	case bucket.IsUnknown():
		return types.StringUnknown(), nil
	}
	return types.StringValue(r.region), nil
}

// planReportPrefix plans report_prefix as soon as all parts of it are known. The members of an unknown
// object are not.
func planReportPrefix(plan *tfsdk.Plan) {
	members, _ := objectMembers(plan.Raw)
	destination, ok := objectMembers(members["destination"])
	if !ok || members["report_prefix"].IsKnown() {
		return
	}
	var bucket, id, prefix string
	for part, value := range map[*string]tftypes.Value{&bucket: members["bucket"], &id: members["id"], &prefix: destination["prefix"]} {
		if !value.IsKnown() || !value.IsNull() && value.As(part) != nil {
			return
		}
	}
	plan.Raw = eachMember(plan.Raw, func(name string, member tftypes.Value) tftypes.Value {
		if name == "report_prefix" {
			return tftypes.NewValue(tftypes.String, cos.ReportPrefix(bucket, id, prefix))
		}
		return member
	})
}

// changesDocument reports whether the plan changes more than the timeouts, which are not part of
// the document.
func changesDocument(state tfsdk.State, plan tfsdk.Plan) bool {
	diffs, err := nullIfUnset(state.Raw).Diff(nullIfUnset(plan.Raw))
	if err != nil {
		return true
	}
	timeouts := tftypes.AttributeName("timeouts")
	for _, d := range diffs {
		if steps := d.Path.Steps(); len(steps) > 0 && !steps[0].Equal(timeouts) {
			return true
		}
	}
	return false
}

// keepAccountID plans the account id that COS filled in, if the configuration omits it and the
// destination stays in the same account.
type keepAccountID struct{}

func (keepAccountID) Description(context.Context) string {
	return "Left out, the account stays as it is, unless the destination moves to another account's bucket."
}
func (m keepAccountID) MarkdownDescription(ctx context.Context) string { return m.Description(ctx) }

func (keepAccountID) PlanModifyString(ctx context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	if req.State.Raw.IsNull() || !req.PlanValue.IsUnknown() || req.ConfigValue.IsUnknown() {
		return
	}
	var before, after types.String
	resp.Diagnostics.Append(req.State.GetAttribute(ctx, pathDestinationBucket, &before)...)
	resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, pathDestinationBucket, &after)...)
	if !after.IsUnknown() && cos.AppID(before.ValueString()) == cos.AppID(after.ValueString()) {
		resp.PlanValue = req.StateValue
	}
}

// hasRegion prevents the replacement of a job that was just moved from another provider. Its state
// has no region until a refresh, which -refresh=false skips.
func hasRegion(_ context.Context, req planmodifier.StringRequest, resp *stringplanmodifier.RequiresReplaceIfFuncResponse) {
	resp.RequiresReplace = !req.StateValue.IsNull()
}
