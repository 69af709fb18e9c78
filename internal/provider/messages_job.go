// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/untrusted"
)

// bucketGone warns that the bucket does not exist, so the job is gone. A wrong region gives the same
// answer.
func bucketGone(job cos.Job, err error) diag.Diagnostics {
	if !cos.IsNoSuchBucket(err) {
		return nil
	}
	return diag.Diagnostics{diag.NewAttributeWarningDiagnostic(pathBucket, "COS Bucket Not Found", fmt.Sprintf(
		"Bucket %s does not exist in region %s, so its inventory job %q is taken as deleted.\n\n%s\n\n"+
			"If the bucket is there, check the region, the account and the address that the provider is configured for before you apply.",
		job.Name, job.Region, job.ID, cause(err)))}
}

// bucketNotServed refuses to treat a job as deleted if the domain does not know its bucket, because
// that domain may serve another region.
func bucketNotServed(job cos.Job, err error) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(pathBucket, "Unable to Delete COS Bucket Inventory", fmt.Sprintf(
		"The inventory job %q of bucket %s in region %s could not be deleted, and stays in the state.\n\n%s\n\n"+
			"The provider's cos_domain does not tell which region it serves, so the bucket may exist in another one. Check cos_domain. "+
			"If the bucket is deleted, remove the job from the state: terraform state rm.", job.ID, job.Name, job.Region, cause(err)))
}

// createdInThisRun is the advice for a data source that Terraform read before it created the job.
const createdInThisRun = "If a resource of this configuration creates the job, take the id from that resource's attribute, " +
	"or add depends_on with the resource: through a local value or an output, Terraform may read the job before it exists."

// jobNotFound is the error for a job that must exist, on the attribute that names it.
func jobNotFound(at path.Path, job cos.Job, err error, advice string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(at, "COS Bucket Inventory Not Found", fmt.Sprintf(
		"Bucket %s in region %s has no inventory job %q.\n\n%s\n\n%s", job.Name, job.Region, job.ID, cause(err), advice))
}

// destinationMissing warns of a job whose reports have no place to go.
func destinationMissing(job cos.Job, destination cos.Bucket) diag.Diagnostic {
	return diag.NewAttributeWarningDiagnostic(pathDestination, "Destination Bucket Not Found", fmt.Sprintf(
		"COS has no bucket %s in region %s, which is to receive the inventory reports of the job %q of bucket %s. "+
			"COS accepts such a job and never delivers a report.\n\nCreate the bucket, or correct destination.",
		destination.Name, destination.Region, job.ID, job.Name))
}

// acceptedAfterEnd is the error of an action that was ended while COS accepted its one-time job.
func acceptedAfterEnd(ctx context.Context, accepted *acceptedRun) diag.Diagnostic {
	ended := cos.Interruption{Err: ctx.Err()}
	job := accepted.job
	return diag.NewErrorDiagnostic("One-Time Inventory Accepted", fmt.Sprintf(
		"COS accepted the one-time job %q of bucket %s in region %s when %s.\n\n"+
			"The job runs all the same. %s\n\nIts report will be delivered under %s in %s.",
		job.ID, job.Name, job.Region, ended.Reason(), actionRun.keep, accepted.reportPrefix(), accepted.sent.Destination.Bucket))
}

// notStarted adds to an error that it kept a one-time job from being started.
func notStarted(d diag.Diagnostic) diag.Diagnostic {
	return withMore(d, "No one-time job was started.")
}

// withMore adds a paragraph to an error.
func withMore(d diag.Diagnostic, paragraph string) diag.Diagnostic {
	more := diag.NewErrorDiagnostic(d.Summary(), paragraphs(d.Detail(), paragraph))
	if at, ok := d.(diag.DiagnosticWithPath); ok {
		return diag.WithPath(at.Path(), more)
	}
	return more
}

// notDelivered is the error of a run that stopped waiting for the report of its one-time job.
func notDelivered(job cos.Job, destination cos.Destination, place cos.ReportPlace, by runCaller, err error) diag.Diagnostic {
	reason := "The report cannot be looked for."
	ended, _ := errors.AsType[*cos.Interruption](err)
	if ended != nil {
		reason = fmt.Sprintf("Its report was not there when %s.", ended.Reason())
	}
	parts := []string{fmt.Sprintf("COS accepted the one-time job %q of bucket %s in region %s. %s", job.ID, job.Name, job.Region, reason)}
	e, isOfCall := errors.AsType[*cos.Error](err)
	manifest, isManifest := errors.AsType[*cos.ManifestError](err)
	switch {
	case isOfCall && ended == nil:
		parts = append(parts, cause(e), nextStep(by.reading(), e))
	case isOfCall:
		parts = append(parts, "The last look for it failed. "+cause(e))
	case isManifest:
		parts = append(parts, "A manifest is there, but it cannot be used: "+cause(manifest))
	}
	parts = append(parts, fmt.Sprintf("The job runs all the same. %s\n\nIts report will be delivered under %s in bucket %s, "+
		"with manifest.json under its day. This data source looks for it:", by.keep, place.Prefix, place.Bucket.Name), reportDataSource(job, destination))
	if ended != nil && errors.Is(ended.Err, context.DeadlineExceeded) {
		parts = append(parts, "To wait longer the next time, set "+by.timeout+".")
	}
	return diag.NewErrorDiagnostic("Inventory Report Not Delivered", paragraphs(parts...))
}

