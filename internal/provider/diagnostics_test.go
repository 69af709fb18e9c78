// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"flag"
	"fmt"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/credentials"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/network"
)

var update = flag.Bool("update", false, "write the golden files anew")

const goldenDir = "testdata/diagnostics"

func testPlace() cos.ReportPlace {
	return cos.NewReportPlace(testJob(), cos.Bucket{Region: testRegion, Name: testDestinationBucket}, "")
}

func badManifest() error {
	return &cos.ManifestError{Key: testPlace().ManifestKey("20261126"), Err: errors.New("the manifest is not one of COS: files has more than 10000 entries")}
}

func testJob() cos.Job { return cos.Bucket{Region: testRegion, Name: testBucket}.Job("nightly") }

// importedInto is a provider whose environment names the region.
func importedInto(region string) *providerData {
	return &providerData{region: region, regionFrom: setting{env: envRegion}.origin()}
}

func testInventory() cos.Inventory {
	return cos.Inventory{
		ID: "nightly", IsEnabled: true, IncludedObjectVersions: "Current",
		Schedule:    cos.Schedule{Frequency: "Daily"},
		Destination: cos.Destination{Bucket: testDestination, Format: cos.FormatCSV},
	}
}

// attempt is a call on its way to fail. What it lacks is filled in: a client of a fake of its own.
type attempt struct {
	*world
	ctx    context.Context
	op     cos.Operation
	config cos.Config
}

func newAttempt(t *testing.T, op cos.Operation) *attempt {
	t.Helper()
	a := &attempt{world: newWorld(t, fakecos.Options{}), ctx: t.Context(), op: op}
	key := fakecos.DefaultCredential()
	a.config = cos.Config{
		Credentials: cos.StaticCredentials(cos.Credentials{SecretID: key.SecretID, SecretKey: key.SecretKey}),
		MaxRetries:  2,
	}
	a.dial(a.URL)
	impatient(&a.config)
	return a
}

func (a *attempt) dial(url string) {
	a.t.Helper()
	domain, err := cos.ParseDomain(url)
	if err != nil {
		a.t.Fatal(err)
	}
	a.config.Domain = domain
}

// err makes the call, which has to fail.
func (a *attempt) err() error {
	a.t.Helper()
	client := cos.New(a.config)
	var err error
	switch a.op {
	case cos.GetInventory:
		_, err = client.GetInventory(a.ctx, testJob())
	case cos.PutInventory:
		err = client.PutInventory(a.ctx, testJob(), testInventory())
	case cos.DeleteInventory:
		err = client.DeleteInventory(a.ctx, testJob())
	case cos.PostInventory:
		_, err = client.PostInventory(a.ctx, testJob(), testInventory())
	case cos.ListInventories:
		for _, err = range client.ListInventories(a.ctx, testJob().Bucket) {
			continue
		}
	case cos.ListObjects:
		_, err = client.NewestReport(a.ctx, testPlace(), time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC))
	case cos.GetService:
		_, err = client.ListBuckets(a.ctx, cos.BucketFilter{})
	case cos.GetObject:
		_, err = client.Report(a.ctx, testPlace(), "20261126")
	}
	if err == nil {
		a.t.Fatal("the call succeeded")
	}
	return err
}

// said is COS's answer to every request, with a request id that is always the same.
func said(status int, code, message string) fakecos.Fault {
	body := fmt.Sprintf("<?xml version='1.0' encoding='utf-8' ?>\n<Error><Code>%s</Code><Message>%s</Message><Resource>%s.cos.%s.myqcloud.com/</Resource>"+
		"<RequestId>NjRiMGQ4ZmFfOTBmYTQ=</RequestId><TraceId>OGVmYzZiMmQzYjA2OWNhOA==</TraceId></Error>", code, message, testBucket, testRegion)
	return fakecos.Fault{
		Status: status, Body: &body, ContentType: "application/xml",
		Header: http.Header{"X-Cos-Request-Id": {"NjRiMGQ4ZmFfOTBmYTQ="}},
	}
}

// foreign is the answer of somebody who is not COS.
func foreign(status int, contentType, body string) fakecos.Fault {
	return fakecos.Fault{Status: status, Body: &body, ContentType: contentType, Header: http.Header{"X-Cos-Request-Id": nil}}
}

// garbled is an answer of COS that is not the document asked for.
func garbled(body string) fakecos.Fault {
	f := said(http.StatusOK, "", "")
	f.Body = &body
	return f
}

// ends is a context that ends, with the error, when its end is called.
type ends struct {
	context.Context
	done chan struct{}
	end  func()
	err  error
}

func endsWith(t *testing.T, err error) *ends {
	t.Helper()
	c := &ends{Context: t.Context(), done: make(chan struct{}), err: err}
	c.end = sync.OnceFunc(func() { close(c.done) })
	return c
}

func (c *ends) Done() <-chan struct{} { return c.done }

func (c *ends) Err() error {
	select {
	case <-c.done:
		return c.err
	default:
		return nil
	}
}

