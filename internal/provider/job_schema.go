// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

// jobTypeName is the resource's type.
const jobTypeName = "cos_bucket_inventory"

// The schema's defaults are this one and cos.FormatCSV: see [hasDefaults].
const defaultIsEnabled = true

// Descriptions that the resource, data sources, list resource and action share.
const (
	describeBucket = "The source bucket, whose objects are listed, as `<name>-<appid>`."
	describeID     = "The job's id, unique in the bucket: letters, digits, `-`, `_` and `.`."
	describeOwner  = "The UIN of the account that owns the destination bucket, such as `100000000001`."
	describeRegion = "The bucket's region, such as `ap-guangzhou`. Default: the provider's."
)

// bucketInventorySchema mirrors the API's document, with its names.
//
// https://cloud.tencent.com/document/product/436/33707
func bucketInventorySchema(ctx context.Context) schema.Schema {
	return schema.Schema{
		MarkdownDescription: "An inventory job of a COS bucket: on a schedule, COS lists the bucket's objects with the metadata of your choice " +
			"into a report in a destination bucket.",
		Attributes: map[string]schema.Attribute{
			"bucket": schema.StringAttribute{
				Required:            true,
				Validators:          []validator.String{checked(cos.CheckBucket)},
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
				MarkdownDescription: describeBucket + " Changing this forces replacement: the job is deleted and created again.",
			},
			"id": schema.StringAttribute{
				Required:            true,
				Validators:          []validator.String{checked(cos.CheckID)},
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
				MarkdownDescription: describeID + " Changing this forces replacement: the job is deleted and created again.",
			},
			"region": schema.StringAttribute{
				Optional:   true,
				Computed:   true,
				Validators: []validator.String{checked(cos.CheckRegion)},
				PlanModifiers: []planmodifier.String{
					stringplanmodifier.UseStateForUnknown(), // a job does not move with the provider's region
					stringplanmodifier.RequiresReplaceIf(hasRegion, "Changing this forces replacement.", "Changing this forces replacement."),
				},
				MarkdownDescription: "The bucket's region, such as `ap-guangzhou`. Default: the provider's when the job is created. Changing this forces replacement: the job is deleted and created again.",
			},
			"is_enabled": schema.BoolAttribute{
				Optional:            true,
				Computed:            true,
				Default:             booldefault.StaticBool(defaultIsEnabled),
				MarkdownDescription: "Whether the job is enabled. A disabled job keeps its settings and does not run. Default: `true`.",
			},
			"included_object_versions": schema.StringAttribute{
				Required:   true,
				Validators: []validator.String{listed{values: cos.IncludedObjectVersions}},
				MarkdownDescription: "Which versions of the objects are listed: " + oneOf(cos.IncludedObjectVersions) + ". " +
					"`All` adds the fields `VersionId`, `IsLatest` and `DeleteMarker` to the report.",
			},
			"filter":      filterAttribute(),
			"schedule":    scheduleAttribute(),
			"destination": destinationAttribute(),
			"optional_fields": schema.SetAttribute{
				Optional:    true,
				ElementType: types.StringType,
				Validators: []validator.Set{
					noNulls{},
					setvalidator.ValueStringsAre(checked(checkNotEmpty), checked(cos.CheckText)),
					setvalidator.SizeAtMost(cos.MaxElements),
					documentedFields{listed{summary: "Undocumented Report Field", values: cos.OptionalFields}},
				},
				MarkdownDescription: "What the report shows of each object beside its name: " + oneOf(cos.OptionalFields) + ", " +
					"and `" + cos.FieldMetadataPrefix + "<name>` for an object's own metadata (`" + cos.FieldMetadataPrefix + "*` for all of it). " +
					"Another name is sent as it is, with a warning.",
			},
			"report_prefix": schema.StringAttribute{
				Computed: true,
				MarkdownDescription: "The prefix under which the reports are delivered in the destination bucket: `<destination.prefix>/<appid>/<bucket name without appid>/<id>/`. " +
					"Each report has a `manifest.json` below it, under its day, `<YYYYMMDD>/`. A sensitive `destination.prefix` appears here in plain text.",
			},
			"timeouts": timeoutsAttribute(ctx),
		},
	}
}

