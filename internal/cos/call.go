// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/hashicorp/go-retryablehttp"
)

const headerRequestID = "X-Cos-Request-Id"

// call is one API call on its way through its attempts, which follow each other.
type call struct {
	client *Client
	request

	attempts    int
	credentials Credentials // of the last attempt
	renewed     bool        // after credentials that had expired
	failure     *Error      // of the last attempt; nil after a success
}

// do makes one call, with as many attempts as it needs and the configuration allows, and passes the
// response to read. Every error is an [*Error]. When ctx ends, no other attempt follows. A write
// that is under way still gets Config.WriteGrace, and its response is then the call's result.
func (c *Client) do(ctx context.Context, r request, read func(body []byte, header http.Header) error) error {
	current := &call{client: c, request: r}
	err := current.do(ctx, read)
	if err == nil {
		return nil
	}
	err.Op, err.Bucket, err.ID, err.Attempts = r.op, r.bucket, r.id, current.attempts
	return err
}

func (c *call) do(ctx context.Context, read func(body []byte, header http.Header) error) *Error {
	httpRequest, err := c.client.newHTTPRequest(ctx, c.request)
	if err != nil {
		return &Error{Err: err}
	}
	response, err := c.attemptAll(httpRequest)
	if response != nil {
		defer response.Body.Close()
	}
	switch {
	case err != nil && ctx.Err() != nil:
		e := c.failure
		if e == nil {
			e = &Error{}
		}
		e.Err = interrupted(ctx, e.Err)
		return e
	case c.failure != nil:
		return c.failure
	case err != nil:
		return &Error{Err: plain(err)}
	}

	id := requestID(response)
	body, err := io.ReadAll(response.Body)
	switch {
	case err != nil:
	case id == "":
		// A captive portal returns 200 for everything. Its response must not pass for that of a
		// write.
		err = fmt.Errorf("the answer is not one of COS (%s): it carries no request id", describe(response, body))
	default:
		err = read(body, response.Header)
	}
	if err != nil {
		return &Error{Status: response.StatusCode, RequestID: id, Err: err}
	}
	return nil
}

// attemptAll makes attempts until one succeeds or a retry is useless. Retries are outside the
// signing, so that each attempt is signed afresh.
func (c *call) attemptAll(request *retryablehttp.Request) (*http.Response, error) {
	client := &retryablehttp.Client{
		HTTPClient: &http.Client{
			Transport: c.attemptTransport(),
			// A redirect would carry the signed request to another host.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		RetryMax:     c.maxRetries(),
		RetryWaitMin: c.client.config.RetryWaitMin,
		RetryWaitMax: c.client.config.RetryWaitMax,
		CheckRetry:   c.checkRetry,
		Backoff:      backoff,
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
	return client.Do(request)
}

func (c *call) maxRetries() int {
	if c.once {
		return 0
	}
	return c.client.config.MaxRetries
}

// attemptTransport makes one attempt: bounded in time, observed, signed, and with its response read
// to the end. Each step calls the next one.
func (c *call) attemptTransport() http.RoundTripper {
	var t http.RoundTripper = c.client.connections
	t = bufferTransport{limit: c.op.maxResponse(), next: t}
	t = signTransport{call: c, next: t}
	t = observeTransport{call: c, next: t}
	return attemptTransport{timeout: c.client.config.AttemptTimeout, writeGrace: c.client.config.WriteGrace, next: t}
}

// ignore is for responses that are only a status.
func ignore([]byte, http.Header) error { return nil }

// interrupted returns why a call ended early, and the failure before that.
func interrupted(ctx context.Context, last error) error {
	return &Interruption{Err: ctx.Err(), Last: last}
}
