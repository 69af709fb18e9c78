// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

var (
	_ resource.ResourceWithConfigure      = &bucketInventoryResource{}
	_ resource.ResourceWithIdentity       = &bucketInventoryResource{}
	_ resource.ResourceWithMoveState      = &bucketInventoryResource{}
	_ resource.ResourceWithValidateConfig = &bucketInventoryResource{}
	_ resource.ResourceWithModifyPlan     = &bucketInventoryResource{}
	_ resource.ResourceWithImportState    = &bucketInventoryResource{}
)

func newBucketInventoryResource() resource.Resource { return &bucketInventoryResource{} }

// bucketInventoryResource manages one inventory job. providerData is nil until the provider is
// configured. Terraform validates without configuring it.
type bucketInventoryResource struct {
	*providerData
}

func (r *bucketInventoryResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_bucket_inventory"
}

func (r *bucketInventoryResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = bucketInventorySchema(ctx)
}

func (r *bucketInventoryResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.providerData = configured(req.ProviderData, &resp.Diagnostics)
}

func (r *bucketInventoryResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	r.memory.isApplied.Store(true)
	var plan bucketInventoryResourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	timeout, diags := plan.Timeouts.Create(ctx, r.defaultTimeout)
	resp.Diagnostics.Append(diags...)
	inv, diags := plan.expand(ctx)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	job := plan.job(r.region)
	release, holder, err := r.reservations.reserve(ctx, job, "create")
	switch {
	case err != nil:
		resp.Diagnostics.Append(r.notCreated(apiError(resourceCreate, job, err))...)
		return
	case holder != "":
		resp.Diagnostics.Append(r.notCreated(beingWritten(job, holder))...)
		return
	}
	defer release()
	source := r.looks.start(ctx, job.Bucket)
	// A PUT overwrites an existing job, so a GET of the job comes first. No LIST result can replace
	// it.
	switch _, err := r.client.AwaitInventory(ctx, job, cos.Wait{NoBucket: cos.NewBucket}); {
	case err == nil:
		resp.Diagnostics.Append(r.notCreated(alreadyExists(job, r.region, r.memory.refuse(job)))...)
		return
	case !cos.IsNoSuchJob(err):
		resp.Diagnostics.Append(r.notCreated(apiError(resourceCreate, job, err))...)
		return
	}
	if diags := source.refusal(ctx, job); diags.HasError() {
		resp.Diagnostics.Append(r.notCreated(diags...)...)
		return
	}
	destination := r.looks.startDestination(ctx, job, inv.Destination.Bucket)
	if err := r.client.PutInventory(ctx, job, inv); err != nil {
		resp.Diagnostics.Append(r.notCreated(apiError(resourceCreate, job, err))...)
		return
	}
	resp.Diagnostics.Append(r.awaitWritten(ctx, job, cos.Inventory{}, inv, &plan.bucketInventoryModel)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	setIdentity(resp.Identity, job)
	resp.Diagnostics.Append(r.looks.warning(destination, job)...)
}

// notCreated adds to the errors of a create that the apply has deleted jobs before it. Terraform
// deletes a job first and creates its replacement then, and does not say so to the create.
func (r *bucketInventoryResource) notCreated(errs ...diag.Diagnostic) diag.Diagnostics {
	if r.memory.hasDeleted() {
		errs = append(errs, replacedJobIsGone())
	}
	return errs
}

// Read keeps the state of a job that the bucket's shared LIST result shows as the state has it. Of
// any other job, its own GET decides.
func (r *bucketInventoryResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state bucketInventoryResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	timeout, diags := readTimeout(ctx, state.Timeouts, r.defaultTimeout)
	resp.Diagnostics.Append(diags...)
	known, diags := state.expand(ctx)
	resp.Diagnostics.Append(diags...)
	recorded, diags := recordedPaths(ctx, req.Private, keyUnmodelled)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	job := state.job(r.region)
	if job.Region == "" {
		resp.Diagnostics.Append(movedWithoutRegion(job))
		return
	}
	// Also if the job is removed below: a state that is older than identities has none.
	setIdentity(resp.Identity, job)
	r.memory.see(job) // an imported job has had no prior state
	if state.isWhole(job, known) && len(recorded) == 0 {
		if extra, ok := r.client.ConfirmInventory(ctx, job, known); ok {
			resp.Diagnostics.Append(recordPaths(ctx, resp.Private, keyExtra, extra)...)
			return
		}
	}

	// A job that is not found would leave the state: one response is not enough.
	inv, err := r.client.AwaitInventory(ctx, job, cos.Wait{NoJob: cos.Settle, NoBucket: cos.Settle})
	switch {
	case cos.IsNotFound(err) && isImported(state):
		resp.Diagnostics.Append(r.importNotFound(job, err))
		return
	case cos.IsNotFound(err):
		if cos.IsNoSuchBucket(err) {
			r.memory.forget(job.Bucket)
		}
		resp.Diagnostics.Append(bucketGone(job, err)...)
		resp.State.RemoveResource(ctx)
		return
	case err != nil:
		resp.Diagnostics.Append(apiError(resourceRead, job, err))
		return
	}
	state.bucketInventoryModel, diags = flatten(ctx, job, inv.Spelled(known))
	resp.Diagnostics.Append(diags...)
	lost := unsupported(inv)
	resp.Diagnostics.Append(unmodelledRead(job, lost)...)
	resp.Diagnostics.Append(recordPaths(ctx, resp.Private, keyUnmodelled, lost)...)
	resp.Diagnostics.Append(recordPaths(ctx, resp.Private, keyExtra, inv.Extra)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.State.Raw = keepSpelling(req.State.Raw, resp.State.Raw)
}

// isWhole reports whether a read of the unchanged job would write the state again: it was not just
// imported or moved, and what derives from the document fits it.
func (m bucketInventoryModel) isWhole(job cos.Job, document cos.Inventory) bool {
	return m.Region.ValueString() == job.Region && m.ReportPrefix.ValueString() == cos.ReportPrefix(job.Name, job.ID, document.Destination.Prefix)
}

// readTimeout returns the timeout of a refresh: the one in the prior state, or the default if that
// is longer. A refresh does not see the configuration. If it used a too short timeout from the
// state, it would fail, and no plan could ever replace that timeout.
func readTimeout(ctx context.Context, prior timeouts.Value, shortest time.Duration) (time.Duration, diag.Diagnostics) {
	timeout, diags := prior.Read(ctx, shortest)
	return max(timeout, shortest), diags
}

func (r *bucketInventoryResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	r.memory.isApplied.Store(true)
	var state bucketInventoryResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	timeout, diags := state.Timeouts.Delete(ctx, r.defaultTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	job := state.job(r.region)

	release, _, err := r.reservations.reserve(ctx, job, "delete")
	if err != nil {
		resp.Diagnostics.Append(apiError(resourceDelete, job, err))
		return
	}
	defer release()
	err = r.client.DeleteInventory(ctx, job)
	switch {
	case cos.IsNoSuchBucket(err) && r.client.HidesRegion():
		resp.Diagnostics.Append(bucketNotServed(job, err))
		return
	case cos.IsNoSuchBucket(err):
		resp.Diagnostics.Append(bucketGone(job, err)...)
		return
	case err != nil && !cos.IsNoSuchJob(err):
		resp.Diagnostics.Append(apiError(resourceDelete, job, err))
		return
	}
	if isRefused := r.memory.delete(job); isRefused {
		resp.Diagnostics.Append(deletedAfterRefusedCreate(job))
	}
	if err != nil {
		return // the job was gone already
	}
	// Otherwise a create of the same id right after might still find the job.
	_, err = r.client.AwaitInventory(ctx, job, cos.Wait{
		Shown: func(cos.Inventory) cos.Patience { return cos.ToTheEnd }, NoBucket: cos.Settle,
	})
	if !cos.IsNotFound(err) {
		resp.Diagnostics.Append(unconfirmed("deleted", job, err))
	}
}
