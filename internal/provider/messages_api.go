// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/zclconf/go-cty/cty"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/credentials"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/network"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/untrusted"
)

// apiError returns the error for a failed API call: what failed for which job, what COS returned,
// and what to do next.
func apiError(by caller, job cos.Job, err error) diag.Diagnostic {
	summary := fmt.Sprintf("Unable to %s COS Bucket Inventory", capitalized(by.verb))
	parts := explained(by, fmt.Sprintf("The inventory job %q of bucket %s in region %s could not be %s.", job.ID, job.Name, job.Region, participle[by.verb]), err)
	if e, ok := errors.AsType[*cos.Error](err); ok {
		switch {
		case e.MayBeDone:
			parts = append(parts, outcome[by.verb])
		case e.Op.IsWrite() && !e.Sent:
			parts = append(parts, "Nothing was sent.")
		}
	}
	detail := paragraphs(parts...)
	switch value, _ := errors.AsType[*cos.ValueError](err); {
	case value != nil && value.Name != "":
		return diag.NewAttributeErrorDiagnostic(path.Root(value.Name), summary, detail)
	case cos.IsNoSuchBucket(err):
		return diag.NewAttributeErrorDiagnostic(pathBucket, summary, detail)
	case errors.Is(err, cos.ErrOtherRegion):
		return diag.NewAttributeErrorDiagnostic(pathRegion, summary, detail)
	default:
		return diag.NewErrorDiagnostic(summary, detail)
	}
}

// listError is [apiError] for LIST, which is not about one job.
func listError(by caller, bucket cos.Bucket, err error) diag.Diagnostic {
	what := fmt.Sprintf("The inventory jobs of bucket %s in region %s could not be listed.", bucket.Name, bucket.Region)
	return diag.NewErrorDiagnostic("Unable to List COS Bucket Inventories", paragraphs(explained(by, what, err)...))
}

// explained says what failed, what COS returned, and what to do next.
func explained(by caller, what string, err error) []string {
	parts := []string{what, cause(err)}
	if e, ok := errors.AsType[*cos.Error](err); ok {
		parts = append(parts, nextStep(by, e))
	}
	return parts
}

// reportError is [apiError] for the report of a job.
func reportError(by caller, job cos.Job, place cos.ReportPlace, err error) diag.Diagnostic {
	const summary = "Unable to Read COS Bucket Inventory Report"
	what := fmt.Sprintf("The inventory reports of the job %q of bucket %s could not be read. They are in bucket %s in region %s, under %s.",
		job.ID, job.Name, place.Bucket.Name, place.Bucket.Region, untrusted.Text(place.Prefix))
	switch _, isOfCall := errors.AsType[*cos.Error](err); {
	case cos.IsNoSuchBucket(err):
		return diag.NewAttributeErrorDiagnostic(pathDestination, summary, paragraphs(what, cause(err),
			"COS delivers no report until the destination bucket exists in that region: create it, or correct the job's destination."))
	case !isOfCall:
		return diag.NewErrorDiagnostic(summary, paragraphs(what, cause(err), "Check who else writes to the destination bucket: the object at this key is not one that COS delivers."))
	}
	return diag.NewErrorDiagnostic(summary, paragraphs(explained(by, what, err)...))
}

// reportNotKept refuses to show a report whose keys would be those of other objects in the state.
func reportNotKept(job cos.Job, place cos.ReportPlace, paths []string) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Unable to Read COS Bucket Inventory Report", fmt.Sprintf(
		"The inventory report of the job %q of bucket %s cannot be held in the state. It is in bucket %s in region %s.\n\n"+
			"These texts are not in Unicode NFC, the only form that Terraform keeps: %s. The state would name other keys than those in the bucket.\n\n"+
			"To read the job's reports, write its destination.prefix in NFC: they are then delivered under other keys.",
		job.ID, job.Name, place.Bucket.Name, place.Bucket.Region, strings.Join(paths, ", ")))
}

// runError is [apiError] for a one-time job, whose id COS accepts only once.
func runError(by caller, job cos.Job, destination cos.Destination, err error) diag.Diagnostic {
	d := apiError(by, job, err)
	switch e, ok := errors.AsType[*cos.Error](err); {
	case !ok:
	case isRefusedRun(e):
		return withMore(d, "If the message is about a duplicate: "+uniqueRunID)
	case e.MayBeDone:
		return withMore(d, "This data source looks for the report:\n\n"+reportDataSource(job, destination))
	}
	return d
}

// uniqueRunID is the rule for the ids of one-time jobs.
const uniqueRunID = "a one-time job needs an id that no scheduled job of the bucket has, and no one-time job had on the same day. " +
	"Choose another id, such as one that ends in the time."

