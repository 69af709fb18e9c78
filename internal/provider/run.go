// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

// runModel is what the action and the resource know of a one-time job: its document, or the
// scheduled job that it takes its settings from.
type runModel struct {
	reportModel
	JobID         types.String `tfsdk:"job_id"`
	WaitForReport types.Bool   `tfsdk:"wait_for_report"`
}

// defaultReportTimeout bounds a run that waits for its report. COS promises no time; the
// tencentcloud provider waits as long.
const defaultReportTimeout = 30 * time.Minute

// runTimeout returns the timeout of a run that has none of its own.
func (d *providerData) runTimeout(waits types.Bool) time.Duration {
	if waits.ValueBool() {
		return defaultReportTimeout
	}
	return d.defaultTimeout
}

// checkRun makes the checks of a configuration that need nothing else.
func checkRun(ctx context.Context, config tfsdk.Config) (diags diag.Diagnostics) {
	diags.Append(checkDocument(ctx, config)...)
	diags.Append(checkConfiguredDestination(ctx, config)...)
	diags.Append(checkOwner(ctx, config)...)
	diags.Append(checkRunForm(ctx, config)...)
	return diags
}

// checkKnownRun makes the checks of a configuration without unknown values: what was unknown in the
// plan, Terraform does not validate again.
func (d *providerData) checkKnownRun(ctx context.Context, config tfsdk.Config) (diags diag.Diagnostics) {
	diags.Append(checkDocument(ctx, config).Errors()...)
	diags.Append(checkRunForm(ctx, config).Errors()...)
	diags.Append(d.checkRunRegions(ctx, config).Errors()...)
	return diags
}

// checkRunRegions checks the regions of both buckets.
func (d *providerData) checkRunRegions(ctx context.Context, config tfsdk.Config) (diags diag.Diagnostics) {
	var region, destinationName types.String
	diags.Append(config.GetAttribute(ctx, pathRegion, &region)...)
	diags.Append(config.GetAttribute(ctx, pathDestinationBucket, &destinationName)...)
	region, found := d.resolveRegion(region)
	diags.Append(found...)
	diags.Append(checkDestination(destinationName, region)...)
	diags.Append(checkDestinationRegion(destinationName, region)...)
	return diags
}

// acceptedRun is a one-time job that COS has accepted.
type acceptedRun struct {
	job     cos.Job
	sent    cos.Inventory
	id      string      // COS's id of the run; "" if COS did not say
	report  *cos.Report // nil unless it was awaited, and delivered
	isEnded bool        // the operation was over when COS accepted the job
}

func (a *acceptedRun) reportPrefix() string {
	return cos.ReportPrefix(a.job.Name, a.job.ID, a.sent.Destination.Prefix)
}

// runner runs one-time jobs, for the action or for the resource.
type runner struct {
	*providerData
	runCaller
	progress func(format string, args ...any)
}

// runCaller is a way to run a one-time job.
type runCaller struct {
	caller
	keep string // how a run that COS accepted is kept, and not repeated
}

// run runs a one-time job, and waits for its report if asked. It returns nil unless COS has said that
// it accepted the job; of an accepted one, a diagnostic may be an error all the same.
func (r runner) run(ctx context.Context, config runModel) (*acceptedRun, diag.Diagnostics) {
	job, inv, diags := r.document(ctx, config, time.Now())
	if diags.HasError() {
		return nil, diags
	}
	if !config.WaitForReport.ValueBool() {
		accepted, d := r.start(ctx, job, inv)
		diags.Append(d...)
		if accepted != nil && !accepted.isEnded {
			diags.Append(r.looks.warning(r.looks.startDestination(ctx, job, inv.Destination.Bucket), job)...)
		}
		return accepted, diags
	}

	place, d := r.placeIn(job, inv.Destination.Bucket, inv.Destination.Prefix)
	diags.Append(d...)
	if diags.HasError() {
		return nil, diags
	}
	report, err := r.client.NewRunReport(ctx, place, time.Now())
	if err != nil {
		diags.Append(notStarted(reportError(r.reading(), job, place, err)))
		return nil, diags
	}
	accepted, d := r.start(ctx, job, inv)
	diags.Append(d...)
	if accepted == nil {
		return nil, diags
	}
	started := time.Now()
	accepted.report, err = report.Await(ctx, func() {
		waited := ""
		if d := time.Since(started).Round(time.Second); d > 0 {
			waited = fmt.Sprintf(", for %s so far", d)
		}
		r.progress("Waiting for the report of the inventory %q%s", job.ID, waited)
	})
	if err != nil {
		diags.Append(notDelivered(job, inv.Destination, place, r.runCaller, err))
		return accepted, diags
	}
	r.progress("The report of the inventory %q is delivered: %s in %s, %s", job.ID, accepted.report.ManifestKey, inv.Destination.Bucket, reportSize(accepted.report))
	return accepted, diags
}

// document returns the one-time job and its document.
func (r runner) document(ctx context.Context, config runModel, now time.Time) (cos.Job, cos.Inventory, diag.Diagnostics) {
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
		return job, inv, diag.Diagnostics{notStarted(apiError(r.reading(), scheduled, err))}
	}
	inv.ID = job.ID
	return job, inv, unmodelledInRun(scheduled, inv.Unmodelled)
}

// start starts the one-time job. It is never repeated.
func (r runner) start(ctx context.Context, job cos.Job, inv cos.Inventory) (*acceptedRun, diag.Diagnostics) {
	if diags := r.looks.start(ctx, job.Bucket).refusal(ctx, job); diags.HasError() {
		return nil, diags
	}
	r.progress("Starting the one-time inventory %q of bucket %s in region %s", job.ID, job.Name, job.Region)
	id, err := r.client.PostInventory(ctx, job, inv)
	if err != nil {
		return nil, diag.Diagnostics{runError(r.caller, job, inv.Destination, err)}
	}
	accepted := &acceptedRun{job: job, sent: inv, id: id, isEnded: ctx.Err() != nil}
	named := ""
	if id != "" {
		named = " as job " + id
	}
	r.progress("COS has accepted the inventory%s. Its report will be under %s in %s", named, accepted.reportPrefix(), inv.Destination.Bucket)
	return accepted, nil
}

// reportSize says how large a report is, as far as its manifest says.
func reportSize(report *cos.Report) string {
	var bytes int64
	for _, file := range report.Files {
		if file.Size != nil {
			bytes += *file.Size
		}
	}
	size := count(bytes, "byte") + " in " + count(len(report.Files), "file")
	if n := report.FilterObjectCount; n != nil {
		size += ", " + count(*n, "object")
	}
	return size
}
