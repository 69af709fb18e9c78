// SPDX-License-Identifier: MPL-2.0

package cos_test

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/credentials"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// TestSent: whether a request left this machine is a fact, whatever the error looks like. What did
// not leave may go out again, also if it is a POST.
func TestSent(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		dial     dialer // nil: to the fake
		fault    fakecos.Fault
		keys     error
		attempts int // of a PUT
		sent     bool
		done     bool // perhaps
	}{
		"refused":              {dial: refusing(syscall.ECONNREFUSED), attempts: 4},
		"name server silent":   {dial: refusing(&net.DNSError{Err: "i/o timeout", IsTimeout: true}), attempts: 4},
		"no such host":         {dial: refusing(&net.DNSError{Err: "no such host", IsNotFound: true}), attempts: 1},
		"TLS is cut":           {dial: cutTLS, attempts: 4},
		"an unknown error":     {dial: func(context.Context, string, string) (net.Conn, error) { return nil, io.ErrUnexpectedEOF }, attempts: 4},
		"no credentials":       {keys: errors.New("the vault is sealed"), attempts: 1},
		"lost":                 {fault: fakecos.Fault{Reset: true}, attempts: 4, sent: true, done: true},
		"lost after effect":    {fault: fakecos.Fault{Truncate: true, AfterEffect: true}, attempts: 4, sent: true, done: true},
		"server error":         {fault: fakecos.Fault{Status: http.StatusInternalServerError, Code: "InternalError"}, attempts: 4, sent: true, done: true},
		"busy":                 {fault: fakecos.Fault{Status: http.StatusServiceUnavailable, Code: "ServiceUnavailable"}, attempts: 4, sent: true, done: true},
		"not implemented":      {fault: fakecos.Fault{Status: http.StatusNotImplemented, Code: "NotImplemented"}, attempts: 1, sent: true},
		"refused by COS":       {fault: fakecos.Fault{Status: http.StatusForbidden, Code: "AccessDenied"}, attempts: 1, sent: true},
		"not valid":            {fault: fakecos.Fault{Status: http.StatusBadRequest, Code: "MalformedXML"}, attempts: 1, sent: true},
		"too many jobs":        {fault: fakecos.Fault{Status: http.StatusBadRequest, Code: cos.CodeInventoryFull}, attempts: 1, sent: true},
		"expired token":        {fault: fakecos.Fault{Status: http.StatusBadRequest, Code: cos.CodeExpiredToken}, attempts: 1, sent: true},
		"clock":                {fault: fakecos.Fault{Status: http.StatusForbidden, Code: cos.CodeRequestTimeTooSkewed}, attempts: 1, sent: true},
		"no such method":       {fault: fakecos.Fault{Status: http.StatusMethodNotAllowed, Code: "MethodNotAllowed"}, attempts: 1, sent: true},
		"throttled":            {fault: slowDown, attempts: 4, sent: true},
		"throttled, as 429":    {fault: fakecos.Fault{Status: http.StatusTooManyRequests, Code: "TooManyRequests"}, attempts: 4, sent: true},
		"a proxy's 429":        {fault: fakecos.Fault{Status: http.StatusTooManyRequests, Body: new(string)}, attempts: 4, sent: true, done: true},
		"a proxy's 501":        {fault: fakecos.Fault{Status: http.StatusNotImplemented, Body: new(string)}, attempts: 1, sent: true, done: true},
		"a proxy's 400":        {fault: fakecos.Fault{Status: http.StatusBadRequest, Body: new(string)}, attempts: 1, sent: true, done: true},
		"a proxy's 404":        {fault: fakecos.Fault{Status: http.StatusNotFound, Body: new(string)}, attempts: 1, sent: true, done: true},
		"a proxy's 502":        {fault: fakecos.Fault{Status: http.StatusBadGateway, Body: new(string)}, attempts: 4, sent: true, done: true},
		"a proxy's time-out":   {fault: fakecos.Fault{Status: http.StatusGatewayTimeout, Body: new(string)}, attempts: 4, sent: true, done: true},
		"request time-out":     {fault: fakecos.Fault{Status: http.StatusBadRequest, Code: cos.CodeRequestTimeout}, attempts: 4, sent: true, done: true},
		"another conflict":     {fault: fakecos.Fault{Status: http.StatusConflict, Code: "OperationConflict"}, attempts: 1, sent: true},
		"another operation":    {fault: fakecos.Fault{Status: http.StatusConflict, Code: "OperationAborted"}, attempts: 4, sent: true},
		"a proxy's answer":     {fault: fakecos.Fault{Status: http.StatusForbidden, Body: new(string)}, attempts: 1, sent: true, done: true},
		"redirected":           {fault: fakecos.Fault{Status: http.StatusFound}, attempts: 1, sent: true},
		"without a request id": {fault: fakecos.Fault{Header: http.Header{"X-Cos-Request-Id": {""}}, Body: new(string)}, attempts: 1, sent: true, done: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachCall(t, func(t *testing.T, op cos.Operation, do func(context.Context, *cos.Client, string) error) {
				t.Helper()
				fake := startFake(t, fakecos.Options{})
				fake.Inject(test.fault)
				c := config(t, fake.URL)
				if test.keys != nil {
					c.Credentials = func(context.Context) (credentials.Credentials, error) { return credentials.Credentials{}, test.keys }
				}
				if name == "TLS is cut" {
					c = config(t, "https://127.0.0.1:443")
				}
				client := cos.New(c)
				if test.dial != nil {
					client.DialWith(test.dial)
				}
				e := failure(t, do(t.Context(), client, "nightly"))
				attempts := test.attempts
				if op == cos.PostInventory && (test.done || test.fault.Code == "OperationAborted") {
					attempts = 1
				}
				if text := e.Error(); strings.Contains(text, "http://") || strings.Contains(text, "id=nightly") {
					t.Errorf("the request is told twice: %s", text)
				}
				if e.Attempts != attempts || e.Sent != test.sent || e.MayBeDone != (test.done && op.IsWrite()) {
					t.Errorf("after %d attempts, sent %t, may be done %t: %v", e.Attempts, e.Sent, e.MayBeDone, e)
				}
			})
		})
	}
}

