// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	dataschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"golang.org/x/text/unicode/norm"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/untrusted"
)

var (
	_ datasource.DataSourceWithConfigure      = &bucketInventoryReportDataSource{}
	_ datasource.DataSourceWithValidateConfig = &bucketInventoryReportDataSource{}
)

func newBucketInventoryReportDataSource() datasource.DataSource {
	return &bucketInventoryReportDataSource{dataSource{typeName: "_bucket_inventory_report"}}
}

// bucketInventoryReportDataSource reads the report that a job has delivered.
type bucketInventoryReportDataSource struct{ dataSource }

type reportDataModel struct {
	Timeouts          timeouts.Value          `tfsdk:"timeouts"`
	Bucket            types.String            `tfsdk:"bucket"`
	ID                types.String            `tfsdk:"id"`
	Region            types.String            `tfsdk:"region"`
	Date              types.String            `tfsdk:"date"`
	Destination       *reportDestinationModel `tfsdk:"destination"`
	ReportBucket      types.String            `tfsdk:"report_bucket"`
	ReportPrefix      types.String            `tfsdk:"report_prefix"`
	DeliveredAt       types.String            `tfsdk:"delivered_at"`
	ManifestKey       types.String            `tfsdk:"manifest_key"`
	ManifestETag      types.String            `tfsdk:"manifest_etag"`
	ManifestQCS       types.String            `tfsdk:"manifest_qcs"`
	ManifestURL       types.String            `tfsdk:"manifest_url"`
	ChecksumKey       types.String            `tfsdk:"checksum_key"`
	FileFormat        types.String            `tfsdk:"file_format"`
	FileSchema        types.List              `tfsdk:"file_schema"`
	ListObjectCount   types.Int64             `tfsdk:"list_object_count"`
	ListStorageSize   types.Int64             `tfsdk:"list_storage_size"`
	FilterObjectCount types.Int64             `tfsdk:"filter_object_count"`
	FilterStorageSize types.Int64             `tfsdk:"filter_storage_size"`
	Files             types.List              `tfsdk:"files"`
}

type reportDestinationModel struct {
	Bucket types.String `tfsdk:"bucket"`
	Prefix types.String `tfsdk:"prefix"`
}

type reportFileModel struct {
	Key         types.String `tfsdk:"key"`
	Size        types.Int64  `tfsdk:"size"`
	MD5Checksum types.String `tfsdk:"md5_checksum"`
}

var reportFileType = types.ObjectType{AttrTypes: map[string]attr.Type{
	"key": types.StringType, "size": types.Int64Type, "md5_checksum": types.StringType,
}}

