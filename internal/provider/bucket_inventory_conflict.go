// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"golang.org/x/text/unicode/norm"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

// lookBeforeUpdate reads the job before a PUT replaces it. COS has no conditional PUT, and the plan
// may be hours old. isPlanned reports whether the job is as planned already, so that there is
// nothing to write.
func (r *bucketInventoryResource) lookBeforeUpdate(ctx context.Context, req resource.UpdateRequest, job cos.Job, planned cos.Inventory) (shown cos.Inventory, isPlanned bool, diags diag.Diagnostics) {
	recorded, diags := unmodelled(ctx, req.Private)
	if diags.HasError() {
		return shown, false, diags
	}
	asPlanned := func(inv cos.Inventory) bool { return inv.Echoes(planned) && len(unsupported(inv)) == 0 }
	var changes []string
	shown, err := r.client.AwaitInventory(ctx, job, cos.Wait{Other: cos.Settle, NoJob: cos.Settle, NoBucket: cos.Settle, For: func(inv cos.Inventory) bool {
		var d diag.Diagnostics
		changes, d = changesSince(ctx, req.State, recorded, job, inv)
		diags.Append(d...)
		return len(changes) == 0 || asPlanned(inv)
	}})
	switch {
	case diags.HasError():
	case cos.IsNoSuchJob(err):
		diags.Append(deletedSincePlan(job))
	case err != nil:
		diags.Append(apiError(resourceUpdate, job, err))
	case asPlanned(shown):
		return shown, true, diags
	case len(changes) > 0:
		diags.Append(changedSincePlan(job, changes))
	}
	return shown, false, diags
}

// changesSince says, a line each, in what a job that COS shows differs from a prior state and from
// the unsupported settings that were recorded with it.
func changesSince(ctx context.Context, prior tfsdk.State, recorded []string, job cos.Job, shown cos.Inventory) (changes []string, diags diag.Diagnostics) {
	var model bucketInventoryResourceModel
	diags.Append(prior.Get(ctx, &model)...)
	flat, d := flatten(ctx, job, shown)
	diags.Append(d...)
	if model.Destination != nil && model.Destination.AccountID.IsNull() {
		flat.Destination.AccountID = model.Destination.AccountID // COS may have filled it in since
	}
	model.bucketInventoryModel = flat
	now := tfsdk.State{Schema: prior.Schema, Raw: prior.Raw}
	diags.Append(now.Set(ctx, model)...)
	if diags.HasError() {
		return nil, diags
	}
	before, after := withoutNothing(prior.Raw), withoutNothing(asTerraformKeeps(now.Raw))
	for _, at := range differingPaths(before, after) {
		if then, now := valueAt(before, at), valueAt(after, at); then != now { // both null within an object that is
			changes = append(changes, fmt.Sprintf("%s: %s when it was planned, now %s", attributeNames(at.Steps()), then, now))
		}
	}
	lost := unsupported(shown)
	for _, path := range lost {
		if !slices.Contains(recorded, path) {
			changes = append(changes, path+": not set when it was planned, now set")
		}
	}
	for _, path := range recorded {
		if !slices.Contains(lost, path) {
			changes = append(changes, path+": set when it was planned, now not set")
		}
	}
	return changes, diags
}

// asTerraformKeeps returns the value with its texts in Unicode NFC, as Terraform keeps them in a
// state. [unsupported] names those that are not.
func asTerraformKeeps(value tftypes.Value) tftypes.Value {
	kept, err := tftypes.Transform(value, func(_ *tftypes.AttributePath, v tftypes.Value) (tftypes.Value, error) {
		if !v.Type().Is(tftypes.String) || v.IsNull() || !v.IsKnown() {
			return v, nil
		}
		var text string
		if err := v.As(&text); err != nil {
			return v, err
		}
		return tftypes.NewValue(tftypes.String, norm.NFC.String(text)), nil
	})
	if err != nil {
		return value
	}
	return kept
}

// differingPaths returns the innermost attributes of the document in which two jobs differ, sorted
// by name. A region, timeouts and what derives from the document are not part of it.
func differingPaths(before, after tftypes.Value) []*tftypes.AttributePath {
	diffs, err := before.Diff(after)
	if err != nil {
		return nil // both are of the resource's type
	}
	byName := map[string]*tftypes.AttributePath{}
	for _, diff := range diffs {
		at := tftypes.NewAttributePath()
		for _, step := range diff.Path.Steps() {
			name, ok := step.(tftypes.AttributeName)
			if !ok {
				break // an element of a set or map: the whole is shown
			}
			at = at.WithAttributeName(string(name))
		}
		switch name := attributeNames(at.Steps()); name {
		case "", "region", "report_prefix":
		default:
			if !strings.HasPrefix(name, "timeouts") {
				byName[name] = at
			}
		}
	}
	var names []string
	for name := range byName {
		names = append(names, name)
	}
	slices.Sort(names)
	var paths []*tftypes.AttributePath
	for i, name := range names {
		if i+1 < len(names) && strings.HasPrefix(names[i+1], name+".") {
			continue // a member of it differs
		}
		paths = append(paths, byName[name])
	}
	return paths
}

// valueAt writes the value at a path as HCL. A member of an object that is null is null.
func valueAt(job tftypes.Value, at *tftypes.AttributePath) string {
	found, _, err := tftypes.WalkAttributePath(job, at)
	value, ok := found.(tftypes.Value)
	if err != nil || !ok || value.IsNull() {
		return "not set"
	}
	const longest = 200
	text := hclValue(value)
	if cut := []rune(text); len(cut) > longest {
		return string(cut[:longest]) + "…"
	}
	return text
}
