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
	r.memory.apply()
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

func (r *bucketInventoryResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	r.memory.apply()
	var plan, state bucketInventoryResourceModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	timeout, diags := plan.Timeouts.Update(ctx, r.defaultTimeout)
	resp.Diagnostics.Append(diags...)
	inv, diags := plan.expand(ctx)
	resp.Diagnostics.Append(diags...)
	before, diags := state.expand(ctx)
	resp.Diagnostics.Append(diags...)
	before.Unmodelled, diags = recordedPaths(ctx, req.Private, keyUnmodelled)
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
	shown, isDone, diags := r.readBeforeUpdate(ctx, job, before, inv)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	var destination *bucketLook
	if isDone {
		plan.fill(job, inv, shown)
	} else {
		// An account that COS shows and no configuration sets: the PUT would take it away.
		if inv.Destination.AccountID == "" && cos.AppID(inv.Destination.Bucket) == cos.AppID(shown.Destination.Bucket) {
			inv.Destination.AccountID = shown.Destination.AccountID
		}
		if inv.Destination.Bucket != before.Destination.Bucket {
			destination = r.looks.startDestination(ctx, job, inv.Destination.Bucket)
		}
		if err := r.client.PutInventory(ctx, job, inv); err != nil {
			resp.Diagnostics.Append(apiError(resourceUpdate, job, err))
			return
		}
		resp.Diagnostics.Append(r.awaitWritten(ctx, job, shown, inv, &plan.bucketInventoryModel)...)
	}
	resp.Diagnostics.Append(recordPaths(ctx, resp.Private, keyUnmodelled, nil)...) // COS holds none any more
	resp.Diagnostics.Append(resp.State.Set(ctx, plan)...)
	resp.Diagnostics.Append(r.looks.warning(destination, job)...)
}

func (r *bucketInventoryResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	r.memory.apply()
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

// awaitWritten waits until COS shows what it has made of a write, and sets what COS fills in. After a
// write, all diagnostics are warnings: an error would taint a job that exists, and the next apply
// would destroy it.
func (r *bucketInventoryResource) awaitWritten(ctx context.Context, job cos.Job, before, sent cos.Inventory, m *bucketInventoryModel) diag.Diagnostics {
	var diags diag.Diagnostics
	shown, err := r.client.AwaitInventory(ctx, job, waitFor(before, sent))
	switch {
	case err != nil:
		diags.Append(unconfirmed("written", job, err))
	case !shown.Echoes(sent):
		diags.Append(shownOtherwise(job, sent.Differences(shown)))
	}
	m.fill(job, sent, shown)
	return diags
}

// waitFor is the wait for a written job. COS may show it only a moment later, and until then as it was
// before. Anything else that COS goes on showing is what it has made of the job.
func waitFor(before, sent cos.Inventory) cos.Wait {
	return cos.Wait{
		Shown: func(shown cos.Inventory) cos.Patience {
			switch {
			case shown.Echoes(sent):
				return cos.AtOnce
			case len(before.Differences(shown)) == 0:
				return cos.ToTheEnd
			}
			return cos.Settle
		},
		NoJob: cos.ToTheEnd, NoBucket: cos.NewBucket,
	}
}

// readBeforeUpdate reads the job before a PUT replaces it. COS has no conditional PUT, and the plan
// may be hours old: before is the document that it was made for. isDone reports whether the job is
// as planned already, so that there is nothing to write.
func (r *bucketInventoryResource) readBeforeUpdate(ctx context.Context, job cos.Job, before, planned cos.Inventory) (shown cos.Inventory, isDone bool, diags diag.Diagnostics) {
	isPlanned := func(inv cos.Inventory) bool {
		// Only the spelling may be planned to change: that is written.
		return inv.Echoes(planned) && !before.Echoes(planned) && len(unsupported(inv)) == 0
	}
	shown, err := r.client.AwaitInventory(ctx, job, cos.Wait{
		Shown: func(inv cos.Inventory) cos.Patience {
			if isPlanned(inv) || len(changesSince(before, inv)) == 0 {
				return cos.AtOnce
			}
			return cos.Settle
		},
		NoJob: cos.Settle, NoBucket: cos.Settle,
	})
	switch {
	case cos.IsNoSuchJob(err):
		diags.Append(deletedSincePlan(job))
	case err != nil:
		diags.Append(apiError(resourceUpdate, job, err))
	case isPlanned(shown):
		return shown, true, diags
	default:
		if changes := changesSince(before, shown); len(changes) > 0 {
			diags.Append(changedSincePlan(job, changes))
		}
	}
	return shown, false, diags
}

// changesSince returns the settings in which a job that COS shows differs from the document that a
// plan was made for, in the form that Terraform keeps. COS may fill in an account at any time.
func changesSince(before, shown cos.Inventory) []cos.Difference {
	now := shown.NFC()
	now.Unmodelled = unsupported(shown)
	if before.Destination.AccountID == "" {
		before.Destination.AccountID = now.Destination.AccountID
	}
	return before.Differences(now)
}
