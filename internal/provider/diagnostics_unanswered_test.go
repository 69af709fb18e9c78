// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/credentials"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/network"
)

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