func filterAttribute() schema.Attribute {
	return schema.SingleNestedAttribute{
		Optional:            true,
		MarkdownDescription: "Limits the report to objects that meet all these conditions. If omitted, all objects are listed.",
		Attributes: map[string]schema.Attribute{
			"prefix": schema.StringAttribute{
				Optional:            true,
				Validators:          []validator.String{checked(checkNotEmpty), checked(cos.CheckText), usablePrefix{}},
				MarkdownDescription: "Start of the objects' keys, without a leading `/`.",
			},
			"tags": schema.MapAttribute{
				Optional:    true,
				ElementType: types.StringType,
				Validators: []validator.Map{
					noNulls{},
					mapvalidator.SizeAtMost(cos.MaxElements),
					mapvalidator.KeysAre(checked(checkTagKey), checked(cos.CheckText)),
					mapvalidator.ValueStringsAre(checked(cos.CheckText)),
				},
				MarkdownDescription: "The objects must have all these tags. Needs `" + cos.FieldTag + "` in `optional_fields`.",
			},
			"storage_class": schema.StringAttribute{
				Optional:            true,
				Validators:          []validator.String{checked(checkNotEmpty), checked(cos.CheckText), listed{summary: "Undocumented Storage Class", values: cos.StorageClasses}},
				MarkdownDescription: "The objects' storage class: " + oneOf(cos.StorageClasses) + ". Another is sent as it is, with a warning.",
			},
			"period": schema.SingleNestedAttribute{
				Optional:            true,
				MarkdownDescription: "A time within which the objects were created or last modified: COS's pages say both. An end that is omitted is open.",
				Attributes: map[string]schema.Attribute{
					"start_time": schema.Int64Attribute{
						CustomType:          wholeNumber{},
						Optional:            true,
						Validators:          []validator.Int64{int64validator.AtLeast(1), notMilliseconds{}},
						MarkdownDescription: "Start of the period, in seconds since 1970-01-01 00:00:00 UTC.",
					},
					"end_time": schema.Int64Attribute{
						CustomType:          wholeNumber{},
						Optional:            true,
						Validators:          []validator.Int64{int64validator.AtLeast(1), notMilliseconds{}},
						MarkdownDescription: "End of the period, in seconds since 1970-01-01 00:00:00 UTC. Later than `start_time`.",
					},
				},
			},
		},
	}
}

func scheduleAttribute() schema.Attribute {
	return schema.SingleNestedAttribute{
		Required:            true,
		MarkdownDescription: "When the job runs.",
		Attributes: map[string]schema.Attribute{
			"frequency": schema.StringAttribute{
				Required:            true,
				Validators:          []validator.String{listed{values: cos.Frequencies}},
				MarkdownDescription: "How often the job runs: " + oneOf(cos.Frequencies) + ".",
			},
			"monthly_date": schema.Int64Attribute{
				CustomType:          wholeNumber{},
				Optional:            true,
				Validators:          []validator.Int64{int64validator.Between(cos.MonthlyDateMin, cos.MonthlyDateMax)},
				MarkdownDescription: "The day of the month, from 1 to 31, on which a `" + cos.FrequencyMonthly + "` job runs. Required with that frequency, and refused with any other.",
			},
		},
	}
}