// answered are failures that COS, or somebody in its place, answers.
var answered = map[string]struct {
	verb  string
	op    cos.Operation
	fault fakecos.Fault
}{
	"access_denied_create_get": {"create", cos.GetInventory, said(403, "AccessDenied", "Access Denied.")},
	"access_denied_create":     {"create", cos.PutInventory, said(403, "AccessDenied", "Access Denied.")},
	"access_denied_read":       {"read", cos.GetInventory, said(403, "AccessDenied", "Access Denied.")},
	"access_denied_update":     {"update", cos.PutInventory, said(403, "AccessDenied", "Access Denied.")},
	"access_denied_delete":     {"delete", cos.DeleteInventory, said(403, "AccessDenied", "Access Denied.")},
	"request_has_expired":      {"update", cos.PutInventory, said(403, "AccessDenied", "Request has expired")},
	"request_has_expired_code": {"read", cos.GetInventory, said(403, "Request has expired", "")},
	"invalid_access_key_id":    {"read", cos.GetInventory, said(403, "InvalidAccessKeyId", "The Access Key Id you provided does not exist in our records")},
	"signature_does_not_match": {"read", cos.GetInventory, said(403, "SignatureDoesNotMatch", "The Signature you specified is invalid.")},
	"request_time_too_skewed":  {"read", cos.GetInventory, said(403, "RequestTimeTooSkewed", "The difference between the request time and the current time is too large.")},
	"expired_token":            {"update", cos.PutInventory, said(400, "ExpiredToken", "The provided token has expired.")},

	"access_denied_list":  {"list", cos.ListInventories, said(403, "AccessDenied", "Access Denied.")},
	"no_such_bucket_list": {"list", cos.ListInventories, said(404, "NoSuchBucket", "The specified bucket does not exist.")},
	"not_a_list":          {"list", cos.ListInventories, garbled(sampleDocument)},
	"access_denied_run":   {"run", cos.PostInventory, said(403, "AccessDenied", "Access Denied.")},
	"duplicate_run":       {"run", cos.PostInventory, said(400, "InvalidArgument", "The inventory id is duplicated.")},
	"duplicate_run_code":  {"run", cos.PostInventory, said(400, "DuplicateInventoryId", "The inventory id is duplicated.")},
	"slow_down_run":       {"run", cos.PostInventory, said(503, "SlowDown", "Please reduce your request rate.")},
	"internal_error_run":  {"run", cos.PostInventory, said(500, "InternalError", "We encountered an internal error. Please try again.")},
	"reset_on_run":        {"run", cos.PostInventory, fakecos.Fault{Reset: true}},

	"no_such_bucket":    {"create", cos.GetInventory, said(404, "NoSuchBucket", "The specified bucket does not exist.")},
	"no_such_job":       {"update", cos.PutInventory, said(404, "InventoryConfigurationNotFoundError", "The inventory configuration does not exist.")},
	"inventory_full":    {"create", cos.PutInventory, said(400, "InventoryFull", "The inventory configuration is full!")},
	"too_many_configs":  {"create", cos.PutInventory, said(400, "TooManyConfigurations", "You are attempting to create a new configuration but have already reached the limit.")},
	"operation_aborted": {"update", cos.PutInventory, said(409, "OperationAborted", "A conflicting operation is in progress.")},
	"not_implemented":   {"create", cos.PutInventory, said(501, "NotImplemented", "A header you provided implies functionality that is not implemented.")},
	"malformed_xml":     {"create", cos.PutInventory, said(400, "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema")},
	"invalid_argument":  {"update", cos.PutInventory, said(400, "InvalidArgument", "Field Colour is not supported.")},
	"invalid_request":   {"delete", cos.DeleteInventory, said(400, "InvalidRequest", "Missing required header for this request.")},
	"bad_digest":        {"create", cos.PutInventory, said(400, "BadDigest", "The Content-MD5 you specified did not match what we received.")},
	"invalid_digest":    {"update", cos.PutInventory, said(400, "InvalidDigest", "The Content-MD5 you specified is not valid.")},
	"request_timeout":   {"update", cos.PutInventory, said(400, "RequestTimeout", "Your socket connection to the server was not read from or written to within the timeout period.")},
	"unlisted_code":     {"delete", cos.DeleteInventory, said(403, "UserNotMainAccount", "The user is not the main account")},
	"message_of_blanks": {"read", cos.GetInventory, said(400, "InvalidArgument", "  Refused \n")},

	"slow_down":           {"read", cos.GetInventory, said(503, "SlowDown", "Please reduce your request rate.")},
	"too_many_requests":   {"update", cos.PutInventory, said(429, "TooManyRequests", "Too many requests.")},
	"internal_error":      {"create", cos.PutInventory, said(500, "InternalError", "We encountered an internal error. Please try again.")},
	"service_unavailable": {"delete", cos.DeleteInventory, said(503, "ServiceUnavailable", "The service is unavailable. Please retry.")},

	"gateway_502":        {"read", cos.GetInventory, foreign(502, "text/html", "<html>Bad Gateway</html>")},
	"gateway_504":        {"update", cos.PutInventory, foreign(504, "", "")},
	"proxy_404":          {"read", cos.GetInventory, foreign(404, "text/html", "<html>not here</html>")},
	"portal_200":         {"create", cos.PutInventory, foreign(200, "text/html", "<html>log in, please</html>")},
	"portal_200_read":    {"read", cos.GetInventory, foreign(200, "text/html", "<html>log in, please</html>")},
	"other_job":          {"read", cos.GetInventory, garbled(strings.Replace(sampleDocument, "nightly", "weekly", 1))},
	"truncated_document": {"read", cos.GetInventory, garbled(sampleDocument[:60])},
	"empty_document":     {"read", cos.GetInventory, garbled("")},
	"partial_document":   {"read", cos.GetInventory, garbled("<InventoryConfiguration><Id>nightly</Id><IsEnabled>perhaps</IsEnabled></InventoryConfiguration>")},
	"too_large":          {"read", cos.GetInventory, garbled(strings.Repeat("<Filter>", 1<<18) + "x")},
	"redirect": {"read", cos.GetInventory, fakecos.Fault{
		Status: http.StatusTemporaryRedirect, Header: http.Header{"Location": {"https://elsewhere.example.com/?token=hidden"}, "X-Cos-Request-Id": nil},
	}},

	"reset":           {"update", cos.PutInventory, fakecos.Fault{Reset: true}},
	"reset_on_read":   {"read", cos.GetInventory, fakecos.Fault{Reset: true}},
	"truncated":       {"delete", cos.DeleteInventory, fakecos.Fault{Truncate: true}},
	"reset_on_create": {"create", cos.PutInventory, fakecos.Fault{Reset: true, AfterEffect: true}},
}

