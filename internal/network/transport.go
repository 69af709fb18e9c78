// SPDX-License-Identifier: MPL-2.0

// Package network is what the clients of all services share: connections, response bodies and texts
// within bounds, the rules for addresses, and what Go's network errors mean.
package network

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
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

// TooLargeError is the error of a response that exceeds its limit.
type TooLargeError struct {
	Limit int // in bytes
}

// Error names the limit.
func (e *TooLargeError) Error() string {
	return fmt.Sprintf("the response exceeds the limit of %d bytes", e.Limit)
}

// ReadBody reads the response's body to its end, so that its connection goes back to the pool. A body
// that is larger than limit, in bytes, is a [*TooLargeError]. A response that is no answer to a
// request (1xx, 3xx) ends at its headers, with its connection: behind 101, net/http gives the raw
// connection, on which no context ends a read.
func ReadBody(response *http.Response, limit int) ([]byte, error) {
	if kind := response.StatusCode / 100; kind == 1 || kind == 3 {
		return nil, response.Body.Close()
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, int64(limit)+1))
	if err := errors.Join(err, response.Body.Close()); err != nil {
		return nil, fmt.Errorf("reading the response: %w", err)
	}
	if len(body) > limit {
		return nil, &TooLargeError{Limit: limit}
	}
	return body, nil
}
