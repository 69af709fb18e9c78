// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	sdk "github.com/tencentyun/cos-go-sdk-v5"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/netfault"
)

const (
	// maxAnswer bounds the body of a response. A document is a few KiB as a rule. One with thousands of
	// tags may have a MiB.
	maxAnswer = 2 << 20

	// maxPage bounds the body of a page of LIST, which has a hundred documents.
	maxPage = 16 << 20

	// maxIdlePerHost keeps a connection for every call that Terraform has under
	// way, also where -parallelism is far above its default of ten.
	maxIdlePerHost = 64
)

// Credentials sign a request. Token is for temporary ones.
type Credentials struct {
	SecretID, SecretKey, Token string
}

// CredentialSource gives the credentials to sign a request with. It is asked
// before every attempt and is safe for concurrent use.
type CredentialSource func(context.Context) (Credentials, error)

// StaticCredentials is the source of credentials that never change.
func StaticCredentials(c Credentials) CredentialSource {
	return func(context.Context) (Credentials, error) { return c, nil }
}

// newTransport returns the pool of connections. It honours HTTPS_PROXY, NO_PROXY
// and the system's certificates.
func newTransport(d Domain) *http.Transport {
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	t := &http.Transport{
		Proxy:                 netfault.Proxy,
		DialContext:           dialer.DialContext,
		ForceAttemptHTTP2:     true,
		MaxIdleConnsPerHost:   maxIdlePerHost,
		IdleConnTimeout:       90 * time.Second,
		TLSHandshakeTimeout:   10 * time.Second,
		ExpectContinueTimeout: time.Second,
		TLSClientConfig:       &tls.Config{MinVersion: tls.VersionTLS12, ClientSessionCache: tls.NewLRUClientSessionCache(0)},
	}
	if d.dial != "" {
		t.Proxy = nil // the address is given: it is dialled, and nothing else
		t.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
			return dialer.DialContext(ctx, network, d.dial)
		}
	}
	return t
}

// bufferTransport reads every answer to its end, within bounds. So a body that
// breaks off is a failed attempt like any other, which may be repeated, and
// every connection goes back to the pool.
type bufferTransport struct {
	next http.RoundTripper
}

func (t bufferTransport) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := t.next.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	limit := maxAnswer
	if callFrom(request.Context()).op == ListInventories {
		limit = maxPage
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, int64(limit)+1))
	if err := errors.Join(err, response.Body.Close()); err != nil {
		return nil, fmt.Errorf("reading the answer: %w", err)
	}
	if len(body) > limit {
		return nil, &TooLargeError{Limit: limit}
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	if _, err := url.Parse(response.Header.Get("Location")); err != nil {
		response.Header.Del("Location") // net/http would put all of it into its error
	}
	return response, nil
}

// signTransport signs each attempt afresh, with the vendor's signer.
type signTransport struct {
	source CredentialSource
	next   http.RoundTripper
}

func (t signTransport) RoundTrip(request *http.Request) (*http.Response, error) {
	c, err := t.source(request.Context())
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCredentialSource, err)
	}
	if c.SecretID == "" || c.SecretKey == "" {
		// The signer would send the request unsigned without a word.
		return nil, ErrNoCredentials
	}
	callFrom(request.Context()).credentials = c
	signer := &sdk.AuthorizationTransport{
		SecretID: c.SecretID, SecretKey: c.SecretKey, SessionToken: c.Token,
		Transport: redactTransport{credentials: c, next: t.next},
	}
	return signer.RoundTrip(request)
}

// ErrCredentialSource is the cause of an [Error] when the source of credentials
// failed. It has repeated what is worth repeating itself; nothing was sent.
var ErrCredentialSource = errors.New("obtaining credentials")

// Exchange is one attempt of an API call, for a log. It holds no header, no
// body and no credential.
type Exchange struct {
	Op        Operation
	Job       Job
	Attempt   int // from 1
	Status    int // 0 if there was no answer
	RequestID string
	Duration  time.Duration
	Err       error
}

// observeTransport counts the attempts and reports each.
type observeTransport struct {
	observe func(context.Context, Exchange)
	next    http.RoundTripper
}

func (t observeTransport) RoundTrip(request *http.Request) (*http.Response, error) {
	call := callFrom(request.Context())
	call.attempts++
	started := time.Now()
	response, err := t.next.RoundTrip(request)
	exchange := Exchange{Op: call.op, Job: call.job, Attempt: call.attempts, Duration: time.Since(started), Err: err}
	if response != nil {
		exchange.Status, exchange.RequestID = response.StatusCode, requestID(response)
	}
	t.observe(request.Context(), exchange)
	return response, err
}
