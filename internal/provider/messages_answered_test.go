// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/credentials"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/network"
)

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

// failedCall is a call that COS, or somebody in its place, answers with a failure.
type failedCall struct {
	verb  string
	op    cos.Operation
	fault fakecos.Fault
}

func answered() map[string]failedCall {
	return map[string]failedCall{
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
		"login_page":         {"read", cos.GetInventory, garbled("<!DOCTYPE html><html><body><br>log in, please</body></html>")},
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
		a.config.AttemptTimeout = 200 * time.Millisecond
		a.Inject(fakecos.Fault{Hang: true})
		return a.err()
	}},
	"timeout_of_operation":       {"update", interrupted(cos.PutInventory, context.DeadlineExceeded, fakecos.Fault{Hang: true})},
	"timeout_of_read":            {"read", interrupted(cos.GetInventory, context.DeadlineExceeded, fakecos.Fault{Hang: true})},
	"timeout_of_delete":          {"delete", interrupted(cos.DeleteInventory, context.DeadlineExceeded, fakecos.Fault{Hang: true})},
	"timeout_while_refused":      {"create", interrupted(cos.PutInventory, context.DeadlineExceeded, said(503, "SlowDown", "Please reduce your request rate."))},
	"timeout_while_disconnected": {"read", interrupted(cos.GetInventory, context.DeadlineExceeded, fakecos.Fault{Reset: true})},
	"timeout_of_data_source":     {"data source", interrupted(cos.GetInventory, context.DeadlineExceeded, fakecos.Fault{Hang: true})},
	"timeout_of_query":           {"query", interrupted(cos.ListInventories, context.DeadlineExceeded, fakecos.Fault{Hang: true})},
	"timeout_of_run_resource":    {"run resource", interrupted(cos.PostInventory, context.DeadlineExceeded, fakecos.Fault{Hang: true})},
	"timeout_before_run":         {"run reads", interrupted(cos.GetInventory, context.DeadlineExceeded, fakecos.Fault{Hang: true})},
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
		a.config.Credentials = func(context.Context) (credentials.Credentials, error) {
			return credentials.Credentials{}, &credentials.Error{
				Origin: "the role qcs::cam::uin/100000000001:roleName/ci, assumed with secret_id and secret_key", Problem: "STS refused AssumeRole with AuthFailure.UnauthorizedOperation",
				Remedy: "Its trust policy must name the owner of the keys.", Code: "AuthFailure.UnauthorizedOperation", RequestID: "0f6c6f4e-4bd2-4d4b-8e1b-2f0c5d6a7b8c",
			}
		}
		return a.err()
	}},
	"source_of_credentials": {"read", func(t *testing.T) error {
		a := newAttempt(t, cos.GetInventory)
		a.config.Credentials = func(context.Context) (credentials.Credentials, error) {
			return credentials.Credentials{}, errors.New("the vault is sealed")
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
		a.config.Credentials = func(ctx2 context.Context) (credentials.Credentials, error) {
			if attempts++; attempts == 2 {
				ctx.end()
			}
			return source(ctx2)
		}
		return a.err()
	}
}
