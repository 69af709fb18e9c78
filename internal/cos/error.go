// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/network"
)

// ErrAccelerated is the cause of an error about a job's document without IncludedObjectVersions.
// Buckets with metadata acceleration (OFS) have an inventory of their own, which is another API.
//
// https://cloud.tencent.com/document/product/436/74437
var ErrAccelerated = errors.New("it has no IncludedObjectVersions: it is a job of a bucket with metadata acceleration (OFS), which this provider does not manage")

// ErrOtherRegion is the cause of an [Error] when the client's domain serves another region than the
// job's. Nothing was sent.
var ErrOtherRegion = errors.New("the domain serves another region")

// ErrWebPage is the cause of an [Error] when the response is a page for a browser, such as that of a
// login.
var ErrWebPage = errors.New("it is a web page")

// ValueError is the cause of an [Error] when a value cannot be part of a request. Nothing was sent.
type ValueError struct {
	Name  string // of the job's part: "region", "bucket" or "id"; "" for a text of the document
	Value string
	Err   error // what is wrong with it
}

// Error names the value and what is wrong with it.
func (e *ValueError) Error() string {
	if e.Name == "" {
		return fmt.Sprintf("%q cannot be sent: %v", e.Value, e.Err)
	}
	return fmt.Sprintf("%s %q: %v", e.Name, e.Value, e.Err)
}

// Unwrap returns what is wrong with the value.
func (e *ValueError) Unwrap() error { return e.Err }

// Error codes that the provider handles.
//
// https://www.tencentcloud.com/document/product/436/7730
const (
	CodeAccessDenied          = "AccessDenied"
	CodeBadDigest             = "BadDigest"
	CodeDuplicateInventoryID  = "DuplicateInventoryId"
	CodeExpiredToken          = "ExpiredToken"
	CodeInvalidAccessKeyID    = "InvalidAccessKeyId"
	CodeInvalidArgument       = "InvalidArgument"
	CodeInvalidDigest         = "InvalidDigest"
	CodeInvalidRequest        = "InvalidRequest"
	CodeInventoryFull         = "InventoryFull"
	CodeMalformedXML          = "MalformedXML"
	CodeNoSuchBucket          = "NoSuchBucket"
	CodeNoSuchJob             = "InventoryConfigurationNotFoundError"
	CodeNoSuchKey             = "NoSuchKey"
	CodeOperationAborted      = "OperationAborted"
	CodeRequestTimeout        = "RequestTimeout"
	CodeRequestTimeTooSkewed  = "RequestTimeTooSkewed"
	CodeSignatureDoesNotMatch = "SignatureDoesNotMatch"
	CodeSlowDown              = "SlowDown"
	CodeTooManyConfigurations = "TooManyConfigurations" // InventoryFull, on the pages of the SDKs
)

// Error is an API call that did not succeed.
type Error struct {
	Op       Operation
	Bucket   Bucket // without a name for a call about the account
	ID       string // of the job; "" for a call about the whole bucket
	Attempts int    // 0 if the call was refused before the first

	// Sent reports whether a request left this machine, in any of the attempts.
	Sent bool
	// MayBeDone reports whether COS may have carried out a write, in any of the attempts.
	MayBeDone bool

	// The response of COS. Status is 0 if there is none. Code is empty if the response is not from
	// COS, but for example from a proxy or a captive portal.
	Status    int
	Code      string
	Message   string
	RequestID string

	// Err is the reason if there is no response, or an invalid one.
	Err error
}

