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

	sdk "github.com/tencentyun/cos-go-sdk-v5"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/credentials"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/network"
)

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
func (c *call) attempt(caller context.Context, template *http.Request) (document, *Error) {
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
	var d document
	err := c.findCredentials(ctx)
	if err == nil {
		err = caller.Err()
	}
	if err == nil {
		d, err = c.send(ctx, template)
	}
	// Once ctx has ended, net/http returns while it may still be writing.
	isSent := sent.Load() || connected.Load() && ctx.Err() != nil
	exchange := Exchange{Op: c.op, Bucket: c.bucket, ID: c.id, Attempt: c.attempts, Duration: time.Since(started)}
	var failure *Error
	if err != nil {
		exchange.Err = d.secrets.Error(err)
		failure = &Error{Err: exchange.Err}
	} else {
		exchange.Status, exchange.RequestID = d.StatusCode, d.word(headerRequestID)
		if failure = d.failure(); failure != nil {
			exchange.Code = failure.Code
		}
	}
	config.Observe(ctx, exchange)

	c.sent = c.sent || isSent
	if failure != nil {
		failure.Op = c.op
		c.mayBeDone = c.mayBeDone || c.op.IsWrite() && isSent && !failure.class().notDone
	}
	return d, failure
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
func (c *call) send(ctx context.Context, template *http.Request) (d document, err error) {
	keys := c.credentials
	request := template.Clone(ctx)
	if request.GetBody != nil {
		if request.Body, err = request.GetBody(); err != nil {
			return d, err
		}
	}
	sdk.AddAuthorizationHeader(keys.SecretID, keys.SecretKey, keys.Token, request, sdk.NewAuthTime(time.Hour))
	d.secrets = network.NewRedactor(keys.SecretID, keys.SecretKey, keys.Token, signatureOf(request))

	response, err := c.client.connections.RoundTrip(request) //nolint:bodyclose // ReadBody closes it
	if err == nil {
		c.share.end(false) // the attempts before
		response.Body = c.share.counted(response.Body)
		d.body, err = network.ReadBody(response, operations[c.op].maxResponse)
	}
	var timeout net.Error
	switch {
	case err == nil:
		d.Response = response
	case errors.As(err, &timeout) && timeout.Timeout():
		err = fmt.Errorf("no answer in time: %w", err)
	}
	return d, err
}

// signatureOf returns the signature within the header that the signer writes.
//
// https://www.tencentcloud.com/document/product/436/7778
func signatureOf(request *http.Request) string {
	_, rest, _ := strings.Cut(request.Header.Get("Authorization"), "q-signature=")
	signature, _, _ := strings.Cut(rest, "&")
	return signature
}
