// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/action"
	actionschema "github.com/hashicorp/terraform-plugin-framework/action/schema"
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

func (a *bucketInventoryRunAction) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_bucket_inventory_run"
}

func (a *bucketInventoryRunAction) Schema(ctx context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	attributes, diags := writable(without(bucketInventorySchema(ctx).Attributes, "is_enabled", "schedule", "report_prefix", "timeouts"))
	resp.Diagnostics.Append(diags...)
	for name, description := range map[string]string{
		"bucket": describeBucket,
		"id":     describeID + " No scheduled job of the bucket has it, and no one-time job had it on the same day.",
		"region": describeRegion,
	} {
		if a, ok := attributes[name].(actionschema.StringAttribute); ok {
			a.MarkdownDescription = description
			attributes[name] = a
		}
	}
	resp.Schema = actionschema.Schema{
		MarkdownDescription: "Runs an inventory of a COS bucket once, now, without a schedule. The report comes when COS has made it, which may take hours: " +
			"the action ends when COS has accepted the job.",
		Attributes: attributes,
	}
}

func (a *bucketInventoryRunAction) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	a.providerData = configured(req.ProviderData, &resp.Diagnostics)
}

func (a *bucketInventoryRunAction) ValidateConfig(ctx context.Context, req action.ValidateConfigRequest, resp *action.ValidateConfigResponse) {
	resp.Diagnostics.Append(validateDocument(ctx, req.Config)...)
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
	var config reportModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	// Terraform does not validate again what was unknown in the plan.
	resp.Diagnostics.Append(validateDocument(ctx, req.Config).Errors()...)
	resp.Diagnostics.Append(a.checkRegions(ctx, req.Config).Errors()...)
	if resp.Diagnostics.HasError() {
		return
	}
	inv, diags := config.expand(ctx)
	if inv.Destination.Format == "" {
		inv.Destination.Format = cos.FormatCSV // an action's schema cannot have a default
	}
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, a.defaultTimeout)
	defer cancel()
	job := config.job(a.region)
	progress := func(format string, args ...any) {
		if ctx.Err() == nil { // nobody may be left to take it
			resp.SendProgress(action.InvokeProgressEvent{Message: fmt.Sprintf(format, args...)})
		}
	}

	progress("Starting the one-time inventory %q of bucket %s in region %s", job.ID, job.Name, job.Region)
	runID, err := a.client.PostInventory(ctx, job, inv)
	if err != nil {
		resp.Diagnostics.Append(runError(job, err))
		return
	}
	reportPrefix := cos.ReportPrefix(job.Name, job.ID, inv.Destination.Prefix)
	if ctx.Err() != nil {
		resp.Diagnostics.Append(acceptedAfterEnd(ctx, job, reportPrefix, inv.Destination.Bucket))
		return
	}
	if runID != "" {
		runID = " as job " + runID
	}
	progress("COS has accepted the inventory%s. Its report will be under %s in %s", runID, reportPrefix, inv.Destination.Bucket)
}
