// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	actiontimeouts "github.com/hashicorp/terraform-plugin-framework-timeouts/action/timeouts"
	datatimeouts "github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	listtimeouts "github.com/hashicorp/terraform-plugin-framework-timeouts/list/timeouts"
	resourcetimeouts "github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	actionschema "github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	dataschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	listschema "github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

// The framework has a schema package for each kind of thing. A job is described once, for the
// resource. Data sources and actions get their attributes from there, through these views. An
// attribute that a view cannot show is an error of the provider's schema, which every command and
// every test reports.

// readOnly returns the attributes as a data source shows them.
func readOnly(attributes map[string]schema.Attribute) (map[string]dataschema.Attribute, diag.Diagnostics) {
	var diags diag.Diagnostics
	view := make(map[string]dataschema.Attribute, len(attributes))
	for name, attribute := range attributes {
		description, sensitive, deprecation := forReading(attribute.GetMarkdownDescription()), attribute.IsSensitive(), attribute.GetDeprecationMessage()
		switch a := attribute.(type) {
		case schema.StringAttribute:
			view[name] = dataschema.StringAttribute{Computed: true, MarkdownDescription: description, Sensitive: sensitive, DeprecationMessage: deprecation}
		case schema.BoolAttribute:
			view[name] = dataschema.BoolAttribute{Computed: true, MarkdownDescription: description, Sensitive: sensitive, DeprecationMessage: deprecation}
		case schema.Int64Attribute:
			view[name] = dataschema.Int64Attribute{Computed: true, MarkdownDescription: description, Sensitive: sensitive, DeprecationMessage: deprecation}
		case schema.SetAttribute:
			view[name] = dataschema.SetAttribute{Computed: true, MarkdownDescription: description, Sensitive: sensitive, DeprecationMessage: deprecation, ElementType: a.ElementType}
		case schema.MapAttribute:
			view[name] = dataschema.MapAttribute{Computed: true, MarkdownDescription: description, Sensitive: sensitive, DeprecationMessage: deprecation, ElementType: a.ElementType}
		case schema.SingleNestedAttribute:
			members, d := readOnly(a.Attributes)
			diags.Append(d...)
			view[name] = dataschema.SingleNestedAttribute{Computed: true, MarkdownDescription: description, Sensitive: sensitive, DeprecationMessage: deprecation, Attributes: members}
		default:
			diags.Append(notViewed(name, "data source", attribute))
		}
	}
	return view, diags
}

// writingAdvice begins the sentences of a description that help to write a configuration.
var writingAdvice = regexp.MustCompile("^(Default:|If omitted|Changing this|Another|Required with|Needs|A sensitive)")

// forReading returns a description without the sentences that are about writing.
func forReading(description string) string {
	sentences := strings.SplitAfter(description, ". ")
	sentences = slices.DeleteFunc(sentences, writingAdvice.MatchString)
	return strings.TrimSpace(strings.Join(sentences, ""))
}

// writable returns the attributes as an action accepts them: the same ones are optional, and the
// same values are refused.
func writable(attributes map[string]schema.Attribute) (map[string]actionschema.Attribute, diag.Diagnostics) {
	var diags diag.Diagnostics
	view := make(map[string]actionschema.Attribute, len(attributes))
	for name, attribute := range attributes {
		required, optional := attribute.IsRequired(), attribute.IsOptional()
		description, deprecation := attribute.GetMarkdownDescription(), attribute.GetDeprecationMessage()
		if attribute.IsSensitive() { // which an action's schema cannot say
			diags.Append(notViewed(name, "action", attribute))
			continue
		}
		switch a := attribute.(type) {
		case schema.StringAttribute:
			view[name] = actionschema.StringAttribute{Required: required, Optional: optional, MarkdownDescription: description, DeprecationMessage: deprecation, Validators: a.Validators}
		case schema.BoolAttribute:
			view[name] = actionschema.BoolAttribute{Required: required, Optional: optional, MarkdownDescription: description, DeprecationMessage: deprecation, Validators: a.Validators}
		case schema.Int64Attribute:
			view[name] = actionschema.Int64Attribute{CustomType: a.CustomType, Required: required, Optional: optional, MarkdownDescription: description, DeprecationMessage: deprecation, Validators: a.Validators}
		case schema.SetAttribute:
			view[name] = actionschema.SetAttribute{Required: required, Optional: optional, MarkdownDescription: description, DeprecationMessage: deprecation, Validators: a.Validators, ElementType: a.ElementType}
		case schema.MapAttribute:
			view[name] = actionschema.MapAttribute{Required: required, Optional: optional, MarkdownDescription: description, DeprecationMessage: deprecation, Validators: a.Validators, ElementType: a.ElementType}
		case schema.SingleNestedAttribute:
			members, d := writable(a.Attributes)
			diags.Append(d...)
			view[name] = actionschema.SingleNestedAttribute{Required: required, Optional: optional, MarkdownDescription: description, DeprecationMessage: deprecation, Validators: a.Validators, Attributes: members}
		default:
			diags.Append(notViewed(name, "action", attribute))
		}
	}
	return view, diags
}

