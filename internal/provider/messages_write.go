// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/untrusted"
)

const summaryExists = "COS Bucket Inventory Already Exists"

// beingWritten refuses to create a job that another resource of this run is writing.
func beingWritten(job cos.Job, operation string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(pathID, summaryExists, fmt.Sprintf(
		"Another resource of this run is %s the inventory job %q of bucket %s in region %s. Nothing was written for this resource: "+
			"it would overwrite that job.\n\nA job belongs to one resource. Remove one of the two resources, or give this one another id.",
		map[string]string{"create": "creating", "update": "updating"}[operation], job.ID, job.Name, job.Region))
}

// bucketIsOFS refuses to write a job that COS would accept and never show.
func bucketIsOFS(job cos.Job) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(pathBucket, "Unsupported COS Bucket", fmt.Sprintf(
		"Bucket %s in region %s has metadata acceleration (OFS). Its inventory jobs are of another kind: COS gives them their ids, "+
			"and they have other settings. The provider does not support them, so it did not write the job %q.\n\n"+
			"Use a bucket without metadata acceleration, or set up the inventory in COS's console: https://cloud.tencent.com/document/product/436/74437",
		job.Name, job.Region, job.ID))
}

// changedSincePlan refuses an update that would undo a change which the plan does not show.
func changedSincePlan(job cos.Job, changes []cos.Difference) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Changed Since the Plan", fmt.Sprintf(
		"The inventory job %q of bucket %s in region %s was changed outside Terraform after the plan was made. Nothing was written: "+
			"an update replaces the job whole, and would undo that change.\n\n%s\n\n"+
			"Plan again, with a refresh. The new plan shows the change. To keep it, write it into the configuration first.",
		job.ID, job.Name, job.Region, differences("%s: %s when it was planned, now %s", changes)))
}

// shownOtherwise warns that COS has made other settings of a write.
func shownOtherwise(job cos.Job, changes []cos.Difference) diag.Diagnostic {
	return diag.NewWarningDiagnostic("COS Shows Other Settings", fmt.Sprintf(
		"COS accepted the inventory job %q of bucket %s in region %s, and shows it with other settings than those that were sent.\n\n%s\n\n"+
			"The next plan reads the job again and shows what still differs. To accept what COS has made of the job, write it into the configuration.",
		job.ID, job.Name, job.Region, differences("%s: %s when it was sent, COS shows %s", changes)))
}

// differences lists differences, a line of the form for each.
func differences(form string, all []cos.Difference) string {
	var lines []string
	for _, d := range all {
		lines = append(lines, fmt.Sprintf(form, d.Setting, d.Was, d.Now))
	}
	return "  " + strings.Join(untrusted.List(lines), ".\n  ") + "."
}

// deletedSincePlan warns that an update creates the job.
func deletedSincePlan(job cos.Job) diag.Diagnostic {
	return diag.NewWarningDiagnostic("COS Bucket Inventory Created Again", fmt.Sprintf(
		"The inventory job %q of bucket %s in region %s was to be updated, but it was deleted outside Terraform after the plan was made. "+
			"It is created again, as planned.", job.ID, job.Name, job.Region))
}

// importNotFound is the error for an import of a job that is not in the region. Terraform's own
// message says nothing of the region.
func (d *providerData) importNotFound(job cos.Job, err error) diag.Diagnostic {
	origin := "The import names this region."
	if job.Region == d.region {
		origin = fmt.Sprintf("This is the provider's region, from %s.", d.regionFrom)
	}
	missing := fmt.Sprintf("Bucket %s in region %s has no inventory job %q. %s", job.Name, job.Region, job.ID, origin)
	if cos.IsNoSuchBucket(err) {
		missing = fmt.Sprintf("The inventory job %q cannot be imported: region %s has no bucket %s. %s", job.ID, job.Region, job.Name, origin)
	}
	elsewhere := job.Bucket.Job(job.ID)
	elsewhere.Region = "<region>"
	return diag.NewErrorDiagnostic("COS Bucket Inventory Not Found", fmt.Sprintf(
		"%s\n\n%s\n\nCheck the names. If the bucket is in another region, import the job with that region:\n\n"+
			"import {\n  to = cos_bucket_inventory.example\n  id = %s\n}",
		missing, cause(err), hclString(elsewhere.String())))
}

