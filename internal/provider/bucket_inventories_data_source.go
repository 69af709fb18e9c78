// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	dataschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

var _ datasource.DataSourceWithConfigure = &bucketInventoriesDataSource{}

func newBucketInventoriesDataSource() datasource.DataSource { return &bucketInventoriesDataSource{} }

// bucketInventoriesDataSource reads all inventory jobs of a bucket.
type bucketInventoriesDataSource struct {
	*providerData
}

type bucketInventoriesModel struct {
	Bucket      types.String           `tfsdk:"bucket"`
	Region      types.String           `tfsdk:"region"`
	IDs         []string               `tfsdk:"ids"`
	Inventories []bucketInventoryModel `tfsdk:"inventories"`
}

func (d *bucketInventoriesDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_bucket_inventories"
}

func (d *bucketInventoriesDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	job, diags := readOnlyJob(ctx)
	resp.Diagnostics.Append(diags...)
	attributes := bucketAttributes()
	attributes["ids"] = dataschema.ListAttribute{
		Computed:            true,
		ElementType:         types.StringType,
		MarkdownDescription: "The jobs' ids, in order.",
	}
	attributes["inventories"] = dataschema.ListNestedAttribute{
		Computed:            true,
		MarkdownDescription: "The jobs, in the order of their ids.",
		NestedObject: dataschema.NestedAttributeObject{
			Attributes: job,
		},
	}
	resp.Schema = dataschema.Schema{
		MarkdownDescription: "Reads all inventory jobs of a COS bucket, whoever manages them. A bucket without jobs is an empty list.",
		Attributes:          attributes,
	}
}

func (d *bucketInventoriesDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.providerData = configured(req.ProviderData, &resp.Diagnostics)
}

func (d *bucketInventoriesDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model bucketInventoriesModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, d.defaultTimeout)
	defer cancel()
	bucket, diags := d.resolveBucket(model.Bucket, model.Region)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}

	var inventories []cos.Inventory
	for inv, err := range d.client.ListInventories(ctx, bucket) {
		if err != nil {
			resp.Diagnostics.Append(listError(bucket, err))
			return
		}
		inventories = append(inventories, inv)
	}
	slices.SortFunc(inventories, func(a, b cos.Inventory) int { return cmp.Compare(a.ID, b.ID) })

	model.Region = types.StringValue(bucket.Region)
	model.IDs, model.Inventories = []string{}, []bucketInventoryModel{}
	for _, inv := range inventories {
		job := bucket.Job(inv.ID)
		m, diags := flatten(ctx, job, inv)
		resp.Diagnostics.Append(diags...)
		resp.Diagnostics.Append(unmodelledRead(job, inv.Unmodelled)...)
		model.IDs = append(model.IDs, inv.ID)
		model.Inventories = append(model.Inventories, m)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}