// Error describes the call and its failure in one line.
func (e *Error) Error() string {
	var b strings.Builder
	target := e.Bucket.String()
	switch {
	case e.ID != "":
		target = e.Bucket.Job(e.ID).String()
	case e.Bucket.Name == "":
		target = "the account"
	}
	fmt.Fprintf(&b, "%s of %s", e.Op, target)
	if e.Attempts > 1 {
		fmt.Fprintf(&b, " (%d attempts)", e.Attempts)
	}
	if e.Status != 0 {
		fmt.Fprintf(&b, ": HTTP status %d", e.Status)
	}
	if e.Code != "" {
		fmt.Fprintf(&b, " %s: %s", e.Code, e.Message)
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	if e.RequestID != "" {
		fmt.Fprintf(&b, " (request id %s)", e.RequestID)
	}
	return b.String()
}

// Unwrap returns the reason.
func (e *Error) Unwrap() error { return e.Err }

// Interruption is the cause of an [Error] when the context ended the call.
type Interruption struct {
	Err  error // the context's
	Last error // what the attempt before failed of, if it failed unanswered
}

// Error names the reason, and the failure before it.
func (i *Interruption) Error() string {
	if i.Last == nil {
		return i.Reason()
	}
	return fmt.Sprintf("%s; before that: %v", i.Reason(), i.Last)
}

// Reason says whether the timeout or a cancellation ended the call, or a pause that COS asked for.
func (i *Interruption) Reason() string {
	var late *network.LateError
	switch {
	case errors.As(i.Err, &late):
		return late.Error()
	case errors.Is(i.Err, errShare):
		return errShare.Error()
	case errors.Is(i.Err, context.DeadlineExceeded):
		return "the operation's timeout ran out"
	}
	return "the operation was cancelled"
}

// Unwrap returns the context's error, and the failure before it.
func (i *Interruption) Unwrap() []error {
	if i.Last == nil {
		return []error{i.Err}
	}
	return []error{i.Err, i.Last}
}

// IsNotFound reports whether COS itself returned that there is no such job, or no such bucket in
// that region. A 404 without a code of COS comes from a proxy and proves nothing.
func IsNotFound(err error) bool { return IsNoSuchJob(err) || IsNoSuchBucket(err) }

// IsNoSuchBucket reports whether COS itself returned that the region has no such bucket.
func IsNoSuchBucket(err error) bool { return isNotFound(err, CodeNoSuchBucket) }

// absentJob are the codes that say of an inventory, or of a configuration of no other kind, that it
// is not there. No page names the one that COS returns.
var absentJob = regexp.MustCompile(`^NoSuch(\w*Inventory|Configuration)|(Inventory\w*|^Configuration\w*)(NotFound|NotExist)`)

// IsNoSuchJob reports whether COS itself returned that the bucket has no such job, or none at all.
func IsNoSuchJob(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Status == http.StatusNotFound && absentJob.MatchString(e.Code) &&
		slices.Contains([]Operation{GetInventory, DeleteInventory, ListInventories}, e.Op)
}

// IsNoSuchKey reports whether COS itself returned that the bucket has no such object.
func IsNoSuchKey(err error) bool { return isNotFound(err, CodeNoSuchKey) }

func isNotFound(err error, code string) bool {
	var e *Error
	return errors.As(err, &e) && e.Status == http.StatusNotFound && e.Code == code
}

// IsDenied reports whether COS itself refused the call for want of permission. Credentials, clocks
// and signatures that COS does not accept are no such refusal: they fail every call.
func IsDenied(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Status == http.StatusForbidden && e.Code == CodeAccessDenied && !e.IsExpired()
}

// IsExpired reports whether the signature was too old. COS says so in the message of an
// AccessDenied.
func (e *Error) IsExpired() bool {
	const expired = "Request has expired"
	return e.Code == expired || e.Code == CodeAccessDenied && strings.Contains(e.Message, expired)
}

// IsUnsupported reports whether COS itself returned that it does not serve the call for this
// bucket, as in financial regions.
func IsUnsupported(err error) bool {
	var e *Error
	if !errors.As(err, &e) || e.Code == "" {
		return false
	}
	switch e.Status {
	case http.StatusMethodNotAllowed, http.StatusNotImplemented:
		return true
	case http.StatusBadRequest:
		return slices.Contains([]string{CodeInvalidRequest, "MethodNotAllowed", "NotImplemented", "NotSupported", "OperationNotSupported", "UnsupportedOperation"}, e.Code)
	}
	return false
}
