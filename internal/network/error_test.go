// SPDX-License-Identifier: MPL-2.0

package network

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
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
		"the address of the host cos.example could not be looked up: server misbehaving":                              &net.DNSError{Name: "cos.example", Err: "server misbehaving"},
		"this machine does not trust the certificate of the other side: certificate has expired":                      &tls.CertificateVerificationError{Err: errors.New("x509: certificate has expired")},
		"the other side answers in plain HTTP, not HTTPS":                                                             fmt.Errorf("attempt: %w", tls.RecordHeaderError{RecordHeader: [5]byte([]byte("HTTP/"))}),
		"the connection to 10.1.2.3:443 was refused":                                                                  &net.OpError{Op: "dial", Addr: server, Err: refused},
		"the connection to the proxy 10.1.2.3:443 was refused":                                                        &net.OpError{Op: "proxyconnect", Err: &net.OpError{Op: "dial", Addr: server, Err: refused}},
		"the connection was refused":                                                                                  refused,
		"the connection to 10.1.2.3:443 could not be made in time":                                                    &net.OpError{Op: "dial", Addr: server, Err: os.ErrDeadlineExceeded},
		"it did not come in time":                                                                                     &net.OpError{Op: "read", Err: os.ErrDeadlineExceeded},
		"the connection was closed before a complete answer came":                                                     fmt.Errorf("reading: %w", io.ErrUnexpectedEOF),
		"there is no host squid.example (the proxy of HTTPS_PROXY)":                                                   proxyConnect(&net.OpError{Op: "dial", Err: &net.DNSError{Name: "squid.example", IsNotFound: true}}),
		"the address of the host squid.example (the proxy of HTTPS_PROXY) could not be looked up: server misbehaving": proxyConnect(&net.DNSError{Name: "squid.example", Err: "server misbehaving"}),
		"this machine does not trust the certificate of the proxy: certificate has expired":                           proxyConnect(&tls.CertificateVerificationError{Err: errors.New("x509: certificate has expired")}),
		"this machine has no root certificates, so it cannot verify any server's certificate":                         &tls.CertificateVerificationError{Err: x509.SystemRootsError{}},
		"this process has as many open files as this machine allows":                                                  &net.OpError{Op: "dial", Err: os.NewSyscallError("socket", syscall.EMFILE)},
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

func proxyConnect(err error) error { return &net.OpError{Op: "proxyconnect", Net: "tcp", Err: err} }

func TestRemedy(t *testing.T) {
	t.Parallel()
	refused := os.NewSyscallError("connect", syscall.ECONNREFUSED)
	for name, test := range map[string]struct {
		err  error
		want string // the beginning; "" if there is no remedy
	}{
		"proxy":                {proxyConnect(&net.OpError{Op: "dial", Err: refused}), "Check that the proxy runs, and its scheme, host and port in HTTPS_PROXY."},
		"proxy's name":         {proxyConnect(&net.DNSError{Name: "squid.example", IsNotFound: true}), "Check that the proxy runs, and its scheme, host and port in HTTPS_PROXY."},
		"proxy's certificate":  {proxyConnect(&tls.CertificateVerificationError{Err: errors.New("expired")}), "Add the certificate of the proxy's authority"},
		"certificate":          {&tls.CertificateVerificationError{Err: errors.New("expired")}, "If a proxy inspects the traffic"},
		"roots":                {&tls.CertificateVerificationError{Err: x509.SystemRootsError{}}, "Install this machine's package ca-certificates"},
		"files":                {&net.OpError{Op: "dial", Err: os.NewSyscallError("socket", syscall.EMFILE)}, "Raise the limit on open files (ulimit -n), or lower -parallelism."},
		"files of the machine": {&net.OpError{Op: "dial", Err: os.NewSyscallError("socket", syscall.ENFILE)}, "Raise the limit on open files"},
		"files of a lookup":    {&net.DNSError{Name: "cos.example", Err: "dial udp 10.0.0.2:53: socket: " + syscall.EMFILE.Error()}, "Raise the limit on open files"},
		"host":                 {&net.DNSError{Name: "cos.example", IsNotFound: true}, ""},
		"refused":              {&net.OpError{Op: "dial", Err: refused}, ""},
	} {
		if got := Remedy(test.err); !strings.HasPrefix(got, test.want) || (got == "") != (test.want == "") {
			t.Errorf("%s: %s", name, got)
		}
	}
}
