// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/network"
)

// checkRetry records the result of the attempt and decides whether there is another one. A complete
// response counts, even if the caller's context has ended meanwhile, but no other attempt follows
// then.
func (c *call) checkRetry(ctx context.Context, response *http.Response, err error) (bool, error) {
	if err != nil && ctx.Err() != nil {
		return false, ctx.Err() // what the attempt before failed of stays recorded
	}
	c.failure = nil
	switch {
	case err != nil:
		c.failure = &Error{Err: plain(err)}
	case response.StatusCode >= 300:
		body, err := io.ReadAll(response.Body) // in memory already, see bufferTransport
		if err != nil {
			return false, err
		}
		c.failure = newStatusError(response, body)
	default:
		return false, nil
	}
	again, unexpected := c.again(response, err)
	if again && ctx.Err() != nil {
		return false, ctx.Err()
	}
	return again, unexpected
}

// again decides whether a failed call gets another attempt: after network errors and after
// responses that say that COS is busy, never after a response that finds fault with the request.
func (c *call) again(response *http.Response, err error) (bool, error) {
	switch {
	case c.failure.Code == CodeExpiredToken && c.client.config.Expired != nil && !c.renewed:
		c.renewed = c.client.config.Expired(c.credentials)
		return c.renewed, nil
	case c.op == PostInventory && !c.failure.notTaken():
		return false, nil // a second POST is a second job, or refused as one
	case c.failure.Code == CodeRequestTimeout:
		return true, nil
	case err != nil && isFinal(err):
		return false, nil
	}
	return retryablehttp.DefaultRetryPolicy(context.Background(), response, err)
}

// isFinal reports whether another attempt would end in the same error.
func isFinal(err error) bool {
	return network.IsFinal(err) || errors.Is(err, ErrNoCredentials) || errors.Is(err, ErrCredentialSource)
}

// notTaken reports whether COS cannot have acted on the request: there was no connection, or COS
// throttled the request.
func (e *Error) notTaken() bool {
	return e.Err != nil && network.IsDial(e.Err) ||
		e.Code == codeSlowDown || e.Code != "" && e.Status == http.StatusTooManyRequests
}

// plain removes the method and the URL from a network error, as the call's error names the call,
// and names a timeout as such.
func plain(err error) error {
	var u *url.Error
	if !errors.As(err, &u) {
		return err
	}
	if u.Timeout() {
		return fmt.Errorf("no answer in time: %w", u.Err)
	}
	return u.Err
}

// backoff waits exponentially longer after each attempt, with jitter, so that many callers do not
// retry at once. It honours Retry-After.
func backoff(shortest, longest time.Duration, attempt int, response *http.Response) time.Duration {
	wait := retryablehttp.DefaultBackoff(shortest, longest, attempt, response)
	if wait < 0 {
		return longest // a Retry-After beyond all bounds
	}
	if response != nil && response.Header.Get("Retry-After") != "" &&
		(response.StatusCode == http.StatusTooManyRequests || response.StatusCode == http.StatusServiceUnavailable) {
		return wait
	}
	return wait/2 + rand.N(wait/2+1)
}
