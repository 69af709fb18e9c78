// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	dataschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

var (
	_ datasource.DataSourceWithConfigure      = &bucketInventoriesDataSource{}
	_ datasource.DataSourceWithValidateConfig = &bucketInventoriesDataSource{}
)

func newBucketInventoriesDataSource() datasource.DataSource {
	return &bucketInventoriesDataSource{dataSource{typeName: "_bucket_inventories"}}
}

// bucketInventoriesDataSource reads all inventory jobs of a bucket, or of the account.
type bucketInventoriesDataSource struct{ dataSource }

type bucketInventoriesModel struct {
	searchModel
	Timeouts           timeouts.Value            `tfsdk:"timeouts"`
	IgnoreInaccessible types.Bool                `tfsdk:"ignore_inaccessible_buckets"`
	Inaccessible       []inaccessibleBucketModel `tfsdk:"inaccessible_buckets"`
	Unreadable         []unreadableJobModel      `tfsdk:"unreadable_jobs"`
	Buckets            []readBucketModel         `tfsdk:"buckets"`
	IDs                []string                  `tfsdk:"ids"`
	Inventories        []bucketInventoryModel    `tfsdk:"inventories"`
}

// readBucketModel is a bucket whose jobs were listed.
type readBucketModel struct {
	Bucket string   `tfsdk:"bucket"`
	Region string   `tfsdk:"region"`
	IDs    []string `tfsdk:"ids"`
}

// inaccessibleBucketModel is a bucket whose jobs could not be listed.
type inaccessibleBucketModel struct {
	Bucket string       `tfsdk:"bucket"`
	Region string       `tfsdk:"region"`
	Code   types.String `tfsdk:"code"`
	Reason string       `tfsdk:"reason"`
}

// unreadableJobModel is a job whose document could not be read.
type unreadableJobModel struct {
	Bucket string `tfsdk:"bucket"`
	Region string `tfsdk:"region"`
	ID     string `tfsdk:"id"`
	Reason string `tfsdk:"reason"`
}

func (d *bucketInventoriesDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	job, diags := readOnlyJob(ctx)
	resp.Diagnostics.Append(diags...)
	resp.Schema = dataschema.Schema{
		MarkdownDescription: "Reads all inventory jobs of a COS bucket, or of all buckets of the account, whoever manages them. A bucket without jobs is an empty list. " +
			"COS's lists are eventually consistent and may leave out a job once, so let no `for_each` of a resource follow the result.",
		Attributes: map[string]dataschema.Attribute{
			"bucket": dataschema.StringAttribute{
				Optional:            true,
				Validators:          []validator.String{checked(cos.CheckBucket)},
				MarkdownDescription: describeBucketOrAll,
			},
			"region": dataschema.StringAttribute{
				Optional:            true,
				Computed:            true,
				Validators:          []validator.String{checked(cos.CheckRegion)},
				MarkdownDescription: describeRegionOrAll,
			},
			"bucket_tag": dataschema.SingleNestedAttribute{
				Optional:            true,
				MarkdownDescription: describeBucketTag,
				Attributes: map[string]dataschema.Attribute{
					"key":   dataschema.StringAttribute{Optional: true, MarkdownDescription: describeBucketTagKey},
					"value": dataschema.StringAttribute{Optional: true, MarkdownDescription: describeBucketTagValue},
				},
			},
			"timeouts": dataTimeoutsAttribute(),
			"ignore_inaccessible_buckets": dataschema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "If true, what cannot be read is skipped, with a warning: buckets that COS refuses with `AccessDenied`, that are deleted, or that do not support inventory jobs, " +
					"and jobs whose documents cannot be read. `inaccessible_buckets` and `unreadable_jobs` then name them. " +
					"Otherwise (the default) they are an error. Any other failure is always an error.",
			},
			"inaccessible_buckets": dataschema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The buckets that `ignore_inaccessible_buckets` omits, in the order of their names. Null if `bucket` is set and readable.",
				NestedObject: dataschema.NestedAttributeObject{Attributes: map[string]dataschema.Attribute{
					"bucket": dataschema.StringAttribute{Computed: true, MarkdownDescription: "The bucket, as `<name>-<appid>`."},
					"region": dataschema.StringAttribute{Computed: true, MarkdownDescription: "The bucket's region."},
					"code":   dataschema.StringAttribute{Computed: true, MarkdownDescription: "COS's error code, such as `AccessDenied`. Null if COS was not asked, because the bucket's name or region is none of COS."},
					"reason": dataschema.StringAttribute{Computed: true, MarkdownDescription: "Why the bucket was not read."},
				}},
			},
			"unreadable_jobs": dataschema.ListNestedAttribute{
				Computed: true,
				MarkdownDescription: "The jobs that are omitted because their documents cannot be read, in the order of their buckets. " +
					"Jobs of buckets with metadata acceleration (OFS), which have another inventory feature, are always omitted, with a warning. Other jobs need `ignore_inaccessible_buckets`.",
				NestedObject: dataschema.NestedAttributeObject{Attributes: map[string]dataschema.Attribute{
					"bucket": dataschema.StringAttribute{Computed: true, MarkdownDescription: "The bucket, as `<name>-<appid>`."},
					"region": dataschema.StringAttribute{Computed: true, MarkdownDescription: "The bucket's region."},
					"id":     dataschema.StringAttribute{Computed: true, MarkdownDescription: "The job's id, with special characters escaped. Empty if the document has none."},
					"reason": dataschema.StringAttribute{Computed: true, MarkdownDescription: "Why the job was not read."},
				}},
			},
			"buckets": dataschema.ListNestedAttribute{
				Computed: true,
				MarkdownDescription: "The buckets that were read, in the order of their names, also those without a job. " +
					"A bucket that could not be read is not here, but in `inaccessible_buckets`.",
				NestedObject: dataschema.NestedAttributeObject{Attributes: map[string]dataschema.Attribute{
					"bucket": dataschema.StringAttribute{Computed: true, MarkdownDescription: "The bucket, as `<name>-<appid>`."},
					"region": dataschema.StringAttribute{Computed: true, MarkdownDescription: "The bucket's region."},
					"ids":    dataschema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "The ids of the bucket's jobs, sorted. Without those in `unreadable_jobs`."},
				}},
			},
			"ids": dataschema.ListAttribute{
				Computed:            true,
				ElementType:         types.StringType,
				MarkdownDescription: "The jobs' ids, in the order of `inventories`. Without `bucket`, two buckets may each have a job of the same id.",
			},
			"inventories": dataschema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The jobs, in the order of their buckets and ids. `\"${bucket}/${id}@${region}\"` imports a job.",
				NestedObject:        dataschema.NestedAttributeObject{Attributes: job},
			},
		},
	}
}

