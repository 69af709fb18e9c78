// SPDX-License-Identifier: MPL-2.0

// Package network is what the clients of all services share: connections, response bodies and texts
// within bounds, the rules for addresses, and what Go's network errors mean.
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
// sent. It uses the system's certificates, and the proxy if it is not nil.
func NewTransport(proxy *Proxy) *http.Transport {
	t := &http.Transport{
		DialContext:           NewDialer().DialContext,
		TLSHandshakeTimeout:   10 * time.Second,
		TLSClientConfig:       &tls.Config{MinVersion: tls.VersionTLS12},
		ExpectContinueTimeout: time.Second,

		MaxResponseHeaderBytes: 256 << 10, // far above what a service or a proxy sends
	}
	if proxy != nil {
		t.Proxy, t.OnProxyConnectResponse = proxy.forRequest, proxy.onConnect
	}
	return t
}
