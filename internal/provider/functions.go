// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

// providerFunction is a function of the provider.
type providerFunction struct {
	name       string
	definition function.Definition
	run        func(context.Context, function.RunRequest, *function.RunResponse)
}

func (f providerFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = f.name
}

func (f providerFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = f.definition
}

func (f providerFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	f.run(ctx, req, resp)
}

func newBucketQCSFunction() function.Function {
	return providerFunction{"bucket_qcs", function.Definition{
		Summary:             "Format a bucket as a destination",
		MarkdownDescription: "Formats a bucket for `destination.bucket`: `qcs::cos:<region>::<name>-<appid>`.",
		Parameters: []function.Parameter{
			function.StringParameter{Name: "region", MarkdownDescription: "The bucket's region, such as `ap-guangzhou`."},
			function.StringParameter{Name: "bucket", MarkdownDescription: "The bucket's name, as `<name>-<appid>`."},
		},
		Return: function.StringReturn{},
	}, func(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
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
	}}
}

func newParseBucketQCSFunction() function.Function {
	return providerFunction{"parse_bucket_qcs", function.Definition{
		Summary:             "Parse a destination",
		MarkdownDescription: "Parses the value of a `destination.bucket`, `qcs::cos:<region>::<name>-<appid>`, into an object with `region` and `bucket`.",
		Parameters: []function.Parameter{
			function.StringParameter{Name: "qcs", MarkdownDescription: "The bucket, such as `qcs::cos:ap-guangzhou::examplebucket-1250000000`."},
		},
		Return: function.ObjectReturn{AttributeTypes: map[string]attr.Type{"region": types.StringType, "bucket": types.StringType}},
	}, func(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
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
	}}
}

func newInventoryReportPrefixFunction() function.Function {
	return providerFunction{"inventory_report_prefix", function.Definition{
		Summary: "Prefix of a job's reports",
		MarkdownDescription: "The prefix of the keys of a job's reports in the destination bucket: `<destination_prefix>/<appid>/<bucket name without appid>/<id>/`. " +
			"The data files of all reports are directly there, and each report's `manifest.json` is under its day, `<YYYYMMDD>/`.",
		Parameters: []function.Parameter{
			function.StringParameter{Name: "bucket", MarkdownDescription: "The bucket whose objects are listed, as `<name>-<appid>`."},
			function.StringParameter{Name: "id", MarkdownDescription: "The job's id."},
			function.StringParameter{
				Name:                "destination_prefix",
				AllowNullValue:      true,
				MarkdownDescription: "The job's `destination.prefix`, or null.",
			},
		},
		Return: function.StringReturn{},
	}, func(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
		var (
			bucket, id string
			prefix     *string
		)
		if resp.Error = req.Arguments.Get(ctx, &bucket, &id, &prefix); resp.Error != nil {
			return
		}
		if prefix == nil {
			prefix = new(string)
		}
		resp.Error = function.ConcatFuncErrors(
			argumentError(0, bucket, cos.CheckBucket(bucket)),
			argumentError(1, id, cos.CheckID(id)),
			argumentError(2, *prefix, cos.CheckText(*prefix)),
		)
		if resp.Error == nil {
			resp.Error = resp.Result.Set(ctx, cos.ReportPrefix(bucket, id, *prefix))
		}
	}}
}

// argumentError returns the error for an argument.
func argumentError(position int64, value string, err error) *function.FuncError {
	if err == nil {
		return nil
	}
	return function.NewArgumentFuncError(position, fmt.Sprintf("%q: %v", value, err)) // Terraform ends it with a period
}
