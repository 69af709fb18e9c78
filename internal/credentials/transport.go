// SPDX-License-Identifier: MPL-2.0

package credentials

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/netfault"
)

// maxAnswer bounds an answer. Keys with their token are a few KiB.
const maxAnswer = 1 << 20

// newTransport returns connections with bounds, through proxy if it is not nil. Few calls are made, far apart, so none
// is kept.
func newTransport(proxy func(*http.Request) (*url.URL, error)) http.RoundTripper {
	return &http.Transport{
		Proxy:                 proxy,
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
		TLSHandshakeTimeout:   10 * time.Second,
		TLSClientConfig:       &tls.Config{MinVersion: tls.VersionTLS12},
		DisableKeepAlives:     true,
		ExpectContinueTimeout: time.Second,
	}
}

// bounded reads every answer to its end, within bounds, and follows no redirect: what was sent is for one host alone.
// It keeps what the last answer was, for errors that may not quote it.
type bounded struct {
	next      http.RoundTripper
	userAgent string

	err    error // why there is no answer
	status int   // 0 if there is none
	size   int
}

func (b *bounded) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := b.roundTrip(request)
	b.err = err
	return response, err
}

func (b *bounded) roundTrip(request *http.Request) (*http.Response, error) {
	if b.userAgent != "" {
		request = request.Clone(request.Context())
		request.Header.Set("User-Agent", b.userAgent)
	}
	response, err := b.next.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	if err := errors.Join(err, response.Body.Close()); err != nil {
		return nil, fmt.Errorf("reading the answer: %w", err)
	}
	b.status, b.size = response.StatusCode, len(body)
	switch {
	case b.size > maxAnswer:
		return nil, unfit(fmt.Sprintf("the answer is larger than %d bytes", maxAnswer))
	case b.status >= 300 && b.status < 400:
		return nil, unfit(fmt.Sprintf("the answer (HTTP status %d) redirects to another address, which is not followed", b.status))
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	return response, nil
}

// describe says of an answer what can be said without repeating it.
func (b *bounded) describe() string {
	return fmt.Sprintf("HTTP status %d, %d bytes", b.status, b.size)
}

// unfit is an answer that is not read, of which the next attempt would be no better.
type unfit string

func (u unfit) Error() string { return string(u) }

// isFinal reports whether the next attempt would end in the same error.
func isFinal(err error) bool {
	var always unfit
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	return errors.Is(err, netfault.ErrProxy) || errors.As(err, &always) || errors.As(err, &dns) && dns.IsNotFound || errors.As(err, &certificate)
}
