// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"iter"
	"slices"

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

func newBucketInventoriesDataSource() datasource.DataSource { return &bucketInventoriesDataSource{} }

// bucketInventoriesDataSource reads all inventory jobs of a bucket, or of the account.
type bucketInventoriesDataSource struct {
	*providerData
}

type bucketInventoriesModel struct {
	searchModel
	IgnoreInaccessible types.Bool                `tfsdk:"ignore_inaccessible_buckets"`
	Inaccessible       []inaccessibleBucketModel `tfsdk:"inaccessible_buckets"`
	IDs                []string                  `tfsdk:"ids"`
	Inventories        []bucketInventoryModel    `tfsdk:"inventories"`
}

// inaccessibleBucketModel is a bucket whose jobs COS refused to list.
type inaccessibleBucketModel struct {
	Bucket string `tfsdk:"bucket"`
	Region string `tfsdk:"region"`
	Code   string `tfsdk:"code"`
}

func (d *bucketInventoriesDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_bucket_inventories"
}

func (d *bucketInventoriesDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	job, diags := readOnlyJob(ctx)
	resp.Diagnostics.Append(diags...)
	resp.Schema = dataschema.Schema{
		MarkdownDescription: "Reads all inventory jobs of a COS bucket, or of all buckets of the account, whoever manages them. A bucket without jobs is an empty list.",
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
			"ignore_inaccessible_buckets": dataschema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether buckets are omitted whose jobs COS refuses to list (HTTP status 403). `inaccessible_buckets` then names them. " +
					"Default: `false`, they are an error. Any other failure is always an error.",
			},
			"inaccessible_buckets": dataschema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The buckets that `ignore_inaccessible_buckets` omits, in the order of their names. Null if `bucket` names a readable bucket.",
				NestedObject: dataschema.NestedAttributeObject{Attributes: map[string]dataschema.Attribute{
					"bucket": dataschema.StringAttribute{Computed: true, MarkdownDescription: "The bucket, as `<name>-<appid>`."},
					"region": dataschema.StringAttribute{Computed: true, MarkdownDescription: "The bucket's region."},
					"code":   dataschema.StringAttribute{Computed: true, MarkdownDescription: "COS's error code, such as `AccessDenied`."},
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

func (d *bucketInventoriesDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.providerData = configured(req.ProviderData, &resp.Diagnostics)
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
	ctx, cancel := context.WithTimeout(ctx, d.defaultTimeout)
	defer cancel()
	buckets, diags := model.buckets(ctx, d.providerData)
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

// reads reads the buckets. One that the configuration names must be there.
func (m *bucketInventoriesModel) reads(ctx context.Context, client *cos.Client, buckets []cos.Bucket) iter.Seq[cos.BucketInventories] {
	if m.Bucket.IsNull() {
		return client.ListInventoriesOf(ctx, buckets)
	}
	return slices.Values([]cos.BucketInventories{client.ReadInventories(ctx, buckets[0])})
}

// read reads the jobs of the buckets.
func (m *bucketInventoriesModel) read(ctx context.Context, client *cos.Client, buckets []cos.Bucket) (diags diag.Diagnostics) {
	m.IDs, m.Inventories = []string{}, []bucketInventoryModel{}
	if m.Bucket.IsNull() {
		m.Inaccessible = []inaccessibleBucketModel{}
	}
	ignoresRefused := m.IgnoreInaccessible.ValueBool()
	var failed []cos.BucketInventories
	for read := range m.reads(ctx, client, buckets) {
		var refused *cos.Error
		switch {
		case ignoresRefused && isRefused(read.Err) && errors.As(read.Err, &refused):
			m.Inaccessible = append(m.Inaccessible, inaccessibleBucketModel{read.Bucket.Name, read.Bucket.Region, refused.Code})
			continue
		case read.Err != nil:
			failed = append(failed, read)
			continue
		}
		for _, inv := range read.Inventories {
			job := read.Bucket.Job(inv.ID)
			flat, d := flatten(ctx, job, inv)
			diags.Append(d...)
			diags.Append(unmodelledRead(job, unsupported(inv))...)
			m.IDs = append(m.IDs, inv.ID)
			m.Inventories = append(m.Inventories, flat)
		}
	}
	switch {
	case len(failed) > 0 && !m.Bucket.IsNull():
		diags.Append(listError(failed[0].Bucket, failed[0].Err))
	case len(failed) > 0:
		diags.Append(bucketsUnread(failed, ignoresRefused))
	}
	return diags
}
