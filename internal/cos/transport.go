// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	sdk "github.com/tencentyun/cos-go-sdk-v5"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/network"
)

// maxIdlePerHost keeps a connection for every call that Terraform makes at a time, also if
// -parallelism is far above its default of ten.
const maxIdlePerHost = 64

// Credentials sign a request. Token is for temporary ones.
type Credentials struct {
	SecretID, SecretKey, Token string
}

// CredentialSource gives the credentials to sign a request with. It is called before every attempt
// and is safe for concurrent use.
type CredentialSource func(context.Context) (Credentials, error)

// StaticCredentials is the source of credentials that never change.
func StaticCredentials(c Credentials) CredentialSource {
	return func(context.Context) (Credentials, error) { return c, nil }
}

// newConnections returns the pool of connections, through the proxy unless it is nil or the domain
// has an address of its own.
func newConnections(d Domain, proxy *network.Proxy) *http.Transport {
	if d.dial != "" {
		proxy = nil // every connection goes to the given address
	}
	t := network.NewTransport(proxy)
	t.ForceAttemptHTTP2 = true
	t.MaxIdleConnsPerHost = maxIdlePerHost
	t.IdleConnTimeout = 90 * time.Second
	t.TLSClientConfig.ClientSessionCache = tls.NewLRUClientSessionCache(0)
	if d.dial != "" {
		dialer := network.NewDialer()
		t.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
			return dialer.DialContext(ctx, network, d.dial)
		}
	}
	return t
}

// bufferTransport reads every response to its end, within a limit. A body that breaks off is then a
// failed attempt like any other, which may be retried.
type bufferTransport struct {
	limit int // bytes
	next  http.RoundTripper
}

func (t bufferTransport) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := t.next.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	if _, err := network.BufferBody(response, t.limit); err != nil {
		return nil, err
	}
	if _, err := url.Parse(response.Header.Get("Location")); err != nil {
		response.Header.Del("Location") // net/http would put all of it into its error
	}
	return response, nil
}

// signTransport signs each attempt afresh, with the vendor's signer.
type signTransport struct {
	call *call
	next http.RoundTripper
}

func (t signTransport) RoundTrip(request *http.Request) (*http.Response, error) {
	c, err := t.call.client.config.Credentials(request.Context())
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCredentialSource, err)
	}
	if c.SecretID == "" || c.SecretKey == "" {
		return nil, ErrNoCredentials // the signer would send the request unsigned, without an error
	}
	t.call.credentials = c
	signer := &sdk.AuthorizationTransport{
		SecretID: c.SecretID, SecretKey: c.SecretKey, SessionToken: c.Token,
		Transport: redactTransport{credentials: c, next: t.next},
	}
	return signer.RoundTrip(request)
}

// ErrCredentialSource is the cause of an [Error] when the source of credentials failed, after its
// own retries. Nothing was sent.
var ErrCredentialSource = errors.New("obtaining credentials")

// Exchange is one attempt of an API call, for a log. It holds no header, no body and no credential.
type Exchange struct {
	Op        Operation
	Bucket    Bucket
	ID        string // of the job; "" for a call about the whole bucket
	Attempt   int    // from 1
	Status    int    // 0 if there was no response
	RequestID string
	Duration  time.Duration
	Err       error
}

// observeTransport counts the attempts and reports each.
type observeTransport struct {
	call *call
	next http.RoundTripper
}

func (t observeTransport) RoundTrip(request *http.Request) (*http.Response, error) {
	c := t.call
	c.attempts++
	started := time.Now()
	response, err := t.next.RoundTrip(request)
	exchange := Exchange{Op: c.op, Bucket: c.bucket, ID: c.id, Attempt: c.attempts, Duration: time.Since(started), Err: err}
	if response != nil {
		exchange.Status, exchange.RequestID = response.StatusCode, requestID(response)
	}
	c.client.config.Observe(request.Context(), exchange)
	return response, err
}
