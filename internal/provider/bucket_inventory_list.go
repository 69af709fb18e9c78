// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	listschema "github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/untrusted"
)

var _ list.ListResourceWithConfigure = &bucketInventoryListResource{}

func newBucketInventoryListResource() list.ListResource { return &bucketInventoryListResource{} }

// bucketInventoryListResource finds the jobs of a bucket for terraform query. It has the resource's
// name and configuration.
type bucketInventoryListResource struct {
	bucketInventoryResource
}

type listModel struct {
	Bucket types.String `tfsdk:"bucket"`
	Region types.String `tfsdk:"region"`
}

func (l *bucketInventoryListResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = listschema.Schema{
		MarkdownDescription: "Lists the inventory jobs of a COS bucket, whoever manages them, so that they can be imported.",
		Attributes: map[string]listschema.Attribute{
			"bucket": listschema.StringAttribute{
				Required:            true,
				Validators:          []validator.String{checked(cos.CheckBucket)},
				MarkdownDescription: describeBucket,
			},
			"region": listschema.StringAttribute{
				Optional:            true,
				Validators:          []validator.String{checked(cos.CheckRegion)},
				MarkdownDescription: describeRegion,
			},
		},
	}
}

func (l *bucketInventoryListResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config listModel
	diags := req.Config.Get(ctx, &config)
	bucket, d := l.resolveBucket(config.Bucket, config.Region)
	diags.Append(d...)
	if diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	stream.Results = func(push func(list.ListResult) bool) {
		ctx, cancel := context.WithTimeout(ctx, l.defaultTimeout)
		defer cancel()
		left := req.Limit
		for inv, err := range l.client.ListInventories(ctx, bucket) {
			if err != nil {
				// An error, because the results so far are not all of them.
				push(list.ListResult{Diagnostics: diag.Diagnostics{listError(bucket, err)}})
				return
			}
			left--
			if !push(listResult(ctx, req, bucket.Job(inv.ID), inv)) || left == 0 {
				return
			}
		}
	}
}

func listResult(ctx context.Context, req list.ListRequest, job cos.Job, inv cos.Inventory) list.ListResult {
	result := req.NewListResult(ctx)
	result.DisplayName = job.Name + "/" + untrusted.Text(job.ID)
	setIdentity(result.Identity, job)
	if !req.IncludeResource {
		return result
	}
	model, diags := flatten(ctx, job, inv)
	result.Diagnostics.Append(diags...)
	result.Diagnostics.Append(unmodelledRead(job, inv.Unmodelled)...)
	result.Diagnostics.Append(result.Resource.Set(ctx, bucketInventoryResourceModel{
		bucketInventoryModel: model,
		Timeouts:             noTimeouts(),
	})...)
	return result
}