func destinationAttribute() schema.Attribute {
	return schema.SingleNestedAttribute{
		Required:            true,
		MarkdownDescription: "Where the reports go.",
		Attributes: map[string]schema.Attribute{
			"bucket": schema.StringAttribute{
				Required:   true,
				Validators: []validator.String{checked(checkDestinationBucket)},
				MarkdownDescription: "The bucket that receives the reports, as `qcs::cos:<region>::<name>-<appid>`. " +
					"It may be the source bucket itself. COS delivers only to a bucket in the source bucket's region, and only if it is allowed to write there.",
			},
			"account_id": schema.StringAttribute{
				Optional:            true,
				Computed:            true,
				Validators:          []validator.String{checked(checkNotEmpty), checked(cos.CheckText)},
				PlanModifiers:       []planmodifier.String{keepAccountID{}},
				MarkdownDescription: describeOwner + " COS may fill it in. If omitted, COS's value is kept.",
			},
			"prefix": schema.StringAttribute{
				Optional:            true,
				Validators:          []validator.String{checked(checkNotEmpty), checked(cos.CheckText), usablePrefix{isDestination: true}},
				MarkdownDescription: "Prefix of the reports' keys, without a leading `/`. COS appends `/`.",
			},
			"format": schema.StringAttribute{
				Optional:            true,
				Computed:            true,
				Default:             stringdefault.StaticString(cos.FormatCSV),
				Validators:          []validator.String{checked(checkNotEmpty), checked(cos.CheckText), listed{summary: "Undocumented Report Format", values: cos.Formats}},
				MarkdownDescription: "The reports' format: " + oneOf(cos.Formats) + ". Default: `" + cos.FormatCSV + "`. Another is sent as it is, with a warning.",
			},
			"encryption": schema.SingleNestedAttribute{
				Optional:            true,
				Validators:          []validator.Object{encrypts{}},
				MarkdownDescription: "How the reports are encrypted. If omitted, COS encrypts them only when the destination bucket does so by default.",
				Attributes: map[string]schema.Attribute{
					"sse_cos": schema.SingleNestedAttribute{
						Optional:            true, // encrypts requires it with a better text
						Attributes:          map[string]schema.Attribute{},
						MarkdownDescription: "With keys that COS manages (SSE-COS), the only way that COS offers. Needs no members: write `encryption = { sse_cos = {} }`.",
					},
				},
			},
		},
	}
}

func timeoutsAttribute(ctx context.Context) schema.Attribute {
	const format = "A duration such as `90s` or `5m`. Default: `2m`. "
	attribute := timeouts.Attributes(ctx, timeouts.Opts{
		Create: true, Read: true, Update: true, Delete: true,
		CreateDescription: format + "It includes the wait until COS shows the new job.",
		ReadDescription:   format + "It is for one read, its retries included. A refresh uses the value in the state, and never less than `2m`.",
		UpdateDescription: format + "It includes the wait until COS shows the change.",
		DeleteDescription: format + "It includes the wait until COS no longer shows the job. A deletion uses the value in the state.",
	})
	nested, ok := attribute.(schema.SingleNestedAttribute)
	if !ok {
		return attribute
	}
	nested.MarkdownDescription = "How long each operation may take, retries and waits included."
	for name, member := range nested.Attributes {
		if duration, ok := member.(schema.StringAttribute); ok {
			duration.MarkdownDescription = duration.Description // it is written in Markdown
			duration.Validators = []validator.String{checked(checkTimeout)}
			nested.Attributes[name] = duration
		}
	}
	return nested
}

func checkTimeout(s string) error {
	switch d, err := time.ParseDuration(s); {
	case err != nil:
		return errors.New("a timeout is a number with a unit, such as 90s or 5m")
	case d <= 0:
		return errors.New("a timeout must be greater than zero")
	}
	return nil
}

// checkDestinationBucket accepts a bare bucket name: [checkDestination] refuses it with the right
// value.
func checkDestinationBucket(s string) error {
	if cos.CheckBucket(s) == nil {
		return nil
	}
	_, err := cos.ParseBucketQCS(s)
	return err
}

// oneOf lists values for a description.
func oneOf(values []string) string { return "`" + strings.Join(values, "`, `") + "`" }