func (d *bucketInventoryReportDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := bucketAttributes()
	attributes["id"] = dataschema.StringAttribute{
		Required:            true,
		Validators:          []validator.String{checked(cos.CheckID)},
		MarkdownDescription: "The id of the job, scheduled or one-time.",
	}
	attributes["date"] = dataschema.StringAttribute{
		Optional:            true,
		Computed:            true,
		Validators:          []validator.String{checked(checkReportDate)},
		MarkdownDescription: "The day of the report, as `YYYYMMDD`. Default: the day of the newest complete report.",
	}
	attributes["destination"] = dataschema.SingleNestedAttribute{
		Optional: true,
		MarkdownDescription: "Where the reports are. Default: the job's destination, for which the job is read. " +
			"A one-time job cannot be read, so its reports need this.",
		Attributes: map[string]dataschema.Attribute{
			"bucket": dataschema.StringAttribute{
				Required:            true,
				Validators:          []validator.String{checked(checkDestinationBucket)},
				MarkdownDescription: "The destination bucket, as `qcs::cos:<region>::<name>-<appid>`.",
			},
			"prefix": dataschema.StringAttribute{
				Optional:            true,
				MarkdownDescription: "The prefix of the job's destination, if it has one.",
			},
		},
	}
	for name, description := range map[string]string{
		"report_bucket": "The bucket that has the job's reports, as `<name>-<appid>`.",
		"report_prefix": "The prefix of the job's reports in the destination bucket.",
		"delivered_at":  "When the manifest was written, in RFC 3339, such as `2026-11-22T02:13:20Z`.",
		"manifest_key":  "The key of the report's `manifest.json` in the destination bucket.",
		"manifest_etag": "The ETag of `manifest.json`, without quotes. COS Batch needs it beside `manifest_qcs`.",
		"manifest_qcs":  "The object `manifest.json` as COS Batch names it, `qcs::cos:<region>:uid/<appid>:<bucket>/<key>`.",
		"manifest_url":  "The public address of `manifest.json`, percent-encoded, for consumers such as Data Processing. Reading it needs a permission, or a signature.",
		"checksum_key":  "The key of `manifest.checksum` in the destination bucket, which has the MD5 checksum of `manifest.json`.",
		"file_format":   "The format of the data files, such as `CSV`.",
	} {
		attributes[name] = dataschema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	for name, description := range map[string]string{
		"list_object_count":   "How many objects were listed. COS bills the listing by this number.",
		"list_storage_size":   "The size of the listed objects, in bytes.",
		"filter_object_count": "How many objects the filter left. The report has a row for each of them.",
		"filter_storage_size": "The size of those objects, in bytes.",
	} {
		attributes[name] = dataschema.Int64Attribute{Computed: true, MarkdownDescription: description}
	}
	attributes["file_schema"] = dataschema.ListAttribute{
		Computed: true, ElementType: types.StringType,
		MarkdownDescription: "The names of the columns of the data files, in order. Null if the manifest does not name them.",
	}
	attributes["files"] = dataschema.ListNestedAttribute{
		Computed: true,
		MarkdownDescription: "The data files, in the order of the manifest: empty if the report has none, null if the manifest has no list of them. " +
			"All keys are below the destination's prefix.",
		NestedObject: dataschema.NestedAttributeObject{Attributes: map[string]dataschema.Attribute{
			"key":          dataschema.StringAttribute{Computed: true, MarkdownDescription: "The key in the destination bucket."},
			"size":         dataschema.Int64Attribute{Computed: true, MarkdownDescription: "The size in bytes."},
			"md5_checksum": dataschema.StringAttribute{Computed: true, MarkdownDescription: "The MD5 checksum."},
		}},
	}
	resp.Schema = dataschema.Schema{
		MarkdownDescription: "Reads the inventory report that a job has delivered: whether there is one, when it was delivered, how large it is, and where. " +
			"If there is no report, it is not an error: everything but the arguments, `report_bucket` and `report_prefix` is null.",
		Attributes: attributes,
	}
}

// ValidateConfig makes the check that needs more than one attribute.
func (d *bucketInventoryReportDataSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	resp.Diagnostics.Append(checkConfiguredDestination(ctx, req.Config)...)
}

func (d *bucketInventoryReportDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model reportDataModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	timeout, diags := model.Timeouts.Read(ctx, d.defaultTimeout)
	resp.Diagnostics.Append(diags...)
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	bucket, diags := d.resolveBucket(model.Bucket, model.Region)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	job := bucket.Job(model.ID.ValueString())
	place, diags := d.reportPlace(ctx, job, model.Destination)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}

	var report *cos.Report
	var err error
	if model.Date.IsNull() {
		report, err = d.client.NewestReport(ctx, place, time.Now())
	} else {
		report, err = d.client.Report(ctx, place, model.Date.ValueString())
	}
	if err != nil {
		resp.Diagnostics.Append(reportError(dataSourceRead, job, place, err))
		return
	}
	if paths := otherReportForms(place, report); len(paths) > 0 {
		resp.Diagnostics.Append(reportNotKept(job, place, paths))
		return
	}
	model.Region = types.StringValue(bucket.Region)
	model.ReportBucket = types.StringValue(place.Bucket.Name)
	model.ReportPrefix = types.StringValue(place.Prefix)
	resp.Diagnostics.Append(model.setReport(ctx, place.Bucket, report)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}

// otherReportForms returns the attributes whose texts Terraform would change: keys under a prefix of
// another client, as a rule.
func otherReportForms(place cos.ReportPlace, report *cos.Report) (names []string) {
	texts := map[string]any{"report_prefix": place.Prefix}
	if report != nil {
		texts["file_format"], texts["file_schema"], texts["files"] = report.FileFormat, report.FileSchema, report.Files
	}
	isOther := func(text string) bool { return !norm.NFC.IsNormalString(text) }
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		if untrusted.HasText(texts[name], isOther) {
			names = append(names, name)
		}
	}
	return names
}

// setReport sets what is known of the report, which is nil if there is none.
func (m *reportDataModel) setReport(ctx context.Context, destination cos.Bucket, report *cos.Report) (diags diag.Diagnostics) {
	m.FileSchema, m.Files = types.ListNull(types.StringType), types.ListNull(reportFileType)
	if report == nil {
		return nil // whatever else the configuration does not set is null
	}
	m.Date = types.StringValue(report.Day)
	if !report.Delivered.IsZero() {
		m.DeliveredAt = types.StringValue(report.Delivered.UTC().Format(time.RFC3339))
	}
	m.ManifestKey, m.ManifestETag = types.StringValue(report.ManifestKey), stringOrNull(report.ETag)
	m.ManifestQCS = types.StringValue(destination.ObjectQCS(report.ManifestKey))
	m.ManifestURL = types.StringValue(destination.ObjectURL(report.ManifestKey))
	m.ChecksumKey = types.StringValue(report.ChecksumKey)
	m.FileFormat = stringOrNull(report.FileFormat)
	m.ListObjectCount, m.ListStorageSize = types.Int64PointerValue(report.ListObjectCount), types.Int64PointerValue(report.ListStorageSize)
	m.FilterObjectCount, m.FilterStorageSize = types.Int64PointerValue(report.FilterObjectCount), types.Int64PointerValue(report.FilterStorageSize)
	if report.FileSchema != nil {
		schema, d := types.ListValueFrom(ctx, types.StringType, report.FileSchema)
		diags.Append(d...)
		m.FileSchema = schema
	}
	if report.Files != nil {
		files := make([]reportFileModel, len(report.Files))
		for i, file := range report.Files {
			files[i] = reportFileModel{Key: types.StringValue(file.Key), Size: types.Int64PointerValue(file.Size), MD5Checksum: stringOrNull(file.MD5Checksum)}
		}
		list, d := types.ListValueFrom(ctx, reportFileType, files)
		diags.Append(d...)
		m.Files = list
	}
	return diags
}

// checkReportDate says why s cannot be the day of a report.
func checkReportDate(s string) error {
	day, err := time.Parse(cos.DayFormat, s)
	if err != nil {
		return errors.New("a date is written YYYYMMDD, such as 20261122")
	}
	if cos.IsFutureDay(day, time.Now()) {
		return errors.New("the date is in the future")
	}
	return nil
}
