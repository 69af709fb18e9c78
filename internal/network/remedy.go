// SPDX-License-Identifier: MPL-2.0

package network

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"strings"
	"syscall"
)

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
