// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

// maxNamed is how many things a message names for one cause, and how many causes.
const maxNamed = 10

// unreadThing is a bucket that could not be listed, or a job that could not be read.
type unreadThing struct {
	name string
	err  error
}

func unreadBucket(bucket cos.Bucket, err error) unreadThing {
	return unreadThing{fmt.Sprintf("%s in region %s", bucket.Name, bucket.Region), err}
}

func unreadJob(bucket cos.Bucket, job *cos.UnreadableJob) unreadThing {
	return unreadThing{fmt.Sprintf("\"%s\" of bucket %s in region %s", job.ID, bucket.Name, bucket.Region), job.Err}
}

// byCause names things above what they failed of: ten causes, with ten things each. The request id
// is that of the first.
func byCause(unread []unreadThing) string {
	names, said := map[string][]string{}, map[string]string{}
	var causes []string
	for _, thing := range unread {
		text := cause(thing.err)
		key, _, _ := strings.Cut(text, "\nRequest id: ")
		if said[key] == "" {
			causes, said[key] = append(causes, key), text
		}
		names[key] = append(names[key], thing.name)
	}
	var parts []string
	for _, key := range causes[:min(len(causes), maxNamed)] {
		parts = append(parts, firstFew(names[key])+"\n"+said[key])
	}
	if more := causes[len(parts):]; len(more) > 0 {
		parts = append(parts, fmt.Sprintf("There are %d more causes.", len(more)))
	}
	return paragraphs(parts...)
}

// count writes a number of things.
func count[N int | int64](n N, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return fmt.Sprintf("%d %s", n, thing)
}

// firstFew lists ten names, and says how many more there are.
func firstFew(names []string) string {
	if more := len(names) - maxNamed; more > 0 {
		names = append(names[:maxNamed:maxNamed], fmt.Sprintf("and %d more", more))
	}
	return "  " + strings.Join(names, "\n  ")
}

// isLeftOut reports whether ignore_inaccessible_buckets omits a bucket of the account that could not
// be read: COS refused it, has deleted it or does not serve it, or its name is none of COS.
func isLeftOut(err error) bool {
	return isDeniedOrUnsupported(err) || cos.IsNoSuchBucket(err) || isOddName(err)
}

func isDeniedOrUnsupported(err error) bool { return cos.IsDenied(err) || cos.IsUnsupported(err) }

// isOddName reports whether a bucket was not read because its name or region is none of COS.
func isOddName(err error) bool {
	_, ok := errors.AsType[*cos.ValueError](err)
	return ok
}

// bucketsUnread is the one error for all buckets that could not be read.
func bucketsUnread(unread []unreadThing, ignores bool) diag.Diagnostic {
	parts := []string{
		fmt.Sprintf("The inventory jobs of %d of the account's buckets could not be listed, so the result would be incomplete.", len(unread)),
		byCause(unread),
	}
	denied, leftOut := 0, 0
	for _, thing := range unread {
		if cos.IsDenied(thing.err) {
			denied++
		}
		if isLeftOut(thing.err) {
			leftOut++
		}
	}
	if denied > 0 {
		parts = append(parts, fmt.Sprintf("Allow the credentials the actions %s and %s on the buckets that are refused.", camAction(cos.ListInventories), camAction(cos.GetInventory)))
	}
	if leftOut > 0 && !ignores {
		parts = append(parts, "To omit buckets that are refused, deleted, of an odd name or without the inventory feature, set ignore_inaccessible_buckets = true: "+
			"a warning and inaccessible_buckets then name them.")
	}
	if denied < len(unread) {
		parts = append(parts, "Correct what the messages name, or try again. To read fewer buckets, narrow them with region or bucket_tag, or name one with bucket.")
	}
	return diag.NewErrorDiagnostic("Unable to List COS Bucket Inventories", paragraphs(parts...))
}

// bucketsLeftOut warns of all buckets that the result omits.
func bucketsLeftOut(unread []unreadThing) diag.Diagnostic {
	return diag.NewWarningDiagnostic("COS Buckets Not Listed", fmt.Sprintf(
		"The result omits the inventory jobs of %s, as ignore_inaccessible_buckets says. inaccessible_buckets names all of them.\n\n%s\n\n"+
			"Their jobs are not gone. Do not let a resource's for_each follow this result: it would delete them.", count(len(unread), "bucket"), byCause(unread)))
}