// configurable returns the attributes as a configuration sets them: COS and the provider fill in
// nothing.
func configurable(attributes map[string]schema.Attribute) (map[string]schema.Attribute, diag.Diagnostics) {
	var diags diag.Diagnostics
	view := make(map[string]schema.Attribute, len(attributes))
	for name, attribute := range attributes {
		switch a := attribute.(type) {
		case schema.StringAttribute:
			a.Computed, a.Default, a.PlanModifiers = false, nil, nil
			view[name] = a
		case schema.BoolAttribute:
			a.Computed, a.Default, a.PlanModifiers = false, nil, nil
			view[name] = a
		case schema.Int64Attribute:
			a.Computed, a.Default, a.PlanModifiers = false, nil, nil
			view[name] = a
		case schema.SetAttribute:
			a.Computed, a.Default, a.PlanModifiers = false, nil, nil
			view[name] = a
		case schema.MapAttribute:
			a.Computed, a.Default, a.PlanModifiers = false, nil, nil
			view[name] = a
		case schema.SingleNestedAttribute:
			members, d := configurable(a.Attributes)
			diags.Append(d...)
			a.Computed, a.Default, a.PlanModifiers, a.Attributes = false, nil, nil, members
			view[name] = a
		default:
			diags.Append(notViewed(name, "run", attribute))
		}
	}
	return view, diags
}

// notViewed returns the error for an attribute that a view cannot show.
func notViewed(name, view string, attribute schema.Attribute) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Invalid Provider Schema", fmt.Sprintf(
		"The attribute %s of the job cannot be shown in the schema of a %s: it is a %T (sensitive: %t). This is a bug in the provider: please report it.",
		name, view, attribute, attribute.IsSensitive()))
}

// omit returns the attributes but for some.
func omit(attributes map[string]schema.Attribute, names ...string) map[string]schema.Attribute {
	rest := maps.Clone(attributes)
	for _, name := range names {
		delete(rest, name)
	}
	return rest
}

// readOnlyJob returns the attributes of a job as a data source shows it.
func readOnlyJob(ctx context.Context) (map[string]dataschema.Attribute, diag.Diagnostics) {
	attributes, diags := readOnly(omit(bucketInventorySchema(ctx).Attributes, "timeouts"))
	attributes["bucket"] = dataschema.StringAttribute{Computed: true, MarkdownDescription: describeBucket}
	attributes["id"] = dataschema.StringAttribute{Computed: true, MarkdownDescription: describeID}
	attributes["region"] = dataschema.StringAttribute{Computed: true, MarkdownDescription: "The bucket's region."}
	return attributes, diags
}

// bucketAttributes returns the attributes that name the bucket which a data source reads, and its
// timeouts.
func bucketAttributes() map[string]dataschema.Attribute {
	return map[string]dataschema.Attribute{
		"timeouts": dataTimeoutsAttribute(),
		"bucket": dataschema.StringAttribute{
			Required:            true,
			Validators:          []validator.String{checked(cos.CheckBucket)},
			MarkdownDescription: describeBucket,
		},
		"region": dataschema.StringAttribute{
			Optional:            true,
			Computed:            true,
			Validators:          []validator.String{checked(cos.CheckRegion)},
			MarkdownDescription: describeRegion,
		},
	}
}

