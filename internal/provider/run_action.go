// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/action/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/action"
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

var actionRun = runCaller{caller{verb: "run", timeout: "timeouts.invoke", allowed: runAllowed}, "Do not run the action again."}

type runActionModel struct {
	runModel
	Timeouts timeouts.Value `tfsdk:"timeouts"`
}

func (a *bucketInventoryRunAction) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_bucket_inventory_run"
}

func (a *bucketInventoryRunAction) Schema(ctx context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	schema, diags := runActionSchema(ctx)
	resp.Diagnostics.Append(diags...)
	resp.Schema = schema
}

func (a *bucketInventoryRunAction) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	a.providerData = configured(req.ProviderData, &resp.Diagnostics)
}

func (a *bucketInventoryRunAction) ValidateConfig(ctx context.Context, req action.ValidateConfigRequest, resp *action.ValidateConfigResponse) {
	resp.Diagnostics.Append(checkRun(ctx, req.Config)...)
}

// ModifyPlan makes the checks that need the provider's configuration.
func (a *bucketInventoryRunAction) ModifyPlan(ctx context.Context, req action.ModifyPlanRequest, resp *action.ModifyPlanResponse) {
	if a.providerData == nil {
		return
	}
	resp.Diagnostics.Append(a.checkRunRegions(ctx, req.Config)...)
}

func (a *bucketInventoryRunAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var config runActionModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(a.checkKnownRun(ctx, req.Config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	timeout, diags := config.Timeouts.Invoke(ctx, a.runTimeout(config.WaitForReport))
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	r := runner{
		providerData: a.providerData,
		runCaller:    actionRun,
		progress: func(format string, args ...any) {
			if ctx.Err() == nil { // Terraform 1.15.9 crashes when it gets progress after a signal
				resp.SendProgress(action.InvokeProgressEvent{Message: fmt.Sprintf(format, args...)})
			}
		},
	}
	accepted, diags := r.run(ctx, config.runModel)
	resp.Diagnostics.Append(diags...)
	if accepted != nil && accepted.isEnded && !diags.HasError() {
		resp.Diagnostics.Append(acceptedAfterEnd(ctx, accepted))
	}
}
