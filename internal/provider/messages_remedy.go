// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/credentials"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/network"
)

// caller is the operation that called COS, as far as a message depends on it.
type caller struct {
	verb    string // what it does with the job, such as "create"
	timeout string // the attribute that bounds it
	applied string // how a longer timeout takes effect, unless at once
	allowed string // all that its caller must be allowed, for those who are refused the first of it
}

// putObject is demanded of the caller by COS, and called by nobody here.
const putObject cos.Operation = "PutObject"

var (
	jobAllowed = fmt.Sprintf(" To manage a job, they need %s, %s, %s, %s and %s on its bucket, and %s and %[5]s on the destination bucket.",
		camAction(cos.GetInventory), camAction(cos.ListInventories), camAction(cos.PutInventory), camAction(cos.DeleteInventory), camAction(cos.HeadBucket), camAction(putObject))
	runAllowed = fmt.Sprintf(" To run a job, they need %s, %s and, with job_id, %s on its bucket, and %s and, with wait_for_report, %s on the destination bucket.",
		camAction(cos.PostInventory), camAction(cos.HeadBucket), camAction(cos.GetInventory), camAction(putObject), camAction(cos.GetObject))
)

var (
	resourceCreate = caller{verb: "create", timeout: "timeouts.create", allowed: jobAllowed}
	resourceRead   = caller{verb: "read", timeout: "timeouts.read", applied: " Apply that once with -refresh=false: a refresh uses the timeout in the state.", allowed: jobAllowed}
	resourceUpdate = caller{verb: "update", timeout: "timeouts.update", allowed: jobAllowed}
	resourceDelete = caller{verb: "delete", timeout: "timeouts.delete", applied: " Apply that first: a deletion uses the timeout in the state.", allowed: jobAllowed}
	dataSourceRead = caller{verb: "read", timeout: "timeouts.read"}
	queryList      = caller{verb: "list", timeout: "timeouts.list"}
)

// reading is the caller where it only reads a job.
func (c caller) reading() caller {
	c.verb = "read"
	return c
}

// longerTimeout says how to give the operation more time.
func (c caller) longerTimeout() string {
	return fmt.Sprintf("If COS is only slow, set a longer %s.%s", c.timeout, c.applied)
}

// nextStep says what to do about a failed call, or "" where the outcome of the call says it.
func nextStep(by caller, e *cos.Error) string {
	var (
		ended *cos.Interruption
		dns   *net.DNSError
		keys  *credentials.Error
		value *cos.ValueError
		large *network.TooLargeError
		over  *cos.BudgetError
	)
	switch {
	case errors.As(e, &over) && over.Shared:
		return "Read less at a time: narrow the buckets with region or bucket_tag, name one with bucket, or lower -parallelism."
	case errors.As(e, &large) && e.Op == cos.GetObject:
		return "Look who else writes to the destination bucket, or for a proxy that answers in COS's place: no manifest of COS is that large."
	case errors.As(e, &large), errors.As(e, &over):
		return "Look for a proxy that answers in COS's place. If there is none, this is larger than what this version of the provider reads: report it."
	case errors.As(e, &value):
		return "Correct the value. If it is from the configuration, it was not known yet when that was validated."
	case errors.As(e, &keys):
		return keys.Remedy
	case errors.Is(e, credentials.ErrNoCredentials):
		return "Give the provider credentials: set secret_id and secret_key (and security_token with temporary ones) in its configuration, or " +
			envSecretID + " and " + envSecretKey + " (and " + envSecurityToken + ") in the environment."
	case errors.Is(e, cos.ErrCredentialSource):
		return "Check where the provider's credentials come from, and try again."
	case errors.Is(e, cos.ErrOtherRegion):
		return servedRegion(e.Bucket.Region)
	case errors.As(e, &ended) && errors.Is(ended.Err, context.Canceled):
		return "Run again to continue."
	case ended != nil && lastFailure(e, ended) == nil && isLostRun(e):
		return by.longerTimeout()
	case ended != nil && lastFailure(e, ended) == nil:
		return "Try again. " + by.longerTimeout()
	case e.Code != "":
		return codeStep(by, e)
	case e.IsRedirect():
		return "Check that region and cos_domain lead to the bucket itself, and look for a proxy that redirects."
	case e.Status == http.StatusOK && e.RequestID != "" && !errors.Is(e, cos.ErrWebPage):
		return "Check for a proxy that modifies or caches responses, then upgrade the provider. If the error persists, report it with the request id."
	case e.Status >= http.StatusInternalServerError:
		return "A gateway or proxy between this machine and COS answered in its place. Try again later. If the error persists, check HTTPS_PROXY, NO_PROXY and cos_domain."
	case e.Status != 0:
		return "Something between this machine and COS answered in its place, such as a proxy or a login page: check HTTPS_PROXY, NO_PROXY and cos_domain."
	case network.Remedy(e) != "":
		return network.Remedy(e)
	case errors.As(e, &dns) && dns.IsNotFound && e.Bucket.Region == "":
		return "Check that this machine's DNS knows public names."
	case errors.As(e, &dns) && dns.IsNotFound:
		return fmt.Sprintf("Check that %s is the bucket's region, that cos_domain is right if it is set, and that this machine's DNS knows public names.", e.Bucket.Region)
	default:
		return "Check this machine's network, and HTTPS_PROXY, NO_PROXY and cos_domain where they are set."
	}
}

