// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/action/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

var (
	_ action.ActionWithConfigure      = &bucketInventoryRunAction{}
	_ action.ActionWithValidateConfig = &bucketInventoryRunAction{}
	_ action.ActionWithModifyPlan     = &bucketInventoryRunAction{}
)

func newBucketInventoryRunAction() action.Action { return &bucketInventoryRunAction{} }

// bucketInventoryRunAction runs a one-time job.
type bucketInventoryRunAction struct {
	*providerData
}

// runModel is the configuration of a one-time job: its document, or the scheduled job that it takes
// its settings from.
type runModel struct {
	reportModel
	JobID         types.String   `tfsdk:"job_id"`
	WaitForReport types.Bool     `tfsdk:"wait_for_report"`
	Timeouts      timeouts.Value `tfsdk:"timeouts"`
}

// defaultReportTimeout bounds a run that waits for its report. COS promises no time; the
// tencentcloud provider waits as long.
const defaultReportTimeout = 30 * time.Minute

func (a *bucketInventoryRunAction) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_bucket_inventory_run"
}

func (a *bucketInventoryRunAction) Schema(ctx context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	schema, diags := bucketInventoryRunSchema(ctx)
	resp.Diagnostics.Append(diags...)
	resp.Schema = schema
}

func (a *bucketInventoryRunAction) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	a.providerData = configured(req.ProviderData, &resp.Diagnostics)
}

func (a *bucketInventoryRunAction) ValidateConfig(ctx context.Context, req action.ValidateConfigRequest, resp *action.ValidateConfigResponse) {
	resp.Diagnostics.Append(checkDocument(ctx, req.Config)...)
	resp.Diagnostics.Append(checkConfiguredDestination(ctx, req.Config)...)
	resp.Diagnostics.Append(checkRunForm(ctx, req.Config)...)
}

// ModifyPlan makes the checks that need the provider's configuration.
func (a *bucketInventoryRunAction) ModifyPlan(ctx context.Context, req action.ModifyPlanRequest, resp *action.ModifyPlanResponse) {
	if a.providerData == nil {
		return
	}
	resp.Diagnostics.Append(a.checkRegions(ctx, req.Config)...)
}

// checkRegions checks the regions of both buckets.
func (a *bucketInventoryRunAction) checkRegions(ctx context.Context, config tfsdk.Config) (diags diag.Diagnostics) {
	var region, destinationName types.String
	diags.Append(config.GetAttribute(ctx, pathRegion, &region)...)
	diags.Append(config.GetAttribute(ctx, pathDestinationBucket, &destinationName)...)
	region, d := a.resolveRegion(region)
	diags.Append(d...)
	diags.Append(checkDestination(destinationName, region)...)
	diags.Append(checkDestinationRegion(destinationName, region)...)
	return diags
}

func (a *bucketInventoryRunAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var config runModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	// Terraform does not validate again what was unknown in the plan.
	resp.Diagnostics.Append(checkDocument(ctx, req.Config).Errors()...)
	resp.Diagnostics.Append(checkRunForm(ctx, req.Config).Errors()...)
	resp.Diagnostics.Append(a.checkRegions(ctx, req.Config).Errors()...)
	if resp.Diagnostics.HasError() {
		return
	}
	shortest := a.defaultTimeout
	if config.WaitForReport.ValueBool() {
		shortest = defaultReportTimeout
	}
	timeout, diags := config.Timeouts.Invoke(ctx, shortest)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	r := runInvocation{providerData: a.providerData, progress: func(format string, args ...any) {
		if ctx.Err() == nil { // nobody may be left to read it
			resp.SendProgress(action.InvokeProgressEvent{Message: fmt.Sprintf(format, args...)})
		}
	}}
	resp.Diagnostics.Append(r.do(ctx, config)...)
}

// runInvocation is one invocation of the action.
type runInvocation struct {
	*providerData
	progress func(format string, args ...any)
}

