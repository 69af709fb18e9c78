// SPDX-License-Identifier: MPL-2.0

package network

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"syscall"
)

// Describe says in a clause, in plain words, why there is no response. An error that is not of the
// network is returned as its own text.
func Describe(err error) string {
	var secrets Redactor
	if masked := (*redactedError)(nil); errors.As(err, &masked) {
		secrets = masked.secrets
	}
	return secrets.Text(describe(err))
}

func describe(err error) string {
	var (
		dns     *net.DNSError
		cert    *tls.CertificateVerificationError
		plain   tls.RecordHeaderError
		timeout net.Error
	)
	side, ofProxy := "other side", ""
	if isOfProxy(err) {
		side, ofProxy = "proxy", " (the proxy of HTTPS_PROXY)"
	}
	switch {
	case lacksFiles(err):
		return "this process has as many open files as this machine allows"
	case errors.As(err, &dns) && dns.IsNotFound:
		return fmt.Sprintf("there is no host %s%s", dns.Name, ofProxy)
	case errors.As(err, &dns):
		return fmt.Sprintf("the address of the host %s%s could not be looked up: %s", dns.Name, ofProxy, dns.Err)
	case lacksRoots(err):
		return "this machine has no root certificates, so it cannot verify any server's certificate"
	case errors.As(err, &cert):
		return "this machine does not trust the certificate of the " + side + ": " + strings.TrimPrefix(cert.Err.Error(), "x509: ")
	case errors.As(err, &plain) && string(plain.RecordHeader[:]) == "HTTP/":
		return "the other side answers in plain HTTP, not HTTPS"
	case strings.Contains(err.Error(), "malformed "): // Go's error quotes what came
		return "the " + side + " does not speak HTTP"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "the connection" + dialled(err) + " was refused"
	case errors.As(err, &timeout) && timeout.Timeout() && isDial(err):
		return "the connection" + dialled(err) + " could not be made in time"
	case errors.As(err, &timeout) && timeout.Timeout():
		return "it did not come in time"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the connection was closed before a complete answer came"
	}
	return err.Error()
}

// isDial reports whether no connection could be made, so that nothing was sent.
func isDial(err error) bool {
	var (
		op    *net.OpError
		proxy *ProxyError
	)
	return errors.As(err, &op) && slices.Contains([]string{"dial", "proxyconnect", "socks connect"}, op.Op) || errors.As(err, &proxy)
}

// IsFinal reports whether another attempt would end in the same error.
func IsFinal(err error) bool {
	var (
		dns         *net.DNSError
		certificate *tls.CertificateVerificationError
		large       *TooLargeError
		proxy       *ProxyError
	)
	return errors.As(err, &dns) && dns.IsNotFound ||
		errors.As(err, &certificate) ||
		errors.As(err, &large) || isLargeHeader(err) ||
		errors.As(err, &proxy) && proxy.isFinal()
}

// isLargeHeader reports whether a response had more headers than the transport reads. net/http has
// no type for it.
func isLargeHeader(err error) bool {
	return err != nil && strings.Contains(err.Error(), "server response headers exceeded")
}

// dialled names the address that could not be reached, and that it is a proxy's, if it is.
func dialled(err error) string {
	var (
		op *net.OpError
		to string
	)
	for ; errors.As(err, &op); err = op.Err {
		if op.Op == "proxyconnect" {
			to = " to the proxy"
		}
		if op.Addr != nil {
			if to == "" {
				to = " to"
			}
			return to + " " + op.Addr.String()
		}
	}
	return to
}

// Remedy says in whole sentences what to do about an error whose cause is on this machine or at the
// proxy, and "" about any other.
func Remedy(err error) string {
	var (
		refused *ProxyError
		cert    *tls.CertificateVerificationError
	)
	switch {
	case errors.As(err, &refused):
		return refused.remedy()
	case lacksRoots(err):
		return "Install this machine's package ca-certificates, or name a file of root certificates in SSL_CERT_FILE. The check cannot be switched off."
	case errors.As(err, &cert) && isOfProxy(err):
		return "Add the certificate of the proxy's authority to this machine's trusted ones. If the proxy itself speaks no TLS, its scheme in HTTPS_PROXY is http."
	case errors.As(err, &cert):
		return "If a proxy inspects the traffic, add its certificate to this machine's trusted ones. If there is none, do not go on: somebody else may be answering. The check cannot be switched off."
	case lacksFiles(err):
		return "Raise the limit on open files (ulimit -n), or lower -parallelism."
	case isOfProxy(err):
		return "Check that the proxy runs, and its scheme, host and port in HTTPS_PROXY. Then try again."
	}
	return ""
}

// isOfProxy reports whether the way to the proxy failed, not the way from there.
func isOfProxy(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "proxyconnect"
}

// lacksRoots reports whether no certificate can be trusted, for lack of any root, as in images
// without the package ca-certificates.
func lacksRoots(err error) bool {
	var (
		none    x509.SystemRootsError
		unknown x509.UnknownAuthorityError
	)
	if errors.As(err, &none) || !errors.As(err, &unknown) {
		return errors.As(err, &none)
	}
	roots, err := x509.SystemCertPool()
	return err == nil && roots.Equal(x509.NewCertPool())
}

// lacksFiles reports whether this process has too many open files. A failed lookup in DNS keeps the
// text only.
func lacksFiles(err error) bool {
	var dns *net.DNSError
	return errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) ||
		errors.As(err, &dns) && strings.Contains(dns.Err, syscall.EMFILE.Error())
}
