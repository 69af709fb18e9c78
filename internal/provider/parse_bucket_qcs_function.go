// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

var _ function.Function = parseBucketQCSFunction{}

func newParseBucketQCSFunction() function.Function { return parseBucketQCSFunction{} }

// parseBucketQCSFunction parses what [bucketQCSFunction] returns.
type parseBucketQCSFunction struct{}

func (parseBucketQCSFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "parse_bucket_qcs"
}

func (parseBucketQCSFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary:             "Parse a destination",
		MarkdownDescription: "Parses the value of a `destination.bucket`, `qcs::cos:<region>::<name>-<appid>`, into an object with `region` and `bucket`.",
		Parameters: []function.Parameter{
			function.StringParameter{Name: "qcs", MarkdownDescription: "The bucket, such as `qcs::cos:ap-guangzhou::examplebucket-1250000000`."},
		},
		Return: function.ObjectReturn{AttributeTypes: map[string]attr.Type{"region": types.StringType, "bucket": types.StringType}},
	}
}

func (parseBucketQCSFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var qcs string
	if resp.Error = req.Arguments.Get(ctx, &qcs); resp.Error != nil {
		return
	}
	bucket, err := cos.ParseBucketQCS(qcs)
	if resp.Error = argumentError(0, qcs, err); resp.Error != nil {
		return
	}
	resp.Error = resp.Result.Set(ctx, struct {
		Region string `tfsdk:"region"`
		Bucket string `tfsdk:"bucket"`
	}{bucket.Region, bucket.Name})
}