const sampleDocument = "<InventoryConfiguration><Id>nightly</Id><IsEnabled>true</IsEnabled><IncludedObjectVersions>Current</IncludedObjectVersions>" +
	"<Schedule><Frequency>Daily</Frequency></Schedule><Destination><COSBucketDestination><Bucket>" + testDestination + "</Bucket>" +
	"<Format>CSV</Format></COSBucketDestination></Destination></InventoryConfiguration>"

// unanswered are failures to which nobody says anything.
var unanswered = map[string]struct {
	verb string
	err  func(t *testing.T) error
}{
	"connection_refused": {"create", func(t *testing.T) error {
		a := newAttempt(t, cos.PutInventory)
		a.Listener.Close()
		return a.err()
	}},
	"lost_then_not_sent": {"update", func(t *testing.T) error {
		a := newAttempt(t, cos.PutInventory)
		a.Inject(fakecos.Fault{Reset: true, AfterEffect: true, Times: 1})
		a.config.Observe = func(context.Context, cos.Exchange) { a.Listener.Close() }
		return a.err()
	}},
	"certificate": {"read", func(t *testing.T) error {
		listener, err := fakecos.ListenTLS(fakecos.Options{}, testBucket+".cos."+testRegion+".myqcloud.com")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(listener.Close)
		a := newAttempt(t, cos.GetInventory)
		a.dial(listener.URL)
		return a.err()
	}},
	"plain_http": {"read", func(t *testing.T) error {
		a := newAttempt(t, cos.GetInventory)
		a.dial(strings.Replace(a.URL, "http:", "https:", 1))
		return a.err()
	}},
	"timeout_of_attempt": {"delete", func(t *testing.T) error {
		a := newAttempt(t, cos.DeleteInventory)
		a.config.AttemptTimeout = time.Second
		a.Inject(fakecos.Fault{Hang: true})
		return a.err()
	}},
	"timeout_of_operation":       {"update", interrupted(cos.PutInventory, context.DeadlineExceeded, fakecos.Fault{Hang: true})},
	"timeout_of_read":            {"read", interrupted(cos.GetInventory, context.DeadlineExceeded, fakecos.Fault{Hang: true})},
	"timeout_of_delete":          {"delete", interrupted(cos.DeleteInventory, context.DeadlineExceeded, fakecos.Fault{Hang: true})},
	"timeout_while_refused":      {"create", interrupted(cos.PutInventory, context.DeadlineExceeded, said(503, "SlowDown", "Please reduce your request rate."))},
	"timeout_while_disconnected": {"read", interrupted(cos.GetInventory, context.DeadlineExceeded, fakecos.Fault{Reset: true})},
	"timeout_of_list":            {"list", interrupted(cos.ListInventories, context.DeadlineExceeded, fakecos.Fault{Hang: true})},
	"timeout_of_run":             {"run", interrupted(cos.PostInventory, context.DeadlineExceeded, fakecos.Fault{Hang: true})},
	"cancelled":                  {"update", interrupted(cos.PutInventory, context.Canceled, fakecos.Fault{Hang: true})},
	"cancelled_read":             {"read", interrupted(cos.GetInventory, context.Canceled, said(500, "InternalError", "We encountered an internal error."))},
	"no_credentials": {"create", func(t *testing.T) error {
		a := newAttempt(t, cos.GetInventory)
		nowhere := cosProvider{getenv: environment{}.get}
		found, diags := nowhere.findCredentials(providerModel{}, "", nil)
		if diags.HasError() {
			t.Fatal(diags)
		}
		a.config.Credentials = found.Source
		return a.err()
	}},
	"role_not_renewed": {"read", func(t *testing.T) error {
		a := newAttempt(t, cos.GetInventory)
		a.config.Credentials = func(context.Context) (cos.Credentials, error) {
			return cos.Credentials{}, &credentials.Error{
				Origin: "the role qcs::cam::uin/100000000001:roleName/ci, assumed with secret_id and secret_key", Problem: "STS refused AssumeRole with AuthFailure.UnauthorizedOperation",
				Remedy: "Its trust policy must name the owner of the keys.", Code: "AuthFailure.UnauthorizedOperation", RequestID: "0f6c6f4e-4bd2-4d4b-8e1b-2f0c5d6a7b8c",
			}
		}
		return a.err()
	}},
	"source_of_credentials": {"read", func(t *testing.T) error {
		a := newAttempt(t, cos.GetInventory)
		a.config.Credentials = func(context.Context) (cos.Credentials, error) {
			return cos.Credentials{}, errors.New("the vault is sealed")
		}
		return a.err()
	}},
	"other_region": {"read", func(t *testing.T) error {
		a := newAttempt(t, cos.GetInventory)
		a.dial("https://cos-internal.ap-shanghai.tencentcos.cn")
		return a.err()
	}},
	"host_not_found": {"create", transport(cos.GetInventory, &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{
		Err: "no such host", Name: testBucket + ".cos.ap-nowhere.myqcloud.com", Server: "10.0.0.2:53", IsNotFound: true,
	}})},
	"host_lookup_failed": {"update", transport(cos.PutInventory, &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{
		Err: "server misbehaving", Name: testBucket + ".cos.ap-guangzhou.myqcloud.com", Server: "10.0.0.2:53", IsTemporary: true,
	}})},
	"dial_timeout": {"create", transport(cos.PutInventory, &net.OpError{
		Op: "dial", Net: "tcp", Addr: &net.TCPAddr{IP: net.IPv4(10, 1, 2, 3), Port: 443}, Err: os.ErrDeadlineExceeded,
	})},
	"proxy_refused": {"delete", transport(cos.DeleteInventory, &net.OpError{Op: "proxyconnect", Net: "tcp", Err: &net.OpError{
		Op: "dial", Net: "tcp", Addr: &net.TCPAddr{IP: net.IPv4(10, 1, 2, 3), Port: 3128}, Err: os.NewSyscallError("connect", syscall.ECONNREFUSED),
	}})},
	"proxy_not_found": {"read", transport(cos.GetInventory, &net.OpError{Op: "proxyconnect", Net: "tcp", Err: &net.OpError{
		Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "squid.example.com", Server: "10.0.0.2:53", IsNotFound: true},
	}})},
	"proxy_credentials": {"delete", transport(cos.DeleteInventory, &network.ProxyError{Proxy: "10.1.2.3:3128", Host: testHostPort, Status: 407})},
	"proxy_policy":      {"create", transport(cos.PutInventory, &network.ProxyError{Proxy: "10.1.2.3:3128", Host: testHostPort, Status: 403})},
	"proxy_fails":       {"run", transport(cos.PostInventory, &network.ProxyError{Proxy: "10.1.2.3:3128", Host: testHostPort, Status: 503})},
	"no_roots":          {"read", transport(cos.GetInventory, &tls.CertificateVerificationError{Err: x509.SystemRootsError{}})},
	"too_many_files": {"update", transport(cos.PutInventory, &net.OpError{
		Op: "dial", Net: "tcp", Addr: &net.TCPAddr{IP: net.IPv4(10, 1, 2, 3), Port: 443}, Err: os.NewSyscallError("socket", syscall.EMFILE),
	})},
	"certificate_on_write": {"update", transport(cos.PutInventory, &tls.CertificateVerificationError{
		Err: errors.New("x509: certificate is valid for proxy.example.com, not for " + testBucket + ".cos.ap-guangzhou.myqcloud.com"),
	})},
}

