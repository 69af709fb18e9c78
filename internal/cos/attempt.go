// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"context"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"
)

// attemptTransport bounds one attempt of a call. It ends after timeout, and with the caller's
// context, except for a write that is on its way to COS: COS may have carried it out, and the
// caller must learn of that. Such a write gets writeGrace more.
type attemptTransport struct {
	timeout    time.Duration
	writeGrace time.Duration
	next       http.RoundTripper // reads the whole response before it returns
}

func (t attemptTransport) RoundTrip(request *http.Request) (*http.Response, error) {
	caller := request.Context()
	if err := caller.Err(); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(caller), t.timeout)
	defer cancel()
	var onItsWay atomic.Bool
	stop := context.AfterFunc(caller, func() {
		if onItsWay.Load() {
			select {
			case <-ctx.Done(): // answered, or the attempt's timeout
			case <-time.After(t.writeGrace):
			}
		}
		cancel()
	})
	defer stop()
	if request.Method != http.MethodGet {
		// Before there is a connection, nothing can have been sent.
		ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) {
			if caller.Err() != nil {
				cancel()
				return
			}
			onItsWay.Store(true)
		}})
	}
	return t.next.RoundTrip(request.WithContext(ctx))
}
