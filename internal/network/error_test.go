// SPDX-License-Identifier: MPL-2.0

package network

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"
)

func TestDescribe(t *testing.T) {
	t.Parallel()
	server := &net.TCPAddr{IP: net.IPv4(10, 1, 2, 3), Port: 443}
	refused := os.NewSyscallError("connect", syscall.ECONNREFUSED)
	for want, err := range map[string]error{
		"there is no host cos.example": &net.OpError{Op: "dial", Err: &net.DNSError{Name: "cos.example", IsNotFound: true}},
		"the address of the host cos.example could not be looked up: server misbehaving":         &net.DNSError{Name: "cos.example", Err: "server misbehaving"},
		"this machine does not trust the certificate of the other side: certificate has expired": &tls.CertificateVerificationError{Err: errors.New("x509: certificate has expired")},
		"the other side speaks plain HTTP, not HTTPS":                                            fmt.Errorf("attempt: %w", http.ErrSchemeMismatch),
		"the connection to 10.1.2.3:443 was refused":                                             &net.OpError{Op: "dial", Addr: server, Err: refused},
		"the connection to the proxy 10.1.2.3:443 was refused":                                   &net.OpError{Op: "proxyconnect", Err: &net.OpError{Op: "dial", Addr: server, Err: refused}},
		"the connection was refused":                                                             refused,
		"the connection to 10.1.2.3:443 could not be made in time":                               &net.OpError{Op: "dial", Addr: server, Err: os.ErrDeadlineExceeded},
		"it did not come in time":                                                                &net.OpError{Op: "read", Err: os.ErrDeadlineExceeded},
		"the connection was closed before a complete answer came":                                fmt.Errorf("reading: %w", io.ErrUnexpectedEOF),
		"whatever else": errors.New("whatever else"),
	} {
		if got := Describe(err); got != want {
			t.Errorf("%v is described as %q, not %q", err, got, want)
		}
	}
	if got := Describe(context.DeadlineExceeded); got != "it did not come in time" {
		t.Errorf("a deadline is described as %q", got)
	}
	if got := Describe(&net.OpError{Op: "read", Err: syscall.ECONNRESET}); got != "the connection was closed before a complete answer came" {
		t.Errorf("a reset is described as %q", got)
	}
}

// A proxy's address is not repeated, because its password is part of it.
func TestWithoutQuote(t *testing.T) {
	t.Parallel()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://cos.example/", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []*url.URL{{Scheme: "http", Host: "proxy:3128"}, nil} {
		if got, err := withoutQuote(func(*http.Request) (*url.URL, error) { return want, nil })(r); got != want || err != nil {
			t.Errorf("got %v, %v", got, err)
		}
	}
	bad := withoutQuote(func(*http.Request) (*url.URL, error) {
		return nil, errors.New("invalid proxy address http://me:hush@proxy")
	})
	if _, err := bad(r); !errors.Is(err, ErrProxy) || strings.Contains(err.Error(), "hush") {
		t.Errorf("got %v", err)
	}
}