const testHostPort = testBucket + ".cos." + testRegion + ".myqcloud.com:443"

// transport is an error of the network that a test cannot bring about.
func transport(op cos.Operation, err error) func(*testing.T) error {
	return func(*testing.T) error {
		return &cos.Error{Op: op, Bucket: testJob().Bucket, ID: testJob().ID, Attempts: 7, Err: err}
	}
}

// interrupted is a call whose context ends: while the fake hangs, or else at the second attempt,
// after the fault struck the first.
func interrupted(op cos.Operation, by error, fault fakecos.Fault) func(*testing.T) error {
	return func(t *testing.T) error {
		a := newAttempt(t, op)
		ctx := endsWith(t, by)
		a.ctx = ctx
		a.config.WriteGrace = time.Millisecond
		if fault.Hang {
			a.Intercept(func(fakecos.Request) *fakecos.Fault { ctx.end(); return &fault })
			return a.err()
		}
		a.Inject(fault)
		source, attempts := a.config.Credentials, 0
		a.config.Credentials = func(ctx2 context.Context) (cos.Credentials, error) {
			if attempts++; attempts == 2 {
				ctx.end()
			}
			return source(ctx2)
		}
		return a.err()
	}
}

// unread are two buckets of an account that could not be read, one of them as it was refused.
func unread(t *testing.T) []unreadThing {
	t.Helper()
	var failed []unreadThing
	for i, fault := range []fakecos.Fault{
		said(403, "AccessDenied", "Access Denied."),
		said(500, "InternalError", "We encountered an internal error. Please try again."),
	} {
		a := newAttempt(t, cos.ListInventories)
		a.Inject(fault)
		failed = append(failed, unreadThing{[]string{"a-1250000000", "b-1250000000"}[i] + " in region " + testRegion, a.err()})
	}
	return failed
}

