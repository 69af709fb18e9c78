// SPDX-License-Identifier: MPL-2.0

package network

import (
	"crypto/tls"
	"net"
	"net/http"
	"time"
)

// NewDialer returns a dialer whose connections are made within 10 s, or not at all.
func NewDialer() *net.Dialer {
	return &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
}

// NewTransport returns a pool of connections with a timeout for each step before the request is
// sent. It uses the system's certificates and, until the caller sets another one, no proxy (see
// [Proxy]).
func NewTransport() *http.Transport {
	return &http.Transport{
		DialContext:           NewDialer().DialContext,
		TLSHandshakeTimeout:   10 * time.Second,
		TLSClientConfig:       &tls.Config{MinVersion: tls.VersionTLS12},
		ExpectContinueTimeout: time.Second,
	}
}
