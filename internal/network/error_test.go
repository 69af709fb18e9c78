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

// TestDescribe: what happened is told in plain words, with a remedy where the cause is near.
func TestDescribe(t *testing.T) {
	t.Parallel()
	const (
		checkProxy = "Check that the proxy runs, and its scheme, host and port in HTTPS_PROXY."
		closed     = "the connection was closed before a complete answer came"
		noFiles    = "this process has as many open files as this machine allows"
		raise      = "Raise the limit on open files (ulimit -n), or lower -parallelism."
	)
	dial := func(err error) error {
		return &net.OpError{Op: "dial", Addr: &net.TCPAddr{IP: net.IPv4(10, 1, 2, 3), Port: 443}, Err: err}
	}
	ofProxy := func(err error) error { return &net.OpError{Op: "proxyconnect", Net: "tcp", Err: err} }
	refused := os.NewSyscallError("connect", syscall.ECONNREFUSED)
	socket := func(err error) error { return &net.OpError{Op: "dial", Err: os.NewSyscallError("socket", err)} }
	noHost, badDNS := &net.DNSError{Name: "cos.example", IsNotFound: true}, &net.DNSError{Name: "cos.example", Err: "server misbehaving"}
	expired := &tls.CertificateVerificationError{Err: errors.New("x509: certificate has expired")}
	for _, test := range []struct {
		err          error
		want, remedy string // the beginning of the remedy; "" if there is none
	}{
		{dial(noHost), "there is no host cos.example", ""},
		{badDNS, "the address of the host cos.example could not be looked up: server misbehaving", ""},
		{expired, "this machine does not trust the certificate of the other side: certificate has expired", "If a proxy inspects the traffic"},
		{fmt.Errorf("attempt: %w", tls.RecordHeaderError{RecordHeader: [5]byte([]byte("HTTP/"))}), "the other side answers in plain HTTP, not HTTPS", ""},
		{dial(refused), "the connection to 10.1.2.3:443 was refused", ""},
		{ofProxy(dial(refused)), "the connection to the proxy 10.1.2.3:443 was refused", checkProxy},
		{refused, "the connection was refused", ""},
		{dial(os.ErrDeadlineExceeded), "the connection to 10.1.2.3:443 could not be made in time", ""},
		{ofProxy(dial(os.ErrDeadlineExceeded)), "the connection to the proxy 10.1.2.3:443 could not be made in time", checkProxy},
		{&net.OpError{Op: "socks connect", Err: os.ErrDeadlineExceeded}, "the connection could not be made in time", ""},
		{&net.OpError{Op: "read", Err: os.ErrDeadlineExceeded}, "it did not come in time", ""},
		{context.DeadlineExceeded, "it did not come in time", ""},
		{fmt.Errorf("reading: %w", io.ErrUnexpectedEOF), closed, ""},
		{&net.OpError{Op: "read", Err: syscall.ECONNRESET}, closed, ""},
		{ofProxy(dial(noHost)), "there is no host cos.example (the proxy of HTTPS_PROXY)", checkProxy},
		{ofProxy(badDNS), "the address of the host cos.example (the proxy of HTTPS_PROXY) could not be looked up: server misbehaving", checkProxy},
		{ofProxy(expired), "this machine does not trust the certificate of the proxy: certificate has expired", "Add the certificate of the proxy's authority"},
		{
			&tls.CertificateVerificationError{Err: x509.SystemRootsError{}},
			"this machine has no root certificates, so it cannot verify any server's certificate", "Install this machine's package ca-certificates",
		},
		{socket(syscall.EMFILE), noFiles, raise},
		{socket(syscall.ENFILE), noFiles, raise},
		{&net.DNSError{Name: "cos.example", Err: "dial udp 10.0.0.2:53: socket: " + syscall.EMFILE.Error()}, noFiles, raise},
		{errors.New("whatever\nelse"), `whatever\nelse`, ""},
	} {
		if got := Describe(test.err); got != test.want {
			t.Errorf("%v is described as %q, not %q", test.err, got, test.want)
		}
		if got := Remedy(test.err); !strings.HasPrefix(got, test.remedy) || (got == "") != (test.remedy == "") {
			t.Errorf("%v has the remedy %q", test.err, got)
		}
	}
}

// TestDescribeRedacted: an error whose text is not fit to be shown is still what it was.
func TestDescribeRedacted(t *testing.T) {
	t.Parallel()
	const secret = "0123456789abcdef"
	names := strings.Repeat("a-name-of-a-certificate.example, ", 90)
	for name, test := range map[string]struct {
		err   error
		want  string
		final bool
	}{
		"certificate of many names": {
			&tls.CertificateVerificationError{Err: errors.New("x509: certificate is valid for " + names)},
			"this machine does not trust the certificate of the other side: certificate is valid for a-name", true,
		},
		"secret in a certificate": {
			&tls.CertificateVerificationError{Err: errors.New("x509: certificate is valid for " + secret)},
			"this machine does not trust the certificate of the other side: certificate is valid for [redacted]", true,
		},
		"host of two lines": {&net.DNSError{Name: "a\nb", IsNotFound: true}, `there is no host a\nb`, true},
		"connection":        {fmt.Errorf("reading\n: %w", io.ErrUnexpectedEOF), "the connection was closed before a complete answer came", false},
	} {
		masked := NewRedactor(secret).Error(test.err)
		if text := masked.Error(); IsFinal(masked) != test.final || !errors.Is(masked, test.err) || strings.ContainsAny(text, "\n") || strings.Contains(text, secret) || len(text) > 3<<10 {
			t.Errorf("%s: final %t: %v", name, IsFinal(masked), masked)
		}
		for _, got := range []string{Describe(masked), Describe(fmt.Errorf("attempt: %w", masked))} {
			if !strings.HasPrefix(got, test.want) || len(got) > 3<<10 {
				t.Errorf("%s: %s", name, got)
			}
		}
	}
}
