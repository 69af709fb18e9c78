// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

var (
	_ resource.ResourceWithConfigure      = &bucketInventoryRunResource{}
	_ resource.ResourceWithValidateConfig = &bucketInventoryRunResource{}
	_ resource.ResourceWithModifyPlan     = &bucketInventoryRunResource{}
)

func newBucketInventoryRunResource() resource.Resource { return &bucketInventoryRunResource{} }

// bucketInventoryRunResource is one run of a one-time job, for those who have no actions. COS keeps
// nothing of a run that could be read, changed or deleted: only a create sends anything.
type bucketInventoryRunResource struct {
	*providerData
}

var resourceRun = runCaller{
	caller{verb: "run", timeout: "timeouts.create", allowed: runAllowed},
	"Terraform marks the resource as tainted: the next apply would run the job again. terraform untaint, with the resource's address, keeps this run.",
}

type runResourceModel struct {
	runModel
	Triggers     types.Map      `tfsdk:"triggers"`
	RunID        types.String   `tfsdk:"run_id"`
	ReportPrefix types.String   `tfsdk:"report_prefix"`
	ManifestKey  types.String   `tfsdk:"manifest_key"`
	ManifestETag types.String   `tfsdk:"manifest_etag"`
	Timeouts     timeouts.Value `tfsdk:"timeouts"`
}

func (r *bucketInventoryRunResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_bucket_inventory_run"
}

func (r *bucketInventoryRunResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	schema, diags := runResourceSchema(ctx)
	resp.Diagnostics.Append(diags...)
	resp.Schema = schema
}

func (r *bucketInventoryRunResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.providerData = configured(req.ProviderData, &resp.Diagnostics)
}

func (r *bucketInventoryRunResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	resp.Diagnostics.Append(checkRun(ctx, req.Config)...)
}

// ModifyPlan makes a change of what is run a new run. Of a new run, it plans what is known, and makes
// the checks that need the provider's configuration.
func (r *bucketInventoryRunResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	isNew := req.State.Raw.IsNull()
	if !isNew && !req.Plan.Raw.IsNull() {
		resp.RequiresReplace.Append(changedArguments(req.State.Raw, req.Plan.Raw)...)
	}
	if req.Plan.Raw.IsNull() || r.providerData == nil || !isNew && len(resp.RequiresReplace) == 0 {
		return
	}
	resp.Diagnostics.Append(r.checkRunRegions(ctx, req.Config)...)
	if !isNew {
		return // Terraform plans the new run in a second call, of which it shows no warnings
	}
	var region, jobID types.String
	var waits types.Bool
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, pathRegion, &region)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, pathJobID, &jobID)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, pathWaitForReport, &waits)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if region.IsNull() {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, pathRegion, r.region)...)
	}
	if jobID.IsNull() { // otherwise the scheduled job says where the report goes
		planReportPrefix(&resp.Plan)
	}
	if !waits.IsUnknown() && !waits.ValueBool() {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, pathManifestKey, types.StringNull())...)
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, pathManifestETag, types.StringNull())...)
	}
}

// changedArguments returns the attributes by which a plan changes what is run.
func changedArguments(state, plan tftypes.Value) (changed path.Paths) {
	before, _ := objectMembers(asRun(state))
	planned, _ := objectMembers(asRun(plan))
	for _, name := range slices.Sorted(maps.Keys(planned)) {
		if !planned[name].Equal(before[name]) {
			changed.Append(path.Root(name))
		}
	}
	return changed
}

// asRun returns the same value for all configurations of one run: null for what sets nothing, for a
// default, and for the timeouts.
func asRun(run tftypes.Value) tftypes.Value {
	return eachMember(nullIfUnset(run), func(name string, member tftypes.Value) tftypes.Value {
		unset := tftypes.NewValue(member.Type(), nil)
		switch {
		case name == "timeouts", name == "wait_for_report" && member.Equal(tftypes.NewValue(tftypes.Bool, false)):
			return unset
		case name == "format" && member.Equal(tftypes.NewValue(tftypes.String, cos.FormatCSV)):
			return unset
		case name == "destination":
			return asRun(member)
		}
		return member
	})
}

// Create runs the job. From the moment that COS has accepted it, the run is in the state.
func (r *bucketInventoryRunResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan runResourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(r.checkKnownRun(ctx, req.Config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	timeout, diags := plan.Timeouts.Create(ctx, r.runTimeout(plan.WaitForReport))
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	settings := plan.runModel
	if settings.ID.IsUnknown() {
		settings.ID = types.StringNull()
	}
	accepted, diags := runner{
		providerData: r.providerData,
		runCaller:    resourceRun,
		progress:     func(format string, args ...any) { tflog.Info(ctx, fmt.Sprintf(format, args...)) },
	}.run(ctx, settings)
	resp.Diagnostics.Append(diags...)
	if accepted == nil {
		return
	}
	plan.ID, plan.Region = types.StringValue(accepted.job.ID), types.StringValue(accepted.job.Region)
	plan.RunID, plan.ReportPrefix = stringOrNull(accepted.id), types.StringValue(accepted.reportPrefix())
	plan.ManifestKey, plan.ManifestETag = types.StringNull(), types.StringNull()
	if report := accepted.report; report != nil {
		plan.ManifestKey, plan.ManifestETag = types.StringValue(report.ManifestKey), stringOrNull(report.ETag)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
}

// Read keeps the state: COS has no call that reads a run.
func (r *bucketInventoryRunResource) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {
}

// Update keeps a run: the plan only writes it in another way, or changes its timeouts.
func (r *bucketInventoryRunResource) Update(_ context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	resp.State.Raw = req.Plan.Raw
}

// Delete sends nothing: a run cannot be undone, and its report stays.
func (r *bucketInventoryRunResource) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {
}
