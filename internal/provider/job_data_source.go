// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	dataschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

// dataSource is what all data sources have in common. providerData is nil until the provider is
// configured.
type dataSource struct {
	*providerData
	typeName string // behind the provider's
}

func (d *dataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + d.typeName
}

func (d *dataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.providerData = configured(req.ProviderData, &resp.Diagnostics)
}

var _ datasource.DataSourceWithConfigure = &bucketInventoryDataSource{}

func newBucketInventoryDataSource() datasource.DataSource {
	return &bucketInventoryDataSource{dataSource{typeName: "_bucket_inventory"}}
}

// bucketInventoryDataSource reads one inventory job.
type bucketInventoryDataSource struct{ dataSource }

type bucketInventoryDataModel struct {
	bucketInventoryModel
	Timeouts timeouts.Value `tfsdk:"timeouts"`
}

func (d *bucketInventoryDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes, diags := readOnlyJob(ctx)
	resp.Diagnostics.Append(diags...)
	maps.Copy(attributes, bucketAttributes())
	attributes["id"] = dataschema.StringAttribute{
		Required:            true,
		Validators:          []validator.String{checked(cos.CheckID)},
		MarkdownDescription: describeID,
	}
	resp.Schema = dataschema.Schema{
		MarkdownDescription: "Reads an inventory job of a COS bucket, whoever manages it. A job that does not exist is an error.",
		Attributes:          attributes,
	}
}

func (d *bucketInventoryDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config bucketInventoryDataModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	timeout, diags := config.Timeouts.Read(ctx, d.defaultTimeout)
	resp.Diagnostics.Append(diags...)
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	bucket, diags := d.resolveBucket(config.Bucket, config.Region)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	job := bucket.Job(config.ID.ValueString())

	inv, err := d.client.GetInventory(ctx, job)
	switch {
	case cos.IsNoSuchJob(err):
		resp.Diagnostics.Append(jobNotFound(pathID, job, err, "Check the id; the data source cos_bucket_inventories lists those that there are. "+createdInThisRun))
		return
	case err != nil:
		resp.Diagnostics.Append(apiError(dataSourceRead, job, err))
		return
	}
	model, diags := flatten(ctx, job, inv)
	resp.Diagnostics.Append(diags...)
	resp.Diagnostics.Append(unmodelledRead(job, unsupported(inv))...)
	resp.Diagnostics.Append(resp.State.Set(ctx, bucketInventoryDataModel{model, config.Timeouts})...)
}