// odd are jobs whose documents cannot be read.
func odd() []*cos.UnreadableJob {
	return []*cos.UnreadableJob{
		{ID: `x/y\u202e`, Err: cos.CheckID("x/y\u202e")},
		{ID: "audit", Err: errors.New("the document cannot be trusted: Schedule/Frequency is missing or empty")},
		{ID: "c3b1", Err: cos.ErrAccelerated},
	}
}

func oddThings() (things []unreadThing) {
	for _, job := range odd() {
		things = append(things, unreadJob(testJob().Bucket, job))
	}
	return things
}

// reportCase is a failed look at a report.
func reportCase(op cos.Operation, fault fakecos.Fault) func(t *testing.T) diag.Diagnostics {
	return func(t *testing.T) diag.Diagnostics {
		t.Helper()
		a := newAttempt(t, op)
		a.Inject(fault)
		return diag.Diagnostics{reportError(testJob(), testPlace(), a.err())}
	}
}

// others are the warnings, and the refusals behind which there is no failed call.
var others = map[string]func(t *testing.T) diag.Diagnostics{
	"already_exists": func(*testing.T) diag.Diagnostics {
		return diag.Diagnostics{alreadyExists(testJob(), testRegion)}
	},
	"already_exists_elsewhere": func(*testing.T) diag.Diagnostics {
		return diag.Diagnostics{alreadyExists(testJob(), "ap-shanghai")}
	},
	"created_by_another_resource": func(*testing.T) diag.Diagnostics {
		return diag.Diagnostics{beingWritten(testJob(), "create")}
	},
	"updated_by_another_resource": func(*testing.T) diag.Diagnostics {
		return diag.Diagnostics{beingWritten(testJob(), "update")}
	},
	"bucket_is_ofs": func(*testing.T) diag.Diagnostics {
		return diag.Diagnostics{bucketIsOFS(testJob())}
	},
	"changed_since_plan": func(*testing.T) diag.Diagnostics {
		return diag.Diagnostics{changedSincePlan(testJob(), []string{`schedule.frequency: "Daily" when it was planned, now "Weekly"`, "Filter/And/SizeRange: not set when it was planned, now set"})}
	},
	"deleted_since_plan": func(*testing.T) diag.Diagnostics {
		return diag.Diagnostics{deletedSincePlan(testJob())}
	},
	"import_not_found": func(t *testing.T) diag.Diagnostics {
		a := newAttempt(t, cos.GetInventory)
		a.Inject(said(404, "InventoryConfigurationNotFoundError", "The inventory configuration does not exist."))
		return diag.Diagnostics{importedInto(testRegion).importNotFound(testJob(), a.err())}
	},
	"import_bucket_not_found": func(t *testing.T) diag.Diagnostics {
		a := newAttempt(t, cos.GetInventory)
		a.Inject(said(404, "NoSuchBucket", "The specified bucket does not exist."))
		return diag.Diagnostics{importedInto("ap-shanghai").importNotFound(testJob(), a.err())}
	},
	"bucket_gone": func(t *testing.T) diag.Diagnostics {
		a := newAttempt(t, cos.GetInventory)
		a.Inject(said(404, "NoSuchBucket", "The specified bucket does not exist."))
		return bucketGone(testJob(), a.err())
	},
	"bucket_not_served": func(t *testing.T) diag.Diagnostics {
		a := newAttempt(t, cos.DeleteInventory)
		a.Inject(said(404, "NoSuchBucket", "The specified bucket does not exist."))
		return diag.Diagnostics{bucketNotServed(testJob(), a.err())}
	},
	"write_not_shown": func(t *testing.T) diag.Diagnostics {
		a := newAttempt(t, cos.GetInventory)
		a.Seed(testBucket, "nightly", strings.Replace(sampleDocument, "true", "false", 1))
		ctx := endsWith(t, context.DeadlineExceeded)
		var reads atomic.Int64
		a.config.Observe = func(context.Context, cos.Exchange) {
			if reads.Add(1) == 3 {
				ctx.end()
			}
		}
		_, err := cos.New(a.config).AwaitInventory(ctx, testJob(), testInventory())
		return diag.Diagnostics{unconfirmed("written", testJob(), err)}
	},
	"write_not_readable": func(t *testing.T) diag.Diagnostics {
		a := newAttempt(t, cos.GetInventory)
		a.Inject(said(500, "InternalError", "We encountered an internal error. Please try again."))
		_, err := cos.New(a.config).AwaitInventory(t.Context(), testJob(), testInventory())
		return diag.Diagnostics{unconfirmed("written", testJob(), err)}
	},
	"delete_not_shown": func(*testing.T) diag.Diagnostics { // in the pause between two looks
		err := fmt.Errorf("COS does not show the job as deleted: %w", &cos.Interruption{Err: context.DeadlineExceeded})
		return diag.Diagnostics{unconfirmed("deleted", testJob(), err)}
	},
	"run_accepted_after_end": func(t *testing.T) diag.Diagnostics {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		return diag.Diagnostics{acceptedAfterEnd(ctx, testJob(), "1250000000/examplebucket/nightly/", testDestination)}
	},
	"written_then_cancelled": func(t *testing.T) diag.Diagnostics {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := cos.New(newAttempt(t, cos.GetInventory).config).AwaitInventory(ctx, testJob(), testInventory())
		return diag.Diagnostics{unconfirmed("written", testJob(), err)}
	},
	"destination_missing": func(*testing.T) diag.Diagnostics {
		return diag.Diagnostics{destinationMissing(testJob(), testPlace().Bucket)}
	},
	"report_refused_list": reportCase(cos.ListObjects, said(403, "AccessDenied", "Access Denied.")),
	"report_refused":      reportCase(cos.GetObject, said(403, "AccessDenied", "Access Denied.")),
	"report_no_bucket":    reportCase(cos.ListObjects, said(404, "NoSuchBucket", "The specified bucket does not exist.")),
	"report_no_manifest":  reportCase(cos.GetObject, garbled("<html>")),
	"report_not_nfc": func(*testing.T) diag.Diagnostics {
		return diag.Diagnostics{reportNotKept(testJob(), testPlace(), []string{"report_prefix", "files.key"})}
	},
	"report_too_large": reportCase(cos.GetObject, garbled(strings.Repeat(" ", 16<<20+1))),
	"report_bad_manifest": func(*testing.T) diag.Diagnostics {
		return diag.Diagnostics{reportError(testJob(), testPlace(), badManifest())}
	},
	"buckets_refused": func(t *testing.T) diag.Diagnostics {
		a := newAttempt(t, cos.GetService)
		a.Inject(said(403, "AccessDenied", "Access Denied."))
		return diag.Diagnostics{bucketsError(a.err())}
	},
	"buckets_not_listed_by_domain": func(t *testing.T) diag.Diagnostics {
		a := newAttempt(t, cos.GetService)
		a.dial("https://cos-internal.ap-guangzhou.tencentcos.cn")
		return diag.Diagnostics{bucketsError(a.err())}
	},
	"buckets_unread": func(t *testing.T) diag.Diagnostics {
		return diag.Diagnostics{bucketsUnread(unread(t), false)}
	},
	"buckets_unread_ignoring": func(t *testing.T) diag.Diagnostics {
		return diag.Diagnostics{bucketsUnread(unread(t)[1:], true)}
	},
	"bucket_unread": func(t *testing.T) diag.Diagnostics {
		return diag.Diagnostics{bucketUnread(testJob().Bucket, unread(t)[0].err)}
	},
	"bucket_of_odd_name": func(t *testing.T) diag.Diagnostics {
		nowhere := cos.Bucket{Name: testBucket}
		return diag.Diagnostics{bucketUnread(nowhere, cos.New(newAttempt(t, cos.ListInventories).config).ReadInventories(t.Context(), nowhere).Err)}
	},
	"buckets_unread_many": func(t *testing.T) diag.Diagnostics {
		two := unread(t)
		things := two[1:]
		for i := range 299 {
			things = append(things, unreadThing{fmt.Sprintf("many%03d-1250000000 in region %s", i, testRegion), two[0].err})
		}
		return diag.Diagnostics{bucketsUnread(things, false)}
	},
	"buckets_left_out": func(t *testing.T) diag.Diagnostics {
		return diag.Diagnostics{bucketsLeftOut(unread(t)[:1])}
	},
	"buckets_cancelled": func(t *testing.T) diag.Diagnostics {
		ended := &cos.Interruption{Err: context.Canceled}
		return diag.Diagnostics{bucketsInterrupted(ended, ended, 40, 120)}
	},
	"buckets_timeout": func(t *testing.T) diag.Diagnostics {
		err := interrupted(cos.ListInventories, context.DeadlineExceeded, said(503, "SlowDown", "Please reduce your request rate."))(t)
		var ended *cos.Interruption
		if !errors.As(err, &ended) {
			t.Fatal(err)
		}
		return diag.Diagnostics{bucketsInterrupted(ended, err, 40, 120)}
	},
	"buckets_none": func(*testing.T) diag.Diagnostics {
		return diag.Diagnostics{noBuckets(cos.BucketFilter{Region: "eu-frankfurt", TagKey: "team", TagValue: "data"})}
	},
	"jobs_unreadable": func(*testing.T) diag.Diagnostics {
		return diag.Diagnostics{jobsUnreadable(oddThings()[:2])}
	},
	"jobs_left_out": func(*testing.T) diag.Diagnostics {
		return diag.Diagnostics{jobsLeftOut(oddThings())}
	},
	"job_unreadable": func(*testing.T) diag.Diagnostics {
		return diag.Diagnostics{jobUnreadable(testJob().Bucket, odd()[2])}
	},
	"query_limit": func(*testing.T) diag.Diagnostics {
		return diag.Diagnostics{limitReached(100)}
	},
	"run_job_not_found": func(t *testing.T) diag.Diagnostics {
		a := newAttempt(t, cos.GetInventory)
		a.Inject(said(404, "InventoryConfigurationNotFoundError", "The inventory configuration does not exist."))
		return diag.Diagnostics{jobNotFound(pathJobID, testJob(), a.err(), "Check job_id; the data source cos_bucket_inventories lists the jobs of the bucket. No one-time job was started.")}
	},
	"run_report_refused_before": func(t *testing.T) diag.Diagnostics {
		a := newAttempt(t, cos.GetObject)
		a.Inject(said(403, "AccessDenied", "Access Denied."))
		return diag.Diagnostics{notStarted(reportError(testJob(), testPlace(), a.err()))}
	},
	"run_report_refused": func(t *testing.T) diag.Diagnostics {
		a := newAttempt(t, cos.GetObject)
		a.Inject(said(403, "AccessDenied", "Access Denied."))
		return diag.Diagnostics{notDelivered(testJob(), testInventory().Destination, testPlace(), a.err())}
	},
	"run_report_timeout": func(*testing.T) diag.Diagnostics {
		destination := testInventory().Destination
		destination.Prefix = "inventory"
		return diag.Diagnostics{notDelivered(testJob(), destination, testPlace(), &cos.Interruption{Err: context.DeadlineExceeded})}
	},
	"run_report_bad_manifest": func(*testing.T) diag.Diagnostics {
		err := fmt.Errorf("%w; the last look failed: %w", &cos.Interruption{Err: context.DeadlineExceeded}, badManifest())
		return diag.Diagnostics{notDelivered(testJob(), testInventory().Destination, testPlace(), err)}
	},
	"run_report_cancelled": func(*testing.T) diag.Diagnostics {
		return diag.Diagnostics{notDelivered(testJob(), testInventory().Destination, testPlace(), &cos.Interruption{Err: context.Canceled})}
	},
	"run_unmodelled": func(*testing.T) diag.Diagnostics {
		return unmodelledInRun(testJob(), []string{"Filter/And/SizeRange"})
	},
	"bucket_elsewhere": func(*testing.T) diag.Diagnostics {
		return diag.Diagnostics{bucketElsewhere(testBucket, secondRegion)}
	},
	"destination_elsewhere": func(*testing.T) diag.Diagnostics {
		return checkDestinationRegion(types.StringValue(secondDestination), types.StringValue(testRegion))
	},
	"environment_role": func(*testing.T) diag.Diagnostics {
		return diag.Diagnostics{environmentRole("qcs::cam::uin/100000000002:roleName/ci")}
	},
	"time_in_milliseconds": func(t *testing.T) diag.Diagnostics {
		var resp validator.Int64Response
		notMilliseconds{}.ValidateInt64(t.Context(), validator.Int64Request{Path: pathStartTime, ConfigValue: types.Int64Value(1767225600000)}, &resp)
		return resp.Diagnostics
	},
	"missing_region": func(*testing.T) diag.Diagnostics { return diag.Diagnostics{missingRegion()} },
	"other_region_planned": func(t *testing.T) diag.Diagnostics {
		a := newAttempt(t, cos.GetInventory)
		a.dial("https://cos-internal.ap-shanghai.tencentcos.cn")
		return diag.Diagnostics{regionNotServed(testRegion, cos.New(a.config).CheckRegion(testRegion))}
	},
	"source_not_used": func(*testing.T) diag.Diagnostics {
		used := &credentials.Found{Setting: "secret_id", Origin: "secret_id and secret_key"}
		return diag.Diagnostics{unusedSource("profile", "prod", used)}
	},
	"unmodelled_read": func(*testing.T) diag.Diagnostics {
		return unmodelledRead(testJob(), []string{"Filter/And/SizeRange", "Notification"})
	},
	"unmodelled_lost": func(*testing.T) diag.Diagnostics {
		return unmodelledLost([]string{"Filter/And/SizeRange", "Notification"})
	},
}

