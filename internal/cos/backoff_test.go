// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/network"
)

func TestBackoff(t *testing.T) {
	t.Parallel()
	const shortest, longest = 100 * time.Millisecond, 1 * time.Second
	refusal := func(status int, retryAfter ...string) *http.Response {
		return &http.Response{StatusCode: status, Header: http.Header{"Retry-After": retryAfter}}
	}
	for name, test := range map[string]struct {
		attempt  int
		response *http.Response
		min, max time.Duration
	}{
		"no answer":            {0, nil, 50 * time.Millisecond, 100 * time.Millisecond},
		"the second time":      {1, nil, 100 * time.Millisecond, 200 * time.Millisecond},
		"the third time":       {2, nil, 200 * time.Millisecond, 400 * time.Millisecond},
		"up to the longest":    {4, nil, 500 * time.Millisecond, longest},
		"and no longer":        {4000, nil, 500 * time.Millisecond, longest},
		"server error":         {0, refusal(http.StatusInternalServerError), 50 * time.Millisecond, 100 * time.Millisecond},
		"Retry-After 503":      {0, refusal(http.StatusServiceUnavailable, "7"), 7 * time.Second, 7 * time.Second},
		"Retry-After 429":      {3, refusal(http.StatusTooManyRequests, "120"), 2 * time.Minute, 2 * time.Minute},
		"Retry-After 0":        {3, refusal(http.StatusServiceUnavailable, "0"), 0, 0},
		"Retry-After past":     {3, refusal(http.StatusServiceUnavailable, "Thu, 01 Jan 1970 00:00:00 GMT"), 0, 0},
		"Retry-After empty":    {0, refusal(http.StatusServiceUnavailable, ""), 50 * time.Millisecond, 100 * time.Millisecond},
		"Retry-After garbage":  {0, refusal(http.StatusServiceUnavailable, "soon"), 50 * time.Millisecond, 100 * time.Millisecond},
		"Retry-After negative": {0, refusal(http.StatusServiceUnavailable, "-5"), 50 * time.Millisecond, 100 * time.Millisecond},
		"Retry-After overflow": {0, refusal(http.StatusServiceUnavailable, "9223372037"), longest, longest},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			seen := map[time.Duration]bool{}
			for range 200 {
				wait := backoff(shortest, longest, test.attempt, test.response)
				if wait < test.min || wait > test.max {
					t.Fatalf("waits %v, want %v to %v", wait, test.min, test.max)
				}
				seen[wait] = true
			}
			if test.response == nil && len(seen) < 100 {
				t.Errorf("%d different waits of 200: many callers would come back at once", len(seen))
			}
		})
	}
	t.Run("no room for jitter", func(t *testing.T) {
		t.Parallel()
		for _, wait := range []time.Duration{0, 1} {
			if got := backoff(wait, wait, 0, nil); got > wait || got < 0 {
				t.Errorf("of %v: %v", wait, got)
			}
		}
	})
}

// TestIsFinal: errors that the next attempt would meet again, as deep as net/http wraps them.
func TestIsFinal(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		err  error
		want bool
	}{
		"no such host":         {&net.OpError{Op: "dial", Err: &net.DNSError{Name: "x.invalid", IsNotFound: true}}, true},
		"name server silent":   {&net.OpError{Op: "dial", Err: &net.DNSError{Name: "x.invalid", IsTimeout: true}}, false},
		"name server fails":    {&net.OpError{Op: "dial", Err: &net.DNSError{Name: "x.invalid", IsTemporary: true}}, false},
		"too large an answer":  {&network.TooLargeError{Limit: 1}, true},
		"no credentials":       {ErrNoCredentials, true},
		"proxy refuses":        {&network.ProxyError{Status: 403}, true},
		"proxy fails":          {&network.ProxyError{Status: 502}, false},
		"no credential source": {fmt.Errorf("%w: %w", ErrCredentialSource, errors.New("metadata service")), true},
		"refused":              {&net.OpError{Op: "dial", Err: errors.New("connection refused")}, false},
		"anything else":        {errors.New("unexpected EOF"), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := isFinal(&url.Error{Op: "Get", URL: "https://x.invalid/", Err: test.err}); got != test.want {
				t.Errorf("got %t, want %t", got, test.want)
			}
		})
	}
}

// TestNotTaken: only these leave no doubt that the service did nothing.
func TestNotTaken(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		err  Error
		want bool
	}{
		"never reached":             {Error{Err: &net.OpError{Op: "dial", Err: errors.New("connection refused")}}, true},
		"broke off":                 {Error{Err: &net.OpError{Op: "read", Err: errors.New("connection reset by peer")}}, false},
		"through a proxy":           {Error{Err: &net.OpError{Op: "proxyconnect", Err: &net.OpError{Op: "dial", Err: errors.New("refused")}}}, true},
		"a proxy's refusal":         {Error{Err: &network.ProxyError{Status: 403}}, true},
		"SOCKS":                     {Error{Err: &net.OpError{Op: "socks connect", Err: errors.New("refused")}}, true},
		"slow down":                 {Error{Status: 503, Code: "SlowDown"}, true},
		"too many requests":         {Error{Status: 429, Code: "TooManyRequests"}, true},
		"a proxy's many requests":   {Error{Status: 429, Err: errors.New("not one of COS")}, false},
		"server error":              {Error{Status: 500, Code: "InternalError"}, false},
		"unavailable":               {Error{Status: 503, Code: "ServiceUnavailable"}, false},
		"request time-out":          {Error{Status: 400, Code: "RequestTimeout"}, false},
		"gateway time-out":          {Error{Status: 504, Err: errors.New("not one of COS")}, false},
		"no answer within the time": {Error{Err: errors.New("no answer in time")}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := test.err.notTaken(); got != test.want {
				t.Errorf("got %t, want %t", got, test.want)
			}
		})
	}
}