// reportDataSource writes the data source that reads the report of a one-time job.
func reportDataSource(job cos.Job, destination cos.Destination) string {
	prefix := ""
	if destination.Prefix != "" {
		prefix = ", prefix = " + hclString(destination.Prefix)
	}
	return fmt.Sprintf("data \"cos_bucket_inventory_report\" \"run\" {\n  bucket = %s\n  region = %s\n  id = %s\n  destination = { bucket = %s%s }\n}",
		hclString(job.Name), hclString(job.Region), hclString(job.ID), hclString(destination.Bucket), prefix)
}

func missingRegion() diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(pathRegion, "Missing Region",
		"The bucket's region is not known. Set region here, or in the provider's configuration, or "+envRegion+" in the environment.")
}

// bucketElsewhere refuses to plan a job in the provider's region when its bucket is in another one.
func bucketElsewhere(bucket, region string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(pathRegion, "Missing Region", fmt.Sprintf(
		"The job is to be created, or deleted and created again, in bucket %s, which is outside the provider's region. Set region = %q here.", bucket, region))
}

// movedWithoutRegion is the error for a state that was moved from another provider: it has no
// region, and a read does not see the configuration.
func movedWithoutRegion(job cos.Job) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Missing Region", fmt.Sprintf(
		"The state of the inventory job %q of bucket %s, which was moved here, names no region, and neither does the provider. "+
			"Set region in the provider's configuration, or %s in the environment.", job.ID, job.Name, envRegion))
}

// regionNotServed refuses at plan time what every API call would refuse.
func regionNotServed(region string, err error) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(pathRegion, "Region Not Served", sentence(capitalized(err.Error()))+"\n\n"+servedRegion(region))
}

// unmodelledRead warns of settings that the job has and the provider does not support.
func unmodelledRead(job cos.Job, paths []string) diag.Diagnostics {
	if len(paths) == 0 {
		return nil
	}
	return diag.Diagnostics{diag.NewWarningDiagnostic("Unsupported Settings in COS Bucket Inventory", fmt.Sprintf(
		"The inventory job %q of bucket %s in region %s has settings that this version of the provider does not support: %s.\n\n"+
			"They stay as they are as long as the job is not changed. If COS has added them, a newer version may support them.%s",
		job.ID, job.Name, job.Region, strings.Join(paths, ", "), twins(paths)))}
}

// unmodelledInRun refuses a run that would lose settings of the scheduled job, such as a filter. The
// one-time job would list more objects, and COS bills each listed object.
func unmodelledInRun(job cos.Job, paths []string) diag.Diagnostics {
	if len(paths) == 0 {
		return nil
	}
	return diag.Diagnostics{diag.NewAttributeErrorDiagnostic(pathJobID, "Settings Not Taken Over", fmt.Sprintf(
		"The job %q of bucket %s in region %s has settings that this version of the provider does not support: %s. "+
			"A one-time job without them may list and bill more objects. No one-time job was started.\n\n"+
			"Use a version of the provider that supports them, or give the one-time job settings of its own in place of job_id.",
		job.ID, job.Name, job.Region, strings.Join(paths, ", ")))}
}

// unmodelledLost warns of settings that the planned change would remove.
func unmodelledLost(paths []string) diag.Diagnostics {
	if len(paths) == 0 {
		return nil
	}
	paths = untrusted.List(paths) // somebody may have edited the state
	return diag.Diagnostics{diag.NewWarningDiagnostic("Settings Would Be Lost", fmt.Sprintf(
		"COS replaces a job whole. The job has settings that this version of the provider does not support, and the planned change removes or rewrites them: %s.\n\n"+
			"To keep them, change the job in the way that set them, or use a version of the provider that supports them.%s",
		strings.Join(paths, ", "), twins(paths)))}
}

// extraLost warns of elements beside the settings that the planned change would remove.
func extraLost(job cos.Job, names []string, jobs int) diag.Diagnostic {
	return diag.NewWarningDiagnostic("Unknown Elements Would Be Lost", fmt.Sprintf(
		"The inventory job %q of bucket %s in region %s has elements that this version of the provider does not know: %s. "+
			"COS replaces a job whole, and the planned change does not write them. If COS fills them in itself, nothing is lost.\n\n"+
			"So far, this plan has seen %s of the bucket with such elements. It warns of one job of each bucket.",
		job.ID, job.Name, job.Region, strings.Join(untrusted.List(names), ", "), count(jobs, "job")))
}

// sentence adds a full stop unless s ends with a mark.
func sentence(s string) string {
	s = strings.TrimSpace(s)
	if last, _ := utf8.DecodeLastRuneInString(s); s == "" || strings.ContainsRune(".!?。！？", last) {
		return s
	}
	return s + "."
}

// capitalized returns s, which starts with a word of ours, with an upper-case first letter.
func capitalized(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToUpper(first)) + s[size:]
}