func (r runInvocation) do(ctx context.Context, config runModel) diag.Diagnostics {
	job, inv, diags := r.document(ctx, config, time.Now())
	if diags.HasError() {
		return diags
	}
	if !config.WaitForReport.ValueBool() {
		diags.Append(r.start(ctx, job, inv)...)
		if diags.HasError() {
			return diags
		}
		if ctx.Err() != nil {
			diags.Append(acceptedAfterEnd(ctx, job, reportPrefixOf(job, inv), inv.Destination.Bucket))
			return diags
		}
		diags.Append(r.looks.warning(r.looks.startDestination(ctx, r.client, job, inv.Destination.Bucket), job)...)
		return diags
	}

	place, d := r.placeIn(job, inv.Destination.Bucket, inv.Destination.Prefix)
	diags.Append(d...)
	if diags.HasError() {
		return diags
	}
	report, err := r.client.NewRunReport(ctx, place, time.Now())
	if err != nil {
		diags.Append(notStarted(reportError(job, place, err)))
		return diags
	}
	diags.Append(r.start(ctx, job, inv)...)
	if diags.HasError() {
		return diags
	}
	started := time.Now()
	delivered, err := report.Await(ctx, func() {
		r.progress("Waiting for the report of the inventory %q, for %s so far", job.ID, time.Since(started).Round(time.Second))
	})
	if err != nil {
		diags.Append(notDelivered(job, inv.Destination, place, err))
		return diags
	}
	r.progress("The report of the inventory %q is delivered: %s in %s, %s", job.ID, delivered.ManifestKey, inv.Destination.Bucket, reportSize(delivered))
	return diags
}

// document returns the one-time job and its document.
func (r runInvocation) document(ctx context.Context, config runModel, now time.Time) (cos.Job, cos.Inventory, diag.Diagnostics) {
	job := config.job(r.region)
	if config.JobID.IsNull() {
		inv, diags := config.expand(ctx)
		if inv.Destination.Format == "" {
			inv.Destination.Format = cos.FormatCSV // an action's schema cannot have a default
		}
		return job, inv, diags
	}
	scheduled := job.Bucket.Job(config.JobID.ValueString())
	if config.ID.IsNull() {
		job.ID = scheduled.ID + "_instant_" + now.UTC().Format("20060102150405") + "_" + strings.ToLower(rand.Text()[:8])
	}
	inv, err := r.client.GetInventory(ctx, scheduled)
	switch {
	case cos.IsNoSuchJob(err):
		return job, inv, diag.Diagnostics{jobNotFound(pathJobID, scheduled, err,
			"Check job_id; the data source cos_bucket_inventories lists the jobs of the bucket. No one-time job was started.")}
	case err != nil:
		return job, inv, diag.Diagnostics{notStarted(apiError("read", scheduled, err))}
	}
	inv.ID = job.ID
	return job, inv, unmodelledInRun(scheduled, inv.Unmodelled)
}

// start starts the one-time job. It is never repeated.
func (r runInvocation) start(ctx context.Context, job cos.Job, inv cos.Inventory) diag.Diagnostics {
	if diags := r.looks.checkSource(ctx, r.client, job); diags.HasError() {
		return diags
	}
	r.progress("Starting the one-time inventory %q of bucket %s in region %s", job.ID, job.Name, job.Region)
	runID, err := r.client.PostInventory(ctx, job, inv)
	if err != nil {
		return diag.Diagnostics{runError(job, inv.Destination, err)}
	}
	if runID != "" {
		runID = " as job " + runID
	}
	r.progress("COS has accepted the inventory%s. Its report will be under %s in %s", runID, reportPrefixOf(job, inv), inv.Destination.Bucket)
	return nil
}

// reportPrefixOf returns the prefix of a one-time job's report.
func reportPrefixOf(job cos.Job, inv cos.Inventory) string {
	return cos.ReportPrefix(job.Name, job.ID, inv.Destination.Prefix)
}

// reportSize says how large a report is, as far as its manifest says.
func reportSize(report *cos.Report) string {
	var bytes int64
	for _, file := range report.Files {
		if file.Size != nil {
			bytes += *file.Size
		}
	}
	size := fmt.Sprintf("%d bytes in %d files", bytes, len(report.Files))
	if n := report.FilterObjectCount; n != nil {
		size += fmt.Sprintf(", %d objects", *n)
	}
	return size
}
