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
func changedSincePlan(job cos.Job, changes []string) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Changed Since the Plan", fmt.Sprintf(
		"The inventory job %q of bucket %s in region %s was changed outside Terraform after the plan was made. Nothing was written: "+
			"an update replaces the job whole, and would undo that change.\n\n%s\n\n"+
			"Plan again, with a refresh. The new plan shows the change. To keep it, write it into the configuration first.",
		job.ID, job.Name, job.Region, "  "+strings.Join(untrusted.List(changes), ".\n  ")+"."))
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
		"%s\n\n%s\n\nCheck the names. If the bucket is in another region, import the job with that region, by id or by identity:\n\n"+
			"import {\n  to = cos_bucket_inventory.example\n  id = %s\n}\n\n"+
			"import {\n  to = cos_bucket_inventory.example\n  identity = { bucket = %s, id = %s, region = %s }\n}",
		missing, cause(err), hclString(elsewhere.String()), hclString(job.Name), hclString(job.ID), hclString("<region>")))
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
	return diag.NewWarningDiagnostic("COS Bucket Inventory Not Confirmed", fmt.Sprintf(
		"COS accepted %sthe inventory job %q of bucket %s in region %s, but reading it back did not confirm that.\n\n%s\n\n%s",
		taken, job.ID, job.Name, job.Region, cause(err), next))
}

// willExist warns, in a plan, of a create that an apply would refuse.
func willExist(job cos.Job, providerRegion string, held cos.Inventory) diag.Diagnostic {
	state := "enabled"
	if !held.IsEnabled {
		state = "switched off"
	}
	return diag.NewAttributeWarningDiagnostic(pathID, summaryExists, fmt.Sprintf(
		"Bucket %s in region %s already has an inventory job %q: %s, %s, to %s. If it is still there at the apply, the apply stops with this message.\n\n"+
			"To manage that job with this configuration, import it, with the name of your resource in place of \"example\":\n\n"+
			"import {\n  to = cos_bucket_inventory.example\n  id = %s\n}\n\n"+
			"If another resource of the configuration had the job under an old name, write a moved block. Otherwise choose another id.",
		job.Name, job.Region, job.ID, state, held.Schedule.Frequency, held.Destination.Bucket, hclString(importID(job, providerRegion))))
}

// deletedAndCreated warns of one job that a run deletes at one address and creates at another.
func deletedAndCreated(job cos.Job) diag.Diagnostic {
	return diag.NewAttributeWarningDiagnostic(pathID, "COS Bucket Inventory Deleted and Created", fmt.Sprintf(
		"This plan deletes the inventory job %q of bucket %s in region %s with one resource, and creates it with another. "+
			"Terraform may do both in any order: if the create comes first, it stops with \"Already Exists\", and the job is then deleted.\n\n"+
			"If the resource has a new name, keep the job with a moved block:\n\n"+
			"moved {\n  from = cos_bucket_inventory.old_name\n  to = cos_bucket_inventory.new_name\n}", job.ID, job.Name, job.Region))
}

// createdTwice warns of two resources that are to create one job.
func createdTwice(job cos.Job) diag.Diagnostic {
	return diag.NewAttributeWarningDiagnostic(pathID, "COS Bucket Inventory Created Twice", fmt.Sprintf(
		"Two resources of this plan create the inventory job %q of bucket %s in region %s. The apply of one of them stops with \"Already Exists\".\n\n"+
			"Remove one of the two resources, or give one another id.", job.ID, job.Name, job.Region))
}

// managedAlready warns of a create of a job that another resource of the state manages.
func managedAlready(job cos.Job) diag.Diagnostic {
	return diag.NewAttributeWarningDiagnostic(pathID, "COS Bucket Inventory Managed Already", fmt.Sprintf(
		"One resource of this configuration manages the inventory job %q of bucket %s in region %s, and another is to create it. The apply stops with \"Already Exists\".\n\n"+
			"Remove one of the two resources, or give the new one another id.", job.ID, job.Name, job.Region))
}

// bucketWillBeFull warns of creates that COS is going to refuse.
func bucketWillBeFull(bucket cos.Bucket, jobs, created, ending int) diag.Diagnostic {
	return diag.NewAttributeWarningDiagnostic(pathBucket, "COS Bucket Full", fmt.Sprintf(
		"Bucket %s in region %s has %d inventory jobs, and COS allows %d in a bucket. This plan creates at least %d, and deletes %d so far. "+
			"COS refuses what does not fit with InventoryFull.\n\nDelete jobs that are no longer needed, before the apply.",
		bucket.Name, bucket.Region, jobs, cos.MaxBucketJobs, created, ending))
}

// deletedAfterRefusedCreate warns of a job that is gone though a resource of the run was to create
// it.
func deletedAfterRefusedCreate(job cos.Job) diag.Diagnostic {
	return diag.NewWarningDiagnostic("COS Bucket Inventory Deleted", fmt.Sprintf(
		"The inventory job %q of bucket %s in region %s is deleted. Another resource of this run was to create it, and stopped because it still existed.\n\n"+
			"Run the apply again: it creates the job.", job.ID, job.Name, job.Region))
}
