// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"maps"
	"reflect"
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
	attributes, diags := configurable(attributes)
	kinds := []dataschema.Attribute{
		dataschema.StringAttribute{},
		dataschema.BoolAttribute{},
		dataschema.Int64Attribute{},
		dataschema.SetAttribute{},
		dataschema.MapAttribute{},
		dataschema.SingleNestedAttribute{},
	}
	view, d := viewOf(attributes, kinds, "data source", func(a reflect.Value) {
		unset(a, "CustomType", "Required", "Optional", "Validators")
		a.FieldByName("Computed").SetBool(true)
		description := a.FieldByName("MarkdownDescription")
		description.SetString(forReading(description.String()))
	})
	return view, append(diags, d...)
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
	return viewOf(attributes, []actionschema.Attribute{
		actionschema.StringAttribute{},
		actionschema.BoolAttribute{},
		actionschema.Int64Attribute{},
		actionschema.SetAttribute{},
		actionschema.MapAttribute{},
		actionschema.SingleNestedAttribute{},
	}, "action", func(reflect.Value) {})
}

// configurable returns the attributes as a configuration sets them: COS and the provider fill in
// nothing.
func configurable(attributes map[string]schema.Attribute) (map[string]schema.Attribute, diag.Diagnostics) {
	return viewOf(attributes, []schema.Attribute{
		schema.StringAttribute{},
		schema.BoolAttribute{},
		schema.Int64Attribute{},
		schema.SetAttribute{},
		schema.MapAttribute{},
		schema.SingleNestedAttribute{},
	}, "configuration", func(a reflect.Value) { unset(a, "Computed", "Default", "PlanModifiers") })
}

// viewOf returns the attributes as those of another schema package, whose kinds have the same names and
// fields, and makes a change of each. What is set and would be lost is an error.
func viewOf[Attribute any](attributes map[string]schema.Attribute, kinds []Attribute, name string, change func(reflect.Value)) (map[string]Attribute, diag.Diagnostics) {
	var diags diag.Diagnostics
	view := make(map[string]Attribute, len(attributes))
	for member, attribute := range attributes {
		from := reflect.ValueOf(attribute)
		kind := slices.IndexFunc(kinds, func(kind Attribute) bool { return reflect.TypeOf(kind).Name() == from.Type().Name() })
		if kind < 0 {
			diags.Append(notViewed(member, name, attribute))
			continue
		}
		to := reflect.New(reflect.TypeOf(kinds[kind])).Elem()
		for field, value := range from.Fields() {
			switch target := to.FieldByName(field.Name); {
			case field.Name == "Attributes":
				nested, _ := attribute.(schema.SingleNestedAttribute) // the one kind with such a field
				members, d := viewOf(nested.Attributes, kinds, name, change)
				diags.Append(d...)
				target.Set(reflect.ValueOf(members))
			case target.IsValid():
				target.Set(value)
			case !value.IsZero():
				diags.Append(notViewed(member, name, attribute))
			}
		}
		change(to)
		view[member] = to.Interface().(Attribute) //nolint:forcetypeassert // it is of the kind's type
	}
	return view, diags
}

func unset(attribute reflect.Value, fields ...string) {
	for _, field := range fields {
		if f := attribute.FieldByName(field); f.IsValid() {
			f.SetZero()
		}
	}
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
	describeRunTimeouts = "How long the run may take, retries and the wait for the report included."
	describeRunTimeout  = "A duration such as `90s` or `1h`. Default: `2m`, or `30m` with `wait_for_report`."
	describeTimeout     = "A duration such as `90s` or `10m`. Default: `2m`."
)

// dataTimeoutsAttribute is what data sources have of the resource's timeouts.
func dataTimeoutsAttribute() dataschema.Attribute {
	return dataschema.SingleNestedAttribute{
		Optional:            true,
		CustomType:          datatimeouts.Type{ObjectType: types.ObjectType{AttrTypes: map[string]attr.Type{"read": types.StringType}}},
		MarkdownDescription: "How long the read may take, retries included.",
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
		MarkdownDescription: "How long the query may take, retries included.",
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
