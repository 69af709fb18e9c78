// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"context"
	"net/http"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/credentials"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/network"
)

// call is one API call on its way through its attempts, which follow each other.
type call struct {
	client *Client
	request

	attempts    int
	sent        bool                    // an attempt may have reached COS
	mayBeDone   bool                    // COS may have carried out an attempt of this write
	credentials credentials.Credentials // of the last attempt
	renewed     bool                    // after credentials that had expired
}

// do makes one call, with as many attempts as it needs and the configuration allows, and passes the
// response to read. Every error is an [*Error]. When ctx ends, no other attempt follows. A write
// that is under way still gets Config.WriteGrace, and its response is then the call's result.
func (c *Client) do(ctx context.Context, r request, read func(document) error) error {
	current := &call{client: c, request: r}
	failure := current.do(ctx, read)
	r.share.end(failure == nil)
	if failure == nil {
		return nil
	}
	failure.Op, failure.Bucket, failure.ID = r.op, r.bucket, r.id
	failure.Attempts, failure.Sent, failure.MayBeDone = current.attempts, current.sent, current.mayBeDone
	return failure
}

func (c *call) do(ctx context.Context, read func(document) error) *Error {
	template, err := c.client.newHTTPRequest(c.request)
	if err != nil {
		return &Error{Err: err}
	}
	retries := network.Retries{Max: c.client.config.MaxRetries, Shortest: c.client.config.RetryWaitMin, Longest: c.client.config.RetryWaitMax}
	if c.once || isOnce(ctx) {
		retries.Max = 0
	}
	var (
		answer  document
		failure *Error
	)
	err = network.Retry(ctx, retries, func() (bool, *http.Response) {
		for {
			d, e := c.attempt(ctx, template)
			if d.Response == nil && ctx.Err() != nil {
				return true, nil // the failure of the attempt before says more
			}
			if answer, failure = d, e; !c.hasRenewed(e) {
				return e != nil && c.again(e), d.Response
			}
		}
	})
	switch {
	case err != nil && failure == nil:
		return &Error{Err: &Interruption{Err: err}}
	case err != nil:
		failure.Err = &Interruption{Err: err, Last: failure.Err}
		return failure
	case failure != nil:
		return failure
	}
	if err := c.share.decode(read, answer); err != nil {
		c.mayBeDone = c.op.IsWrite()
		return answer.fail(answer.secrets.Error(err))
	}
	return nil
}

type onceKey struct{}

// Once returns a context with which each call gets one attempt only.
func Once(ctx context.Context) context.Context { return context.WithValue(ctx, onceKey{}, true) }

func isOnce(ctx context.Context) bool { return ctx.Value(onceKey{}) != nil }

// hasRenewed reports whether there may be other credentials in place of those that had expired. They
// are worth an attempt that is no retry: the service is not at fault.
func (c *call) hasRenewed(e *Error) bool {
	if e == nil || e.Code != CodeExpiredToken || c.client.config.Expired == nil || c.renewed {
		return false
	}
	c.renewed = c.client.config.Expired(c.credentials)
	return c.renewed
}

// again decides whether a failed call gets another attempt.
func (c *call) again(e *Error) bool {
	if c.op == PostInventory && c.mayBeDone {
		return false // a second POST is a second job, or refused as one
	}
	return e.IsPassing()
}

// ignore is for responses that are only a status.
func ignore(document) error { return nil }
