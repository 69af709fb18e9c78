// SPDX-License-Identifier: MPL-2.0

package network

import (
	"cmp"
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
	if masked, ok := errors.AsType[*redactedError](err); ok {
		return masked.secrets.Text(describe(err))
	}
	return Redactor{}.Text(describe(err))
}

func describe(err error) string {
	dns, isDNS := errors.AsType[*net.DNSError](err)
	cert, isCert := errors.AsType[*tls.CertificateVerificationError](err)
	plain, isPlain := errors.AsType[tls.RecordHeaderError](err)
	timeout, isNet := errors.AsType[net.Error](err)
	op, isOp := errors.AsType[*net.OpError](err)
	isDial := isOp && slices.Contains([]string{"dial", "proxyconnect", "socks connect"}, op.Op)
	side, ofProxy := "other side", ""
	if isOfProxy(err) {
		side, ofProxy = "proxy", " (the proxy of HTTPS_PROXY)"
	}
	switch {
	case lacksFiles(err):
		return "this process has as many open files as this machine allows"
	case isDNS && dns.IsNotFound:
		return fmt.Sprintf("there is no host %s%s", dns.Name, ofProxy)
	case isDNS:
		return fmt.Sprintf("the address of the host %s%s could not be looked up: %s", dns.Name, ofProxy, dns.Err)
	case lacksRoots(err):
		return "this machine has no root certificates, so it cannot verify any server's certificate"
	case isCert:
		return "this machine does not trust the certificate of the " + side + ": " + strings.TrimPrefix(cert.Err.Error(), "x509: ")
	case isPlain && string(plain.RecordHeader[:]) == "HTTP/":
		return "the other side answers in plain HTTP, not HTTPS"
	case strings.Contains(err.Error(), "malformed "): // Go's error quotes what came
		return "the " + side + " does not speak HTTP"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "the connection" + dialled(err) + " was refused"
	case isNet && timeout.Timeout() && isDial:
		return "the connection" + dialled(err) + " could not be made in time"
	case isNet && timeout.Timeout():
		return "it did not come in time"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the connection was closed before a complete answer came"
	}
	return err.Error()
}

// IsFinal reports whether another attempt would end in the same error.
func IsFinal(err error) bool {
	dns, isDNS := errors.AsType[*net.DNSError](err)
	proxy, isProxy := errors.AsType[*ProxyError](err)
	return isDNS && dns.IsNotFound || isProxy && proxy.isFinal() ||
		isA[*tls.CertificateVerificationError](err) || isA[*TooLargeError](err) ||
		// net/http has no type for more headers than the transport reads.
		err != nil && strings.Contains(err.Error(), "server response headers exceeded")
}

func isA[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

// dialled names the address that could not be reached, and that it is a proxy's, if it is.
func dialled(err error) (to string) {
	if isOfProxy(err) {
		to = " to the proxy"
	}
	for op, ok := errors.AsType[*net.OpError](err); ok; op, ok = errors.AsType[*net.OpError](op.Err) {
		if op.Addr != nil {
			return cmp.Or(to, " to") + " " + op.Addr.String()
		}
	}
	return to
}

// Remedy says in whole sentences what to do about an error whose cause is on this machine or at the
// proxy, and "" about any other.
func Remedy(err error) string {
	refused, isRefused := errors.AsType[*ProxyError](err)
	isCert := isA[*tls.CertificateVerificationError](err)
	switch {
	case isRefused:
		return refused.remedy()
	case lacksRoots(err):
		return "Install this machine's package ca-certificates, or name a file of root certificates in SSL_CERT_FILE. The check cannot be switched off."
	case isCert && isOfProxy(err):
		return "Add the certificate of the proxy's authority to this machine's trusted ones. If the proxy itself speaks no TLS, its scheme in HTTPS_PROXY is http."
	case isCert:
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
	op, ok := errors.AsType[*net.OpError](err)
	return ok && op.Op == "proxyconnect"
}

// lacksRoots reports whether no certificate can be trusted, for lack of any root, as in images
// without the package ca-certificates.
func lacksRoots(err error) bool {
	if !isA[x509.UnknownAuthorityError](err) {
		return isA[x509.SystemRootsError](err)
	}
	roots, err := x509.SystemCertPool()
	return err == nil && roots.Equal(x509.NewCertPool())
}

// lacksFiles reports whether this process has too many open files. A failed lookup in DNS keeps the
// text only.
func lacksFiles(err error) bool {
	dns, isDNS := errors.AsType[*net.DNSError](err)
	return errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) ||
		isDNS && strings.Contains(dns.Err, syscall.EMFILE.Error())
}
