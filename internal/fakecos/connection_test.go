// SPDX-License-Identifier: MPL-2.0

package fakecos_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// onConnection signs a LIST that arrives over the connection of that context.
func onConnection(ctx context.Context) *http.Request {
	r := newRequest(http.MethodGet, "inventory", "")
	fakecos.Sign(r, fakecos.DefaultCredential(), time.Now())
	return r.WithContext(ctx)
}

func TestConnectLatency(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, fakecos.Options{ConnectLatency: 200 * time.Millisecond})
		s.Inject(fakecos.Fault{Delay: 100 * time.Millisecond})
		for _, connection := range []string{"first", "second"} {
			ctx := s.ConnContext(t.Context(), nil)
			for i, want := range []time.Duration{300 * time.Millisecond, 100 * time.Millisecond} {
				start := time.Now()
				wantStatus(t, serve(s, onConnection(ctx)), http.StatusOK)
				if took := time.Since(start); took != want {
					t.Errorf("%s connection, request %d: answered after %v, want %v", connection, i, took, want)
				}
			}
		}
	})
}

func TestConnectLatency_ClientLeaves(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, fakecos.Options{ConnectLatency: time.Hour})
		ctx, leave := context.WithCancel(s.ConnContext(t.Context(), nil))
		done := make(chan struct{})
		go func() {
			defer close(done)
			s.ServeHTTP(httptest.NewRecorder(), onConnection(ctx))
		}()
		synctest.Wait()
		leave()
		<-done
		if requests := s.Requests(); len(requests) != 0 {
			t.Errorf("logged %+v of a client that never got through", requests)
		}
	})
}

func TestConnectLatency_Listener(t *testing.T) {
	t.Parallel()
	l := listen(t, fakecos.Options{ConnectLatency: time.Hour})
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, _, err := over(ctx, l, http.MethodGet, "inventory", ""); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v, want no answer for an hour", err)
	}
	if requests := l.Requests(); len(requests) != 0 {
		t.Errorf("logged %+v", requests)
	}
}