// bucketUnread warns that a query goes on without a bucket.
func bucketUnread(bucket cos.Bucket, err error) diag.Diagnostic {
	detail := listError(queryList, bucket, err).Detail()
	if isOddName(err) {
		detail = fmt.Sprintf("COS lists a bucket %q in region %q among the account's buckets.\n\n%s\n\nLook at the bucket in the COS console.", bucket.Name, bucket.Region, cause(err))
	}
	return diag.NewWarningDiagnostic("COS Bucket Not Listed", detail+"\n\nThe query goes on with the other buckets.")
}

// bucketsInterrupted is the error about buckets whose reads were ended before all of their jobs were
// there.
func bucketsInterrupted(by caller, ended []unreadThing, all int) diag.Diagnostic {
	longer := "Try again. " + by.longerTimeout()
	if errors.Is(ended[0].err, context.Canceled) {
		longer = ""
	}
	return diag.NewErrorDiagnostic("COS Bucket Inventories Not All Listed", paragraphs(
		fmt.Sprintf("%d of the account's %d buckets were read in time, so its inventory jobs are not all listed. These were not:", all-len(ended), all), byCause(ended), longer))
}

// isInterrupted reports whether a read was ended before it had an answer.
func isInterrupted(err error) bool {
	_, ok := errors.AsType[*cos.Interruption](err)
	return ok
}

// jobsUnreadable is the one error for all jobs whose documents cannot be read.
func jobsUnreadable(unread []unreadThing) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Unable to List COS Bucket Inventories", fmt.Sprintf(
		"COS lists %s whose documents cannot be read, so the result would be incomplete.\n\n%s\n\n%s\n\n"+
			"To omit them, set ignore_inaccessible_buckets = true: a warning and unreadable_jobs then name them.", count(len(unread), "inventory job"), byCause(unread), oddDocument))
}

// jobsLeftOut warns of all jobs that the result omits.
func jobsLeftOut(unread []unreadThing) diag.Diagnostic {
	return diag.NewWarningDiagnostic("COS Bucket Inventory Not Listed", fmt.Sprintf(
		"The result omits %s. unreadable_jobs names all of them.\n\n%s\n\n%s", count(len(unread), "inventory job"), byCause(unread), oddDocument))
}

// jobUnreadable warns that a query goes on without a job.
func jobUnreadable(bucket cos.Bucket, job *cos.UnreadableJob) diag.Diagnostic {
	return diag.NewWarningDiagnostic("COS Bucket Inventory Not Listed", fmt.Sprintf(
		"The query omits this inventory job.\n\n%s\n\n%s", byCause([]unreadThing{unreadJob(bucket, job)}), oddDocument))
}

const oddDocument = "Look at the jobs in the COS console. If they are well there, and not of a bucket with metadata acceleration, upgrade the provider or report this."

// noBuckets warns of a region in which the account has no bucket: it may be the wrong one.
func noBuckets(filter cos.BucketFilter) diag.Diagnostic {
	tag := ""
	if filter.TagKey != "" {
		tag = fmt.Sprintf(" with the tag %q = %q", filter.TagKey, filter.TagValue)
	}
	return diag.NewAttributeWarningDiagnostic(pathRegion, "No COS Buckets in Region", fmt.Sprintf(
		"COS lists no bucket of the account in region %s%s, so there are no inventory jobs to find. Check region.", filter.Region, tag))
}

// limitReached warns that a query ended at its limit.
func limitReached(limit int64) diag.Diagnostic {
	return diag.NewWarningDiagnostic("Query Limit Reached", fmt.Sprintf(
		"The query ended at its limit of %d results. COS has more jobs, or buckets that were not read. For more results, set a higher limit in the list block.", limit))
}

// bucketsError is [apiError] for the list of the account's buckets.
func bucketsError(by caller, err error) diag.Diagnostic {
	const summary, what = "Unable to List COS Buckets", "The buckets of the account could not be listed."
	if errors.Is(err, cos.ErrNoService) {
		return diag.NewAttributeErrorDiagnostic(pathBucket, summary, paragraphs(what, cause(err), "Name the bucket with bucket, or use a provider configuration without cos_domain."))
	}
	return diag.NewErrorDiagnostic(summary, paragraphs(append(explained(by, what, err),
		"Or name the bucket with bucket: its jobs can then be read without a list of the account's buckets.")...))
}