// ValidateConfig makes the checks that need more than one attribute.
func (d *bucketInventoriesDataSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	resp.Diagnostics.Append(checkBucketTag(ctx, req.Config)...)
}

func (d *bucketInventoriesDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model bucketInventoriesModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	timeout, diags := model.Timeouts.Read(ctx, d.defaultTimeout)
	resp.Diagnostics.Append(diags...)
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	buckets, diags := model.buckets(ctx, d.providerData, dataSourceRead)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !model.Bucket.IsNull() {
		model.Region = types.StringValue(buckets[0].Region)
	}
	resp.Diagnostics.Append(model.read(ctx, d.client, buckets)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}

// read reads the jobs of the buckets.
func (m *bucketInventoriesModel) read(ctx context.Context, client *cos.Client, buckets []cos.Bucket) (diags diag.Diagnostics) {
	account, ignores := m.Bucket.IsNull(), m.IgnoreInaccessible.ValueBool()
	m.Buckets, m.IDs, m.Inventories, m.Unreadable = []readBucketModel{}, []string{}, []bucketInventoryModel{}, []unreadableJobModel{}
	if account {
		m.Inaccessible = []inaccessibleBucketModel{}
	}
	var ended, failed, leftOut, oddJobs, leftOutJobs []unreadThing
	for read := range client.ListInventories(ctx, buckets, 0) {
		switch {
		case account && isInterrupted(read.Err):
			ended = append(ended, unreadBucket(read.Bucket, read.Err))
		case ignores && (isDeniedOrUnsupported(read.Err) || account && isLeftOut(read.Err)):
			leftOut = append(leftOut, unreadBucket(read.Bucket, read.Err))
			m.Inaccessible = append(m.Inaccessible, inaccessible(read.Bucket, read.Err))
		case read.Err != nil && !account:
			return diag.Diagnostics{listError(dataSourceRead, read.Bucket, read.Err)}
		case read.Err != nil:
			failed = append(failed, unreadBucket(read.Bucket, read.Err))
		}
		if read.Err != nil {
			continue
		}
		for _, job := range read.Unreadable {
			if !ignores && !errors.Is(job, cos.ErrAccelerated) {
				oddJobs = append(oddJobs, unreadJob(read.Bucket, job))
				continue
			}
			leftOutJobs = append(leftOutJobs, unreadJob(read.Bucket, job))
			m.Unreadable = append(m.Unreadable, unreadableJobModel{read.Bucket.Name, read.Bucket.Region, job.ID, job.Err.Error()})
		}
		if len(failed) == 0 { // else there is no result, and no memory to spend on it
			diags.Append(m.add(ctx, read)...)
		}
	}
	if len(ended) > 0 {
		return diag.Diagnostics{bucketsInterrupted(dataSourceRead, ended, len(buckets))}
	}
	if len(failed) > 0 {
		diags.Append(bucketsUnread(failed, ignores))
	}
	if len(oddJobs) > 0 {
		diags.Append(jobsUnreadable(oddJobs))
	}
	if diags.HasError() {
		return diags // there is no result that could omit anything
	}
	if len(leftOut) > 0 {
		diags.Append(bucketsLeftOut(leftOut))
	}
	if len(leftOutJobs) > 0 {
		diags.Append(jobsLeftOut(leftOutJobs))
	}
	return diags
}

// add adds a bucket that was read, and its jobs.
func (m *bucketInventoriesModel) add(ctx context.Context, read cos.BucketInventories) (diags diag.Diagnostics) {
	bucket := readBucketModel{read.Bucket.Name, read.Bucket.Region, []string{}}
	for _, inv := range read.Inventories {
		job := read.Bucket.Job(inv.ID)
		flat, d := flatten(ctx, job, inv)
		diags.Append(d...)
		diags.Append(unmodelledRead(job, unsupported(inv))...)
		bucket.IDs = append(bucket.IDs, inv.ID)
		m.IDs = append(m.IDs, inv.ID)
		m.Inventories = append(m.Inventories, flat)
	}
	m.Buckets = append(m.Buckets, bucket)
	return diags
}

func inaccessible(bucket cos.Bucket, err error) inaccessibleBucketModel {
	e, _ := errors.AsType[*cos.Error](err) // every error of a call is one
	return inaccessibleBucketModel{bucket.Name, bucket.Region, stringOrNull(e.Code), cause(err)}
}