// cutTLS dials a server that ends each connection in its first handshake.
func cutTLS(context.Context, string, string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	go func() {
		_ = tls.Server(theirs, &tls.Config{GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
			return nil, theirs.Close()
		}}).HandshakeContext(context.Background())
		_ = theirs.Close()
	}()
	return ours, nil
}

// TestSent_earlier: a write that was lost stays one that COS may have carried out, whatever became
// of the attempts after it.
func TestSent_earlier(t *testing.T) {
	t.Parallel()
	for name, next := range map[string]func(*fakecos.Listener, *cos.Client){
		"no connection": func(_ *fakecos.Listener, client *cos.Client) { client.DialWith(refusing(syscall.ECONNREFUSED)) },
		"refused": func(fake *fakecos.Listener, _ *cos.Client) {
			fake.Inject(fakecos.Fault{Status: http.StatusForbidden, Code: "AccessDenied"})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, op := range []cos.Operation{cos.PutInventory, cos.DeleteInventory} {
				fake := startFake(t, fakecos.Options{})
				fake.Inject(fakecos.Fault{Reset: true, Times: 1, AfterEffect: true})
				c := config(t, fake.URL)
				var client *cos.Client
				c.Observe = func(_ context.Context, exchange cos.Exchange) {
					if exchange.Attempt == 1 {
						next(fake, client)
					}
				}
				client = cos.New(c)
				if e := failure(t, calls[op](t.Context(), client, "nightly")); e.Attempts < 2 || !e.Sent || !e.MayBeDone {
					t.Errorf("%d attempts, sent %t, may be done %t: %v", e.Attempts, e.Sent, e.MayBeDone, e)
				}
			}
		})
	}
}

// stale is a connection that takes one request only.
type stale struct {
	net.Conn
	writes int
}

func (s *stale) Write(b []byte) (int, error) {
	if s.writes++; s.writes > 1 {
		return 0, syscall.EPIPE
	}
	return s.Conn.Write(b)
}

// TestSent_staleConnection: net/http notices only when it writes that a kept connection is gone, and
// dials again by itself. If that fails, nothing has been sent.
func TestSent_staleConnection(t *testing.T) {
	t.Parallel()
	fake := startFake(t, fakecos.Options{})
	client := cos.New(config(t, fake.URL))
	var dialer net.Dialer
	dials := 0
	client.DialWith(func(ctx context.Context, network, _ string) (net.Conn, error) {
		if dials++; dials == 2 {
			return nil, syscall.ECONNREFUSED
		}
		connection, err := dialer.DialContext(ctx, network, strings.TrimPrefix(fake.URL, "http://"))
		return &stale{Conn: connection}, err
	})
	for i, id := range []string{"first", "second"} {
		if _, err := client.PostInventory(t.Context(), jobOf(id), nightly(id)); err != nil {
			t.Fatal(err)
		}
		if n := len(fake.Runs(bucket)); n != i+1 {
			t.Errorf("%d runs", n)
		}
	}
	if dials != 3 {
		t.Errorf("%d dials", dials)
	}
}

// refusing is a dialler that fails.
func refusing(err error) dialer {
	return func(_ context.Context, network, _ string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Net: network, Err: err}
	}
}