func TestDiagnostics(t *testing.T) {
	t.Parallel()
	cases := maps.Clone(others)
	add := func(name, verb string, err func(t *testing.T) error) {
		if _, taken := cases[name]; taken {
			t.Fatalf("two cases are named %s", name)
		}
		cases[name] = func(t *testing.T) diag.Diagnostics {
			switch verb {
			case "list":
				return diag.Diagnostics{listError(testJob().Bucket, err(t))}
			case "run":
				return diag.Diagnostics{runError(testJob(), testInventory().Destination, err(t))}
			}
			return diag.Diagnostics{apiError(verb, testJob(), err(t))}
		}
	}
	for name, c := range answered {
		add(name, c.verb, func(t *testing.T) error {
			a := newAttempt(t, c.op)
			a.Inject(c.fault)
			return a.err()
		})
	}
	for name, c := range unanswered {
		add(name, c.verb, c.err)
	}

	for name, c := range credentialFaults {
		if _, taken := cases[name]; taken {
			t.Fatalf("two cases are named %s", name)
		}
		cases[name] = func(t *testing.T) diag.Diagnostics {
			w := newWorld(t, identities())
			env := w.keyless()
			maps.Copy(env, c.env)
			for file, content := range c.files {
				env.put(t, file, content)
			}
			if c.fault != nil {
				w.Inject(*c.fault)
			}
			settings, diags := w.provider.settings(c.model)
			if !diags.HasError() {
				diags.Append(fetchFirstCredentials(t.Context(), settings.credentials)...)
			}
			if w.sent()[string(cos.GetInventory)] > 0 {
				t.Error("COS was asked")
			}
			return diags
		}
	}

	for name, diagnostics := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := golden(diagnostics(t))
			checkWording(t, text)
			file := filepath.Join(goldenDir, name+".txt")
			if *update {
				if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if text != string(want) {
				t.Errorf("%s differs; go test -update writes it anew. Now it is:\n%s", file, text)
			}
		})
	}

	files, err := filepath.Glob(filepath.Join(goldenDir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if name := strings.TrimSuffix(filepath.Base(file), ".txt"); cases[name] == nil {
			t.Errorf("no case has written %s", file)
		}
	}
}

