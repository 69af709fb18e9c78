// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

// reportPlace returns where the reports of a job are: where the destination says, or else where the
// job says.
func (d *providerData) reportPlace(ctx context.Context, job cos.Job, destination *reportDestinationModel) (cos.ReportPlace, diag.Diagnostics) {
	if destination != nil {
		if diags := checkDestination(destination.Bucket, types.StringValue(job.Region)); diags.HasError() {
			return cos.ReportPlace{}, diags
		}
		return d.placeIn(job, destination.Bucket.ValueString(), destination.Prefix.ValueString())
	}
	inv, err := d.client.GetInventory(ctx, job)
	switch {
	case cos.IsNoSuchJob(err):
		return cos.ReportPlace{}, diag.Diagnostics{jobNotFound(pathID, job, err,
			"Check the id; the data source cos_bucket_inventories lists the jobs of the bucket. The reports of a one-time job need destination. "+createdInThisRun)}
	case err != nil:
		return cos.ReportPlace{}, diag.Diagnostics{apiError(dataSourceRead, job, err)}
	}
	return d.placeIn(job, inv.Destination.Bucket, inv.Destination.Prefix)
}

// placeIn returns where the reports of a job are in a destination.
func (d *providerData) placeIn(job cos.Job, destination, prefix string) (cos.ReportPlace, diag.Diagnostics) {
	bucket, err := cos.ParseBucketQCS(destination)
	if err != nil {
		return cos.ReportPlace{}, diag.Diagnostics{diag.NewAttributeErrorDiagnostic(pathDestination, "Invalid Destination Bucket",
			fmt.Sprintf("The destination of the job %q of bucket %s is %q: %s", job.ID, job.Name, destination, sentence(err.Error())))}
	}
	if err := d.client.CheckRegion(bucket.Region); err != nil {
		return cos.ReportPlace{}, diag.Diagnostics{regionNotServed(bucket.Region, err)}
	}
	return cos.NewReportPlace(job, bucket, prefix), nil
}
