// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-retryablehttp"
	sdk "github.com/tencentyun/cos-go-sdk-v5"

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
func (c *Client) do(ctx context.Context, r request, read func(response) error) error {
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

func (c *call) do(ctx context.Context, read func(response) error) *Error {
	template, err := c.client.newHTTPRequest(c.request)
	if err != nil {
		return &Error{Err: err}
	}
	retries := network.Retries{Max: c.client.config.MaxRetries, Shortest: c.client.config.RetryWaitMin, Longest: c.client.config.RetryWaitMax}
	if isOnce(ctx) {
		retries.Max = 0
	}
	var (
		answer  response
		failure *Error
	)
	err = network.Retry(ctx, retries, func() (bool, *http.Response) {
		for {
			resp, e := c.attempt(ctx, template)
			if resp.Response == nil && ctx.Err() != nil {
				return true, nil // the failure of the attempt before says more
			}
			if answer, failure = resp, e; !c.hasRenewed(e) {
				return e != nil && c.again(e), resp.Response
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
func ignore(response) error { return nil }

// class says what the failure of an attempt means.
type class struct {
	passing bool // another attempt may succeed
	notDone bool // COS did not carry out the request, though it was sent
}

// class is the only place that classifies failures: by the code of COS, else by the status.
func (e *Error) class() class {
	passing, _ := retryablehttp.DefaultRetryPolicy(context.Background(), &http.Response{StatusCode: e.Status}, nil)
	switch {
	case e.Status == 0:
		return class{passing: !isFinal(e.Err)}
	case e.IsThrottled():
		return class{passing: true, notDone: true}
	case e.Code == CodeOperationAborted:
		return class{passing: e.Op != PostInventory, notDone: true}
	case e.Code == CodeRequestTimeout:
		return class{passing: true}
	case e.Code == "" && !e.IsRedirect():
		return class{passing: passing} // somebody else answered, before or after COS
	}
	return class{passing: passing, notDone: !passing}
}

// IsPassing reports whether another attempt may succeed: after network errors and after responses
// that say that COS is busy, never after a response that finds fault with the request.
func (e *Error) IsPassing() bool { return e.class().passing }

// IsThrottled reports whether COS refused the request because of a rate limit.
func (e *Error) IsThrottled() bool {
	return e.Code == CodeSlowDown || e.Code != "" && e.Status == http.StatusTooManyRequests
}

// IsRedirect reports whether the response redirects to another address. None is followed.
func (e *Error) IsRedirect() bool {
	return e.Status >= http.StatusMultipleChoices && e.Status < http.StatusBadRequest
}

// isFinal reports whether another attempt would end in the same error.
func isFinal(err error) bool {
	var over *BudgetError
	return errors.As(err, &over) || network.IsFinal(err) || errors.Is(err, credentials.ErrNoCredentials) || errors.Is(err, ErrCredentialSource)
}

// Exchange is one attempt of an API call, for a log. It holds no header, no body and no credential.
type Exchange struct {
	Op        Operation
	Bucket    Bucket
	ID        string // of the job; "" for a call about the whole bucket
	Attempt   int    // from 1
	Status    int    // 0 if there was no response
	Code      string // of COS, for a failure
	RequestID string
	Duration  time.Duration
	Err       error
}

// attempt sends the request once, and reads its response to the end. There is no response if it did
// not come whole within Config.AttemptTimeout, or before the caller's context ended. A write that
// has a connection by then gets Config.WriteGrace: COS may carry it out.
func (c *call) attempt(caller context.Context, template *http.Request) (response, *Error) {
	config := &c.client.config
	ctx, cancel := context.WithTimeout(context.WithoutCancel(caller), config.AttemptTimeout)
	defer cancel()
	var connected, sent atomic.Bool
	defer context.AfterFunc(caller, func() {
		if c.op.IsWrite() && connected.Load() {
			_ = network.Pause(ctx, config.WriteGrace)
		}
		cancel()
	})()
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { // again, if net/http could not send over a connection that it had kept
			connected.Store(false)
			sent.Store(false)
		},
		GotConn: func(httptrace.GotConnInfo) {
			if connected.Store(true); caller.Err() != nil {
				cancel()
			}
		},
		WroteHeaders: func() { sent.Store(true) },
	})

	c.attempts++
	started := time.Now()
	var resp response
	err := c.findCredentials(ctx)
	if err == nil {
		err = caller.Err()
	}
	if err == nil {
		resp, err = c.send(ctx, template)
	}
	// Once ctx has ended, net/http returns while it may still be writing.
	isSent := sent.Load() || connected.Load() && ctx.Err() != nil
	exchange := Exchange{Op: c.op, Bucket: c.bucket, ID: c.id, Attempt: c.attempts, Duration: time.Since(started)}
	var failure *Error
	if err != nil {
		exchange.Err = resp.secrets.Error(err)
		failure = &Error{Err: exchange.Err}
	} else {
		exchange.Status, exchange.RequestID = resp.StatusCode, resp.word(headerRequestID)
		if failure = resp.failure(); failure != nil {
			exchange.Code = failure.Code
		}
	}
	config.Observe(ctx, exchange)

	c.sent = c.sent || isSent
	if failure != nil {
		failure.Op = c.op
		c.mayBeDone = c.mayBeDone || c.op.IsWrite() && isSent && !failure.class().notDone
	}
	return resp, failure
}

func (c *call) findCredentials(ctx context.Context) (err error) {
	c.credentials, err = c.client.config.Credentials(ctx)
	switch {
	case err != nil:
		return fmt.Errorf("%w: %w", ErrCredentialSource, err)
	case c.credentials.SecretID == "" || c.credentials.SecretKey == "":
		return credentials.ErrNoCredentials // the signer would send the request unsigned, without an error
	}
	return nil
}

// send signs the request afresh and returns the whole response. The signature expires after an hour.
func (c *call) send(ctx context.Context, template *http.Request) (resp response, err error) {
	keys := c.credentials
	request := template.Clone(ctx)
	if request.GetBody != nil {
		if request.Body, err = request.GetBody(); err != nil {
			return resp, err
		}
	}
	sdk.AddAuthorizationHeader(keys.SecretID, keys.SecretKey, keys.Token, request, sdk.NewAuthTime(time.Hour))
	resp.secrets = network.NewRedactor(keys.SecretID, keys.SecretKey, keys.Token, signatureOf(request))

	raw, err := c.client.connections.RoundTrip(request) //nolint:bodyclose // ReadBody closes it
	if err == nil {
		c.share.end(false) // the attempts before
		raw.Body = c.share.counted(raw.Body)
		resp.body, err = network.ReadBody(raw, operations[c.op].maxResponse)
	}
	var timeout net.Error
	switch {
	case err == nil:
		resp.Response = raw
	case errors.As(err, &timeout) && timeout.Timeout():
		err = fmt.Errorf("no answer in time: %w", err)
	}
	return resp, err
}

// signatureOf returns the signature within the header that the signer writes.
//
// https://www.tencentcloud.com/document/product/436/7778
func signatureOf(request *http.Request) string {
	_, rest, _ := strings.Cut(request.Header.Get("Authorization"), "q-signature=")
	signature, _, _ := strings.Cut(rest, "&")
	return signature
}