// Paths of attributes, for diagnostics.
var (
	pathBucket            = path.Root("bucket")
	pathID                = path.Root("id")
	pathRegion            = path.Root("region")
	pathOptionalFields    = path.Root("optional_fields")
	pathTags              = path.Root("filter").AtName("tags")
	pathStartTime         = path.Root("filter").AtName("period").AtName("start_time")
	pathEndTime           = path.Root("filter").AtName("period").AtName("end_time")
	pathFrequency         = path.Root("schedule").AtName("frequency")
	pathMonthlyDate       = path.Root("schedule").AtName("monthly_date")
	pathDestination       = path.Root("destination")
	pathDestinationBucket = pathDestination.AtName("bucket")
	pathDestinationPrefix = pathDestination.AtName("prefix")
	pathAccountID         = pathDestination.AtName("account_id")
	pathJobID             = path.Root("job_id")
	pathWaitForReport     = path.Root("wait_for_report")
	pathManifestKey       = path.Root("manifest_key")
	pathManifestETag      = path.Root("manifest_etag")
	pathBucketTag         = path.Root("bucket_tag")
	pathBucketTagKey      = pathBucketTag.AtName("key")
	pathBucketTagValue    = pathBucketTag.AtName("value")
)

const (
	describeReadTimeouts = "How long the read may take, retries included."
	describeListTimeouts = "How long the query may take, retries included."
	describeRunTimeouts  = "How long the run may take, retries and the wait for the report included."
	describeRunTimeout   = "A duration such as `90s` or `1h`. Default: `2m`, or `30m` with `wait_for_report`."
	describeTimeout      = "A duration such as `90s` or `10m`. Default: `2m`."
)

// dataTimeoutsAttribute is what data sources have of the resource's timeouts.
func dataTimeoutsAttribute() dataschema.Attribute {
	return dataschema.SingleNestedAttribute{
		Optional:            true,
		CustomType:          datatimeouts.Type{ObjectType: types.ObjectType{AttrTypes: map[string]attr.Type{"read": types.StringType}}},
		MarkdownDescription: describeReadTimeouts,
		Attributes: map[string]dataschema.Attribute{
			"read": dataschema.StringAttribute{Optional: true, Validators: []validator.String{checked(checkTimeout)}, MarkdownDescription: describeTimeout},
		},
	}
}

// listTimeoutsAttribute is what a query has of the resource's timeouts.
func listTimeoutsAttribute() listschema.Attribute {
	return listschema.SingleNestedAttribute{
		Optional:            true,
		CustomType:          listtimeouts.Type{ObjectType: types.ObjectType{AttrTypes: map[string]attr.Type{"list": types.StringType}}},
		MarkdownDescription: describeListTimeouts,
		Attributes: map[string]listschema.Attribute{
			"list": listschema.StringAttribute{Optional: true, Validators: []validator.String{checked(checkTimeout)}, MarkdownDescription: describeTimeout},
		},
	}
}

// runActionTimeoutsAttribute is what the action that runs a one-time job has of them.
func runActionTimeoutsAttribute() actionschema.Attribute {
	return actionschema.SingleNestedAttribute{
		Optional:            true,
		CustomType:          actiontimeouts.Type{ObjectType: types.ObjectType{AttrTypes: map[string]attr.Type{"invoke": types.StringType}}},
		MarkdownDescription: describeRunTimeouts,
		Attributes: map[string]actionschema.Attribute{
			"invoke": actionschema.StringAttribute{Optional: true, Validators: []validator.String{checked(checkTimeout)}, MarkdownDescription: describeRunTimeout},
		},
	}
}

// runResourceTimeoutsAttribute is what the resource that runs a one-time job has of them.
func runResourceTimeoutsAttribute() schema.Attribute {
	return schema.SingleNestedAttribute{
		Optional:            true,
		CustomType:          resourcetimeouts.Type{ObjectType: types.ObjectType{AttrTypes: map[string]attr.Type{"create": types.StringType}}},
		MarkdownDescription: describeRunTimeouts,
		Attributes: map[string]schema.Attribute{
			"create": schema.StringAttribute{Optional: true, Validators: []validator.String{checked(checkTimeout)}, MarkdownDescription: describeRunTimeout},
		},
	}
}