// isLostRun reports whether COS may have started a one-time job, which is then not to be tried again
// as it is.
func isLostRun(e *cos.Error) bool { return e.Op == cos.PostInventory && e.MayBeDone }

func servedRegion(region string) string {
	return fmt.Sprintf("At that address the bucket would look as if it were gone, so no request goes there. Set region to the bucket's, or use a provider configuration whose cos_domain serves %s.", region)
}

// codeStep holds a sentence for every code that the API names.
//
// https://www.tencentcloud.com/document/product/436/7730
func codeStep(by caller, e *cos.Error) string {
	more := "raise max_retries and " + by.timeout
	switch {
	case e.IsExpired():
		return "The signature was too old when COS read it. This is about time, not permissions: set this machine's clock (NTP), " +
			"look for a proxy that holds requests back, and try again."
	case e.IsThrottled():
		return "COS is throttling requests: try again later, lower -parallelism, or " + more + "."
	}
	switch e.Code {
	case cos.CodeAccessDenied:
		return allowStep(e) + by.allowed
	case cos.CodeInvalidAccessKeyID:
		return "COS does not know the secret_id: check that it is whole, enabled and of the right account, and that temporary credentials come with their security_token."
	case cos.CodeSignatureDoesNotMatch:
		return "Check that secret_key belongs to secret_id and was copied whole. A proxy that rewrites requests, such as their Host header, breaks signatures too."
	case cos.CodeRequestTimeTooSkewed:
		return "This machine's clock is too far from COS's: set it (NTP) and try again."
	case cos.CodeExpiredToken:
		return "The temporary credentials have expired: obtain new ones and run again. Completed changes are saved in the state."
	case cos.CodeNoSuchBucket:
		return fmt.Sprintf("Create the bucket first, or set region if it is in another region than %s.", e.Bucket.Region)
	case cos.CodeNoSuchJob:
		return "The job is not there. Run a plan: it proposes to create the job, if the configuration still has it."
	case cos.CodeInventoryFull, cos.CodeTooManyConfigurations:
		return "The bucket has as many inventory jobs as COS allows (1,000): delete one that is no longer needed."
	case cos.CodeDuplicateInventoryID:
		return "The id was used before: " + uniqueRunID
	case cos.CodeOperationAborted:
		return "COS is carrying out another operation on the same bucket or job: try again later, or " + more + "."
	case cos.CodeRequestTimeout:
		return "COS did not get the whole request in time: check this machine's connection, and try again."
	case cos.CodeBadDigest, cos.CodeInvalidDigest:
		return "The request was changed on its way to COS, which therefore changed nothing: look for a proxy that rewrites requests, and try again."
	case cos.CodeMalformedXML, cos.CodeInvalidArgument, cos.CodeInvalidRequest:
		if e.Op == cos.PutInventory || e.Op == cos.PostInventory {
			return "COS refused the job's settings. Correct what its message names. If COS documents the settings as valid, report this as a bug of the provider."
		}
		return "The request itself was refused. This may be a bug of the provider: report it with the request id."
	}
	switch {
	case e.IsPassing() && isLostRun(e):
		return ""
	case e.IsPassing():
		return "COS cannot serve the request at present: try again later, or " + more + "."
	}
	return "COS's page on error codes may say more: https://www.tencentcloud.com/document/product/436/7730"
}

// camAction is how a CAM policy names an action of COS.
func camAction(name cos.Operation) string { return "name/cos:" + string(name) }

// allowStep names the actions that a refused call needs.
func allowStep(e *cos.Error) string {
	switch e.Op {
	case cos.GetService:
		return fmt.Sprintf("Allow the credentials the action %s.", camAction(e.Op))
	case cos.ListInventories:
		// The vendor's page on LIST names the one, the manual of coscli the other.
		return fmt.Sprintf("Allow the credentials the actions %s and %s on bucket %s: COS's pages name either of them for this call.",
			camAction(cos.ListInventories), camAction(cos.GetInventory), e.Bucket.Name)
	case cos.PutInventory, cos.PostInventory:
		return fmt.Sprintf("Allow the credentials the action %s on bucket %s, and %s on the destination bucket.", camAction(e.Op), e.Bucket.Name, camAction(putObject))
	}
	return fmt.Sprintf("Allow the credentials the action %s on bucket %s.", camAction(e.Op), e.Bucket.Name)
}
