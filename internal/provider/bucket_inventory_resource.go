// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
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
		resp.Diagnostics.Append(apiError(resourceCreate, job, err))
		return
	case holder != "":
		resp.Diagnostics.Append(beingWritten(job, holder))
		return
	}
	defer release()

	// A PUT overwrites an existing job, so a GET of the job comes first. No LIST result can replace
	// it.
	switch _, err := r.client.AwaitInventory(ctx, job, cos.Wait{NoBucket: cos.NewBucket}); {
	case err == nil:
		r.planned.refuse(job)
		resp.Diagnostics.Append(alreadyExists(job, r.region, r.planned.isInState(job)))
		return
	case !cos.IsNoSuchJob(err):
		resp.Diagnostics.Append(apiError(resourceCreate, job, err))
		return
	}
	resp.Diagnostics.Append(r.looks.checkSource(ctx, r.client, job)...)
	if resp.Diagnostics.HasError() {
		return
	}
	look := r.looks.startDestination(ctx, r.client, job, inv.Destination.Bucket)
	if err := r.client.PutInventory(ctx, job, inv); err != nil {
		resp.Diagnostics.Append(apiError(resourceCreate, job, err))
		return
	}
	resp.Diagnostics.Append(r.awaitWritten(ctx, job, inv, &plan.bucketInventoryModel)...)
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	setIdentity(resp.Identity, job)
	resp.Diagnostics.Append(r.looks.warning(look, job)...)
}

// Read reads a job that no LIST result has confirmed (see [confirmedRead]).
func (r *bucketInventoryResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state bucketInventoryResourceModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	timeout, diags := readTimeout(ctx, state.Timeouts, r.defaultTimeout)
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
	r.regions.see(job.Bucket) // an imported job has had no prior state
	r.planned.seeState(job)

	// A job that is not found would leave the state: one response is not enough.
	inv, err := r.client.AwaitInventory(ctx, job, cos.Wait{NoJob: cos.Settle, NoBucket: cos.Settle})
	switch {
	case cos.IsNotFound(err) && isImported(state):
		resp.Diagnostics.Append(r.importNotFound(job, err))
		return
	case cos.IsNotFound(err):
		if cos.IsNoSuchBucket(err) {
			r.regions.forget(job.Bucket)
		}
		resp.Diagnostics.Append(bucketGone(job, err)...)
		resp.State.RemoveResource(ctx)
		return
	case err != nil:
		resp.Diagnostics.Append(apiError(resourceRead, job, err))
		return
	}
	state.bucketInventoryModel, diags = flatten(ctx, job, inv)
	resp.Diagnostics.Append(diags...)
	lost := unsupported(inv)
	resp.Diagnostics.Append(unmodelledRead(job, lost)...)
	resp.Diagnostics.Append(setUnmodelled(ctx, resp.Private, lost)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	resp.State.Raw = keepNothing(req.State.Raw, resp.State.Raw)
}

// readTimeout returns the timeout of a refresh: the one in the prior state, or the default if that
// is longer. A refresh does not see the configuration. If it used a too short timeout from the
// state, it would fail, and no plan could ever replace that timeout.
func readTimeout(ctx context.Context, prior timeouts.Value, shortest time.Duration) (time.Duration, diag.Diagnostics) {
	timeout, diags := prior.Read(ctx, shortest)
	return max(timeout, shortest), diags
}

func (r *bucketInventoryResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state bucketInventoryResourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	timeout, diags := plan.Timeouts.Update(ctx, r.defaultTimeout)
	resp.Diagnostics.Append(diags...)
	inv, diags := plan.expand(ctx)
	resp.Diagnostics.Append(diags...)
	before, diags := state.expand(ctx)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	job := plan.job(r.region)
	setIdentity(resp.Identity, job)

	if inv.Equal(before) { // only the timeouts changed, which COS knows nothing of
		resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
		return
	}
	release, _, err := r.reservations.reserve(ctx, job, "update")
	if err != nil {
		resp.Diagnostics.Append(apiError(resourceUpdate, job, err))
		return
	}
	defer release()
	shown, isPlanned, diags := r.lookBeforeUpdate(ctx, req, job, inv)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	if isPlanned {
		plan.fill(job, inv, shown)
		resp.Diagnostics.Append(setUnmodelled(ctx, resp.Private, nil)...)
		resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
		return
	}
	var look *bucketLook
	if inv.Destination.Bucket != before.Destination.Bucket {
		look = r.looks.startDestination(ctx, r.client, job, inv.Destination.Bucket)
	}
	if err := r.client.PutInventory(ctx, job, inv); err != nil {
		resp.Diagnostics.Append(apiError(resourceUpdate, job, err))
		return
	}
	resp.Diagnostics.Append(r.awaitWritten(ctx, job, inv, &plan.bucketInventoryModel)...)
	resp.Diagnostics.Append(setUnmodelled(ctx, resp.Private, nil)...) // the PUT replaced them
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(r.looks.warning(look, job)...)
}

func (r *bucketInventoryResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
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
	r.regions.delete(job.Bucket)
	if r.planned.isRefused(job) {
		resp.Diagnostics.Append(deletedAfterRefusedCreate(job))
	}
	if err != nil {
		return // the job was gone already
	}
	// Otherwise a create of the same id right after might still find the job.
	never := func(cos.Inventory) bool { return false }
	if _, err := r.client.AwaitInventory(ctx, job, cos.Wait{For: never, Other: cos.ToTheEnd, NoBucket: cos.Settle}); !cos.IsNotFound(err) {
		resp.Diagnostics.Append(unconfirmed("deleted", job, fmt.Errorf("COS does not show the job as deleted: %w", err)))
	}
}

// awaitWritten waits until COS shows the job as it was written, and sets what COS fills in. After a
// write, all diagnostics are warnings: an error would taint a job that exists, and the next apply
// would destroy it.
func (r *bucketInventoryResource) awaitWritten(ctx context.Context, job cos.Job, sent cos.Inventory, m *bucketInventoryModel) diag.Diagnostics {
	var diags diag.Diagnostics
	echoes := func(inv cos.Inventory) bool { return inv.Echoes(sent) }
	shown, err := r.client.AwaitInventory(ctx, job, cos.Wait{For: echoes, Other: cos.ToTheEnd, NoJob: cos.ToTheEnd, NoBucket: cos.NewBucket})
	if err != nil {
		diags.Append(unconfirmed("written", job, fmt.Errorf("COS does not show the job as it was written: %w", err)))
	}
	m.fill(job, sent, shown)
	return diags
}
