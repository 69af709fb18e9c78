// SPDX-License-Identifier: MPL-2.0

package network

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/untrusted"
)

// Describe says in a clause, in plain words, why there is no response. An error that is not of the
// network is returned as its own text.
func Describe(err error) string {
	var (
		dns     *net.DNSError
		cert    *tls.CertificateVerificationError
		timeout net.Error
	)
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		return fmt.Sprintf("there is no host %s", dns.Name)
	case errors.As(err, &dns):
		return fmt.Sprintf("the address of the host %s could not be looked up: %s", dns.Name, dns.Err)
	case errors.As(err, &cert):
		return "this machine does not trust the certificate of the other side: " + untrusted.Text(strings.TrimPrefix(cert.Err.Error(), "x509: "))
	case errors.Is(err, http.ErrSchemeMismatch):
		return "the other side speaks plain HTTP, not HTTPS"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "the connection" + dialled(err) + " was refused"
	case errors.As(err, &timeout) && timeout.Timeout() && IsDial(err):
		return "the connection" + dialled(err) + " could not be made in time"
	case errors.As(err, &timeout) && timeout.Timeout():
		return "it did not come in time"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the connection was closed before a complete answer came"
	}
	return untrusted.Text(err.Error())
}

// IsDial reports whether no connection could be made, so that nothing was sent.
func IsDial(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect")
}

// IsFinal reports whether another attempt would end in the same error.
func IsFinal(err error) bool {
	var (
		dns         *net.DNSError
		certificate *tls.CertificateVerificationError
		large       *TooLargeError
	)
	return errors.As(err, &dns) && dns.IsNotFound ||
		errors.As(err, &certificate) ||
		errors.As(err, &large) ||
		errors.Is(err, ErrProxy)
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