// What differs from one run to the next.
var (
	loopbackPort = regexp.MustCompile(`127\.0\.0\.1:\d+`)
	stsRequestID = regexp.MustCompile(`Request id: [-0-9a-f]{36}`)
)

// golden shows diagnostics as the files have them.
func golden(diagnostics diag.Diagnostics) string {
	var b strings.Builder
	for _, d := range diagnostics {
		fmt.Fprintf(&b, "%s: %s\n", d.Severity(), d.Summary())
		if at, ok := d.(diag.DiagnosticWithPath); ok {
			fmt.Fprintf(&b, "Attribute: %s\n", at.Path())
		}
		fmt.Fprintf(&b, "\n%s\n", d.Detail())
	}
	text := loopbackPort.ReplaceAllString(b.String(), "127.0.0.1:PORT")
	return stsRequestID.ReplaceAllString(text, "Request id: 00000000-0000-0000-0000-000000000000")
}

var (
	// The network's and Go's own terms are no answer to a user.
	jargon = []string{"context ", "Client.Timeout", "dial tcp", "read tcp", "lookup ", "x509", "tls:", "EOF", "i/o timeout", "syscall", "http:", "%!", "<nil>"}
	// Two marks in a row, a blank before one, or a blank too many.
	badPunctuation = regexp.MustCompile(`[.!?,;:][.!?,;]|[ \t][.,;:!?](\s|$)|[^ \n]  |[ \t]\n|\n\n\n`)
	// A paragraph ends as a sentence does, or as an example, a request id or an address does.
	paragraphEnd = regexp.MustCompile(`[.:}'!]$|^Request id: (\S+=|[-0-9a-f]{36})$|https://\S+$`)
)

// checkWording finds what no diagnostic may have, whatever it says.
func checkWording(t *testing.T, text string) {
	t.Helper()
	for _, term := range jargon {
		if strings.Contains(text, term) {
			t.Errorf("%q is no word for a user:\n%s", term, text)
		}
	}
	if mark := badPunctuation.FindString(text); mark != "" {
		t.Errorf("%q is no punctuation:\n%s", mark, text)
	}
	key := fakecos.DefaultCredential()
	for _, secret := range []string{key.SecretID, key.SecretKey, "q-sign", "hidden"} {
		if strings.Contains(text, secret) {
			t.Errorf("it shows the secret %q:\n%s", secret, text)
		}
	}
	paragraphs := strings.Split(strings.TrimSuffix(text, "\n"), "\n\n")
	for _, paragraph := range paragraphs[1:] {
		end := paragraph[strings.LastIndexByte(paragraph, '\n')+1:]
		if !paragraphEnd.MatchString(end) {
			t.Errorf("a paragraph ends with %q:\n%s", end, text)
		}
	}
	// The heading, then: what could not be done, what COS said, what to do next.
	if strings.Contains(paragraphs[0], "Unable to") && len(paragraphs) < 4 {
		t.Errorf("an answer is missing:\n%s", text)
	}
}
