// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

var _ function.Function = inventoryReportPrefixFunction{}

func newInventoryReportPrefixFunction() function.Function { return inventoryReportPrefixFunction{} }

// inventoryReportPrefixFunction returns the prefix of a job's inventory reports.
type inventoryReportPrefixFunction struct{}

func (inventoryReportPrefixFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "inventory_report_prefix"
}

func (inventoryReportPrefixFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
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
	}
}

func (inventoryReportPrefixFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
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
}
