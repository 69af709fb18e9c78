// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"maps"
	"slices"

	actionschema "github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

// documentAttributes returns the attributes of the resource that are part of a one-time job's
// document.
func documentAttributes(ctx context.Context) map[string]schema.Attribute {
	return omit(bucketInventorySchema(ctx).Attributes, "bucket", "id", "region", "is_enabled", "schedule", "report_prefix", "timeouts")
}

// runAttributes returns the attributes of a one-time job's document, and those that take the place of
// all of them. So none of them is required by the schema; see [checkRunForm].
func runAttributes(ctx context.Context) (map[string]schema.Attribute, diag.Diagnostics) {
	attributes, diags := configurable(documentAttributes(ctx))
	for name, attribute := range attributes {
		switch a := attribute.(type) {
		case schema.StringAttribute:
			a.Required, a.Optional = false, true
			attributes[name] = a
		case schema.SingleNestedAttribute:
			a.Required, a.Optional = false, true
			if account, ok := a.Attributes["account_id"].(schema.StringAttribute); ok {
				account.MarkdownDescription = describeOwner // COS fills in nothing of a run
				a.Attributes["account_id"] = account
			}
			attributes[name] = a
		default:
			if attribute.IsRequired() {
				diags.AddError("Invalid Provider Schema", fmt.Sprintf("The attribute %s, a %T, cannot be made optional. This is a bug in the provider: please report it.", name, attribute))
			}
		}
	}
	maps.Copy(attributes, map[string]schema.Attribute{
		"bucket": schema.StringAttribute{
			Required:            true,
			Validators:          []validator.String{checked(cos.CheckBucket)},
			MarkdownDescription: describeBucket,
		},
		"id": schema.StringAttribute{
			Optional:   true,
			Validators: []validator.String{checked(cos.CheckID)},
			MarkdownDescription: describeID + " Must differ from the ids of all scheduled jobs, and from those of today's one-time jobs. " +
				"Default with `job_id`: `<job_id>_instant_<YYYYMMDDhhmmss>_<random>`, the time in UTC. Required without `job_id`.",
		},
		"region": schema.StringAttribute{
			Optional:            true,
			Validators:          []validator.String{checked(cos.CheckRegion)},
			MarkdownDescription: describeRegion,
		},
		"job_id": schema.StringAttribute{
			Optional:   true,
			Validators: []validator.String{checked(cos.CheckID)},
			MarkdownDescription: "The id of a scheduled job of the bucket, whose settings the one-time job gets: all but its schedule and `is_enabled`. A job with settings that the provider does not support is refused. " +
				"It takes the place of `included_object_versions`, `destination` and the other settings.",
		},
		"wait_for_report": schema.BoolAttribute{
			Optional: true,
			MarkdownDescription: "Whether to wait until the report is delivered: until its manifest is there and has its checksum. " +
				"This requires `name/cos:GetObject` on the destination bucket. Default: `false`, the run ends when COS has accepted the job.",
		},
	})
	return attributes, diags
}

const describeRun = "Runs a one-time inventory job of a COS bucket: with settings of its own, or with those of a scheduled job. " +
	"COS may need hours to deliver the report. The run ends when COS has accepted the job, or with `wait_for_report` when the report is there."

func runActionSchema(ctx context.Context) (actionschema.Schema, diag.Diagnostics) {
	shared, diags := runAttributes(ctx)
	attributes, d := writable(shared)
	diags.Append(d...)
	attributes["timeouts"] = runActionTimeoutsAttribute()
	return actionschema.Schema{MarkdownDescription: describeRun, Attributes: attributes}, diags
}

func runResourceSchema(ctx context.Context) (schema.Schema, diag.Diagnostics) {
	attributes, diags := runAttributes(ctx)
	attributes["triggers"] = schema.MapAttribute{
		Optional:            true,
		ElementType:         types.StringType,
		MarkdownDescription: "Values of your choice. A change of one of them runs the job again.",
	}
	for _, name := range []string{"id", "region"} {
		named, ok := attributes[name].(schema.StringAttribute)
		if !ok {
			continue
		}
		named.Computed = true
		named.PlanModifiers = []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
		attributes[name] = named
	}
	for name, description := range map[string]string{
		"run_id":        "COS's own id of the run, which it gives when it accepts the job. Null if COS gave none.",
		"report_prefix": "The prefix of the report in the destination bucket: `<destination.prefix>/<appid>/<bucket name without appid>/<id>/`.",
		"manifest_key":  "The key of the report's `manifest.json` in the destination bucket. Null without `wait_for_report`.",
		"manifest_etag": "The ETag of `manifest.json`, without quotes. Null without `wait_for_report`.",
	} {
		attributes[name] = schema.StringAttribute{
			Computed:            true,
			PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			MarkdownDescription: description,
		}
	}
	attributes["timeouts"] = runResourceTimeoutsAttribute()
	return schema.Schema{
		MarkdownDescription: describeRun + " A change of any argument but `timeouts` is a new run. For Terraform before 1.14 and for OpenTofu, which have no actions.",
		Attributes:          attributes,
	}, diags
}

// checkRunForm checks that a one-time job has either a document of its own or the id of a scheduled
// job. A value that is not known yet may be null later: it counts for neither mistake.
func checkRunForm(ctx context.Context, config tfsdk.Config) (diags diag.Diagnostics) {
	members, ok := objectMembers(config.Raw)
	if !ok {
		return nil
	}
	jobID, id := members["job_id"], members["id"]
	document := documentAttributes(ctx)
	given := func(name string) bool { return members[name].IsFullyKnown() && !isUnset(members[name]) }
	mayBeGiven := func(name string) bool { return !members[name].IsFullyKnown() || given(name) }
	names := slices.Sorted(maps.Keys(document))

	if jobID.IsKnown() && !jobID.IsNull() {
		for _, name := range names {
			if given(name) {
				diags.AddAttributeError(path.Root(name), "Invalid Attribute Combination",
					fmt.Sprintf("With job_id, the one-time job gets %s from the scheduled job. Remove %[1]s, or remove job_id.", name))
			}
		}
		return diags
	}
	if !jobID.IsKnown() {
		return nil
	}
	if id.IsNull() {
		diags.AddAttributeError(pathID, "Missing Attribute", "A one-time job without job_id needs an id.")
	}
	if !slices.ContainsFunc(names, mayBeGiven) {
		diags.AddAttributeError(pathJobID, "Missing Attribute",
			"Set job_id, to run a scheduled job now, or give the one-time job settings of its own: included_object_versions and destination.")
		return diags
	}
	for _, name := range names {
		if document[name].IsRequired() && !mayBeGiven(name) {
			diags.AddAttributeError(path.Root(name), "Missing Attribute", fmt.Sprintf("A one-time job without job_id needs %s.", name))
		}
	}
	return diags
}