// isRefusedRun reports whether COS refused the settings or the id of a run, without a code that
// tells which.
func isRefusedRun(e *cos.Error) bool {
	return e.Op == cos.PostInventory && e.Code != "" && e.Code != cos.CodeDuplicateInventoryID && (e.Status == http.StatusBadRequest || e.Status == http.StatusConflict)
}

// hclString writes a text as HCL reads it, so that a message can be pasted into a configuration.
func hclString(s string) string {
	return string(hclwrite.TokensForValue(cty.StringVal(s)).Bytes())
}

// paragraphs joins the texts that are not empty.
func paragraphs(texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(s string) bool { return s == "" }), "\n\n")
}

var participle = map[string]string{"create": "created", "read": "read", "update": "updated", "delete": "deleted", "run": "run"}

// outcome is for a failed write that COS may have carried out.
var outcome = map[string]string{
	"create": "It is not known whether COS carried this out. If it did, the next apply finds the job and shows how to import it.",
	"update": "It is not known whether COS carried this out. The next plan reads the job and shows what is left to change.",
	"delete": "It is not known whether COS carried this out. The next plan reads the job and shows whether it is still there.",
	"run":    "It is not known whether COS carried this out, so it was not tried again. Look for the report before you run the job once more, with another id.",
}

// cause says what COS returned, or why there is no response. The request id is on its own line, to
// be copied.
func cause(err error) string {
	e, ok := errors.AsType[*cos.Error](err)
	if !ok {
		return sentence(capitalized(err.Error()))
	}
	ended, _ := errors.AsType[*cos.Interruption](err)
	if ended != nil {
		call := e
		switch e = lastFailure(e, ended); {
		case e == nil && !call.Sent:
			return fmt.Sprintf("%s was not sent: %s.", call.Op, ended.Reason())
		case e == nil:
			return fmt.Sprintf("%s had no answer yet when %s.", call.Op, ended.Reason())
		}
	}
	said := sentence(describeAnswer(e, ended == nil))
	switch {
	case ended != nil && e.Attempts > 1:
		said += fmt.Sprintf(" After %d attempts, %s.", e.Attempts, ended.Reason())
	case ended != nil:
		said += fmt.Sprintf(" Then %s.", ended.Reason())
	}
	if e.RequestID != "" {
		said += "\nRequest id: " + e.RequestID
	}
	return said
}

// describeAnswer describes the response. It is that of the last attempt, unless the call was ended during
// another one.
func describeAnswer(e *cos.Error, last bool) string {
	call := string(e.Op)
	if last && e.Attempts > 1 {
		call = fmt.Sprintf("the last of %d attempts of %s", e.Attempts, e.Op)
	}
	message := strings.TrimSpace(e.Message)
	var (
		large *network.TooLargeError
		over  *cos.BudgetError
	)
	switch {
	case errors.As(e, &over):
		return capitalized(over.Error())
	case errors.As(e, &large):
		return fmt.Sprintf("The response to %s exceeds the limit of %d bytes", call, large.Limit)
	case e.Code != "" && message == "":
		return fmt.Sprintf("COS answered %s with status %d, %s", call, e.Status, e.Code)
	case e.Code != "":
		return fmt.Sprintf("COS answered %s with status %d, %s: %s", call, e.Status, e.Code, message)
	case e.Status != 0:
		return fmt.Sprintf("%s was answered with status %d: %v", capitalized(call), e.Status, e.Err)
	case !e.Sent && last && e.Attempts > 1:
		return fmt.Sprintf("%s was not sent in %d attempts: %s", e.Op, e.Attempts, describeFailure(e.Err))
	case !e.Sent:
		return fmt.Sprintf("%s was not sent: %s", e.Op, describeFailure(e.Err))
	default:
		return fmt.Sprintf("%s got no answer: %s", capitalized(call), describeFailure(e.Err))
	}
}

// lastFailure returns the failure of the attempts before the call was ended, or nil if there was none.
func lastFailure(e *cos.Error, ended *cos.Interruption) *cos.Error {
	if e.Status == 0 && ended.Last == nil {
		return nil
	}
	earlier := *e
	earlier.Err = ended.Last
	return &earlier
}

// describeFailure says in plain words why there is no response.
func describeFailure(err error) string {
	switch keys, ok := errors.AsType[*credentials.Error](err); {
	case ok:
		return describeKeysFailure(keys)
	case errors.Is(err, credentials.ErrNoCredentials):
		return "the provider has no credentials"
	}
	return network.Describe(err)
}
