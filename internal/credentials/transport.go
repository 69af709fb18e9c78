// SPDX-License-Identifier: MPL-2.0

package credentials

import (
	"bytes"
	"fmt"
	"io"
	"net/http"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/network"
)

// maxResponse bounds a response, in bytes. Credentials with their token are a few KiB.
const maxResponse = 1 << 20

// newTransport returns connections through proxy, if it is not nil. Few calls are made, far apart,
// so no connection is kept.
func newTransport(proxy *network.Proxy) http.RoundTripper {
	t := network.NewTransport(proxy)
	t.DisableKeepAlives = true
	return t
}

// boundedTransport reads every response to its end, within a limit, and follows no redirect,
// because the request is meant for one host. It keeps the status and size of the last response, for
// errors that may not quote it.
type boundedTransport struct {
	next      http.RoundTripper
	userAgent string

	err    error // why there is no response
	status int   // 0 if there is none
	size   int
}

func (b *boundedTransport) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := b.roundTrip(request)
	b.err = err
	return response, err
}

func (b *boundedTransport) roundTrip(request *http.Request) (*http.Response, error) {
	if b.userAgent != "" {
		request = request.Clone(request.Context())
		request.Header.Set("User-Agent", b.userAgent)
	}
	response, err := b.next.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	b.status = response.StatusCode
	body, err := network.ReadBody(response, maxResponse)
	if err != nil {
		return nil, err
	}
	b.size, response.Body = len(body), io.NopCloser(bytes.NewReader(body))
	if b.isRedirect() {
		return nil, fmt.Errorf("the answer (HTTP status %d) redirects to another address, which is not followed", b.status)
	}
	return response, nil
}

func (b *boundedTransport) isRedirect() bool { return b.status/100 == 3 }

// describe describes the last response without repeating it.
func (b *boundedTransport) describe() string {
	return fmt.Sprintf("HTTP status %d, %d bytes", b.status, b.size)
}