// unconfirmed warns that COS accepted a write but does not show it yet. A written job is in the
// state, a deleted job is not.
func unconfirmed(done string, job cos.Job, err error) diag.Diagnostic {
	taken, next := "", "The next plan reads the job again and shows a difference, if there is one."
	switch {
	case done == "deleted":
		taken, next = "the deletion of ", "If the job still exists later, delete it in COS or import it: Terraform no longer tracks it."
	case errors.Is(err, context.DeadlineExceeded):
		next = "Run a plan. If it proposes to write the job again, COS accepts the job without keeping it: ask COS's support, with the request ids of a run with TF_LOG=DEBUG."
	}
	err = fmt.Errorf("COS does not show the job as %s: %w", done, err)
	return diag.NewWarningDiagnostic("COS Bucket Inventory Not Confirmed", fmt.Sprintf(
		"COS accepted %sthe inventory job %q of bucket %s in region %s, but reading it back did not confirm that.\n\n%s\n\n%s",
		taken, job.ID, job.Name, job.Region, cause(err), next))
}

// alreadyExists refuses to overwrite a job that this resource does not manage.
func alreadyExists(job cos.Job, providerRegion string, isInState bool) diag.Diagnostic {
	const found = "Bucket %s in region %s already has an inventory job %q%s. It was left as it is."
	if isInState {
		return diag.NewAttributeErrorDiagnostic(pathID, summaryExists, fmt.Sprintf(found, job.Name, job.Region, job.ID, ", which the state has")+"\n\n"+
			"If this resource has a new name, keep the job with a moved block:\n\n"+movedBlock+"\n\n"+
			"If it replaces its own job with create_before_destroy, remove create_before_destroy, or change id. "+
			"If the plan shows a deposed object with this id, take the change of id back for one apply, which deletes it. "+
			"Otherwise another resource manages the job: remove one of the two, or give one another id.")
	}
	return diag.NewAttributeErrorDiagnostic(pathID, summaryExists, fmt.Sprintf(found, job.Name, job.Region, job.ID, "")+"\n\n"+importJob(job, providerRegion)+
		"\n\nIf this resource replaces its own job with create_before_destroy, do not import it: remove create_before_destroy, or change id.")
}

const movedBlock = "moved {\n  from = cos_bucket_inventory.old_name\n  to = cos_bucket_inventory.new_name\n}"

// importJob says how to manage a job that exists. The provider does not know the resource's address.
func importJob(job cos.Job, providerRegion string) string {
	return fmt.Sprintf("To manage it with this resource, import it, with this resource's address behind \"to\". Otherwise choose another id.\n\n"+
		"import {\n  to = cos_bucket_inventory.example\n  id = %s\n}", hclString(importID(job, providerRegion)))
}

// replacedJobIsGone warns that a failed create may be that of a replacement.
func replacedJobIsGone() diag.Diagnostic {
	return diag.NewWarningDiagnostic("COS Bucket Inventory Deleted", "This apply has deleted inventory jobs before the error. "+
		"If this resource replaces one of them, the old job is gone, and the new one does not exist yet. Correct what the error names, and apply again.")
}

// willExist warns, in a plan, of a create that an apply would refuse.
func willExist(job cos.Job, providerRegion string, held cos.Inventory) diag.Diagnostic {
	return diag.NewAttributeWarningDiagnostic(pathID, summaryExists, fmt.Sprintf(
		"%s If it is still there at the apply, the apply stops.\n\n%s\n\nIf another resource of the configuration had the job under an old name, write a moved block instead.",
		existing(job, held), importJob(job, providerRegion)))
}

