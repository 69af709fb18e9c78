// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

func (r *bucketInventoryResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	r.memory.isApplied.Store(true)
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
// before: perhaps with what was sent, and settings that were not. Anything else that COS goes on
// showing is what it has made of the job.
func waitFor(before, sent cos.Inventory) cos.Wait {
	return cos.Wait{
		Shown: func(shown cos.Inventory) cos.Patience {
			switch isSent := shown.Echoes(sent); {
			case isSent && len(shown.Unmodelled) == 0:
				return cos.AtOnce
			case !isSent && len(before.Differences(shown)) == 0:
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
	shown.Unmodelled = unsupported(shown)
	if before.Destination.AccountID == "" {
		before.Destination.AccountID = shown.Destination.AccountID
	}
	return before.DifferencesInNFC(shown)
}
