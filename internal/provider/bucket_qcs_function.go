// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

var _ function.Function = bucketQCSFunction{}

func newBucketQCSFunction() function.Function { return bucketQCSFunction{} }

// bucketQCSFunction formats a bucket for a job's destination.
type bucketQCSFunction struct{}

func (bucketQCSFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "bucket_qcs"
}

func (bucketQCSFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary:             "Format a bucket as a destination",
		MarkdownDescription: "Formats a bucket for `destination.bucket`: `qcs::cos:<region>::<name>-<appid>`.",
		Parameters: []function.Parameter{
			function.StringParameter{Name: "region", MarkdownDescription: "The bucket's region, such as `ap-guangzhou`."},
			function.StringParameter{Name: "bucket", MarkdownDescription: "The bucket's name, as `<name>-<appid>`."},
		},
		Return: function.StringReturn{},
	}
}

func (bucketQCSFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var region, bucket string
	if resp.Error = req.Arguments.Get(ctx, &region, &bucket); resp.Error != nil {
		return
	}
	resp.Error = function.ConcatFuncErrors(
		argumentError(0, region, cos.CheckRegion(region)),
		argumentError(1, bucket, cos.CheckBucket(bucket)),
	)
	if resp.Error == nil {
		resp.Error = resp.Result.Set(ctx, cos.Bucket{Region: region, Name: bucket}.QCS())
	}
}
