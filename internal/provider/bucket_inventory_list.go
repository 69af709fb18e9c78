// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	listschema "github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/untrusted"
)

var (
	_ list.ListResourceWithConfigure      = &bucketInventoryListResource{}
	_ list.ListResourceWithValidateConfig = &bucketInventoryListResource{}
)

func newBucketInventoryListResource() list.ListResource { return &bucketInventoryListResource{} }

// bucketInventoryListResource finds the jobs of a bucket, or of the account, for terraform query.
// It has the resource's name and configuration.
type bucketInventoryListResource struct {
	bucketInventoryResource
}

func (l *bucketInventoryListResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = listschema.Schema{
		MarkdownDescription: "Lists the inventory jobs of a COS bucket, or of all buckets of the account, whoever manages them, so that they can be imported.",
		Attributes: map[string]listschema.Attribute{
			"bucket": listschema.StringAttribute{
				Optional:            true,
				Validators:          []validator.String{checked(cos.CheckBucket)},
				MarkdownDescription: describeBucketOrAll,
			},
			"region": listschema.StringAttribute{
				Optional:            true,
				Validators:          []validator.String{checked(cos.CheckRegion)},
				MarkdownDescription: describeRegionOrAll,
			},
			"bucket_tag": listschema.SingleNestedAttribute{
				Optional:            true,
				MarkdownDescription: describeBucketTag,
				Attributes: map[string]listschema.Attribute{
					"key":   listschema.StringAttribute{Optional: true, MarkdownDescription: describeBucketTagKey},
					"value": listschema.StringAttribute{Optional: true, MarkdownDescription: describeBucketTagValue},
				},
			},
		},
	}
}

// ValidateListResourceConfig makes the checks that need more than one attribute.
func (l *bucketInventoryListResource) ValidateListResourceConfig(ctx context.Context, req list.ValidateConfigRequest, resp *list.ValidateConfigResponse) {
	resp.Diagnostics.Append(checkBucketTag(ctx, req.Config)...)
}

func (l *bucketInventoryListResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config searchModel
	var diags diag.Diagnostics
	if !req.Config.Raw.IsNull() { // a query without a config block
		diags.Append(req.Config.Get(ctx, &config)...)
	}
	diags.Append(checkBucketTag(ctx, req.Config)...)
	if diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	stream.Results = func(push func(list.ListResult) bool) {
		ctx, cancel := context.WithTimeout(ctx, l.defaultTimeout)
		defer cancel()
		buckets, diags := config.buckets(ctx, l.providerData)
		switch {
		case diags.HasError():
			push(list.ListResult{Diagnostics: diags})
		case config.Bucket.IsNull():
			l.listAccount(ctx, req, buckets, push)
		default:
			l.listBucket(ctx, req, buckets[0], push)
		}
	}
}

// listBucket pushes the jobs of a bucket, page by page, up to the limit.
func (l *bucketInventoryListResource) listBucket(ctx context.Context, req list.ListRequest, bucket cos.Bucket, push func(list.ListResult) bool) {
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

// listAccount pushes the jobs of many buckets, up to the limit, and a warning for each bucket that
// could not be read.
func (l *bucketInventoryListResource) listAccount(ctx context.Context, req list.ListRequest, buckets []cos.Bucket, push func(list.ListResult) bool) {
	left := req.Limit
	for read := range l.client.ListInventoriesOf(ctx, buckets) {
		if read.Err != nil && !push(list.ListResult{Diagnostics: diag.Diagnostics{bucketUnread(read.Bucket, read.Err)}}) {
			return
		}
		for _, inv := range read.Inventories {
			left--
			if !push(listResult(ctx, req, read.Bucket.Job(inv.ID), inv)) || left == 0 {
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
	result.Diagnostics.Append(unmodelledRead(job, unsupported(inv))...)
	result.Diagnostics.Append(result.Resource.Set(ctx, bucketInventoryResourceModel{
		bucketInventoryModel: model,
		Timeouts:             noTimeouts(),
	})...)
	return result
}