// ifDestroy is for terraform destroy, which first makes the plan that terraform plan makes.
const ifDestroy = "If you ran terraform destroy, run it with -refresh=false."

// replacementExists refuses a plan that would delete a job, and then not create its replacement.
func replacementExists(before, job cos.Job, held cos.Inventory) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(pathID, summaryExists, fmt.Sprintf(
		"%s This plan replaces the job %q of bucket %s with that one: the apply would delete %[2]q, and then stop.\n\n"+
			"Choose another id. If this plan also deletes the job in the way, or the plan shows a deposed object with its id, apply that deletion first, without this change. "+
			"To manage the existing job instead, remove this resource from the configuration and the state (terraform state rm), and import the job. "+ifDestroy,
		existing(job, held), before.ID, before.Name))
}

// existing describes a job that COS has.
func existing(job cos.Job, held cos.Inventory) string {
	state := "enabled"
	if !held.IsEnabled {
		state = "disabled"
	}
	return fmt.Sprintf("Bucket %s in region %s already has an inventory job %q: %s, %s, to %s.",
		job.Name, job.Region, job.ID, state, held.Schedule.Frequency, held.Destination.Bucket)
}

// notLookedFor warns, once for each bucket, that COS refuses to say which jobs a bucket has. It would
// refuse the apply too.
func notLookedFor(job cos.Job, err error) diag.Diagnostic {
	next := ""
	switch e, ok := errors.AsType[*cos.Error](err); {
	case cos.IsNoSuchBucket(err):
		next = "If this apply creates the bucket, ignore this warning. Otherwise correct bucket or region."
	case ok:
		next = nextStep(resourceCreate, e)
	}
	return diag.NewAttributeWarningDiagnostic(pathBucket, "COS Bucket Not Looked At", paragraphs(fmt.Sprintf(
		"COS did not say which inventory jobs bucket %s in region %s has, so this plan cannot tell whether the jobs that it creates there exist already.", job.Name, job.Region),
		cause(err), next))
}

// replacedTwice refuses a plan in which a replacement stands in the way of another resource.
func replacedTwice(job cos.Job) diag.Diagnostic {
	return diag.NewErrorDiagnostic("COS Bucket Inventory Created Twice", fmt.Sprintf(
		"Two resources of this plan create the inventory job %q of bucket %s in region %s, and one at least replaces another job with it. "+
			"The apply would delete that other job, and then stop.\n\nGive one of the two resources another id.", job.ID, job.Name, job.Region))
}

// jobIsLost refuses a plan in which one resource deletes the job of another one.
func jobIsLost(job cos.Job) diag.Diagnostic {
	return diag.NewErrorDiagnostic("COS Bucket Inventory Deleted and Kept", fmt.Sprintf(
		"One resource of this plan deletes or replaces the inventory job %q of bucket %s in region %s, and another one keeps or imports it. The apply would delete the job.\n\n"+
			"If the resource has a new name, write a moved block in place of an import block:\n\n"+movedBlock+"\n\n"+
			"If two resources of the state have the job, take one of them out of the state and keep the job: use terraform state rm with its address, or a removed block:\n\n"+
			"removed {\n  from = cos_bucket_inventory.old_name\n  lifecycle {\n    destroy = false\n  }\n}\n\n"+ifDestroy, job.ID, job.Name, job.Region))
}

// deletedAfterRefusedCreate warns of a job that is gone though a resource of the run was to create
// it.
func deletedAfterRefusedCreate(job cos.Job) diag.Diagnostic {
	return diag.NewWarningDiagnostic("COS Bucket Inventory Deleted", fmt.Sprintf(
		"The inventory job %q of bucket %s in region %s is deleted. Another resource of this run was to create it, and stopped because it still existed.\n\n"+
			"Run the apply again: it creates the job.", job.ID, job.Name, job.Region))
}
