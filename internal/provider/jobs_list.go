// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/list/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	listschema "github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

var (
	_ list.ListResourceWithConfigure      = &bucketInventoryListResource{}
	_ list.ListResourceWithValidateConfig = &bucketInventoryListResource{}
)

type bucketInventoryListModel struct {
	searchModel
	Timeouts timeouts.Value `tfsdk:"timeouts"`
}

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
			"timeouts": listTimeoutsAttribute(),
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
	var config bucketInventoryListModel
	var diags diag.Diagnostics
	if !req.Config.Raw.IsNull() { // a query without a config block
		diags.Append(req.Config.Get(ctx, &config)...)
	}
	diags.Append(checkBucketTag(ctx, req.Config)...)
	timeout, d := config.Timeouts.List(ctx, l.defaultTimeout)
	diags.Append(d...)
	if diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	stream.Results = func(push func(list.ListResult) bool) {
		ctx, cancel := context.WithTimeout(ctx, timeout)
		defer cancel()
		buckets, diags := config.buckets(ctx, l.providerData, queryList)
		if len(diags) > 0 && !push(list.ListResult{Diagnostics: diags}) || diags.HasError() {
			return
		}
		l.list(ctx, req, buckets, config.Bucket.IsNull(), push)
	}
}

// list pushes the jobs of the buckets, up to the limit, and a warning for each bucket and job that
// could not be read. What gave no answer in time is an error, after all results. A bucket that the
// configuration names must be read.
func (l *bucketInventoryListResource) list(ctx context.Context, req list.ListRequest, buckets []cos.Bucket, isAccount bool, push func(list.ListResult) bool) {
	left, done := req.Limit, 0
	var ended []unreadThing
	for read := range l.client.ListInventories(ctx, buckets, req.Limit) {
		done++
		if isAccount && read.Err != nil { // of a bucket that nobody named, all jobs or none
			if isInterrupted(read.Err) {
				ended = append(ended, unreadBucket(read.Bucket, read.Err))
			} else if !tell(push, bucketUnread(read.Bucket, read.Err)) {
				return
			}
			continue
		}
		for _, unreadable := range read.Unreadable {
			if !tell(push, jobUnreadable(read.Bucket, unreadable)) {
				return
			}
		}
		for i, inv := range read.Inventories {
			left--
			more := i < len(read.Inventories)-1 || read.IsCut || done < len(buckets)
			if !push(listResult(ctx, req, read.Bucket.Job(inv.ID), inv, left == 0 && more)) || left == 0 {
				return
			}
		}
		if read.Err != nil {
			tell(push, listError(queryList, read.Bucket, read.Err))
		}
	}
	if len(ended) > 0 {
		tell(push, bucketsInterrupted(queryList, ended, len(buckets)))
	}
}

func tell(push func(list.ListResult) bool, d diag.Diagnostic) bool {
	return push(list.ListResult{Diagnostics: diag.Diagnostics{d}})
}

// listResult returns the result of a job. The last one of a query that is cut says so: Terraform
// takes nothing that comes after it.
func listResult(ctx context.Context, req list.ListRequest, job cos.Job, inv cos.Inventory, cut bool) list.ListResult {
	result := req.NewListResult(ctx)
	result.DisplayName = job.Name + "/" + job.ID
	setIdentity(result.Identity, job)
	if cut {
		result.Diagnostics.Append(limitReached(req.Limit))
	}
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
