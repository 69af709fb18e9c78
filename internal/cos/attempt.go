// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"context"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"
)

// attemptTransport bounds one attempt of a call. The attempt ends after timeout, or when the
// caller's context ends. A write that has a connection then gets writeGrace more: COS may have
// carried it out, and the caller must learn of that.
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
		// Nothing is sent before there is a connection.
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
