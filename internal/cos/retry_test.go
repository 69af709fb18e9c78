// SPDX-License-Identifier: MPL-2.0

package cos_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// faults that ask for patience, and faults that no second attempt would mend.
var (
	passing = map[string]fakecos.Fault{
		"400 RequestTimeout":     {Status: http.StatusBadRequest, Code: "RequestTimeout"},
		"409 OperationAborted":   {Status: http.StatusConflict, Code: "OperationAborted"},
		"429":                    {Status: http.StatusTooManyRequests},
		"500":                    {Status: http.StatusInternalServerError},
		"502 of a proxy":         {Status: http.StatusBadGateway, Body: new(string)},
		"503 SlowDown":           {Status: http.StatusServiceUnavailable, Code: "SlowDown"},
		"503 ServiceUnavailable": {Status: http.StatusServiceUnavailable, Code: "ServiceUnavailable"},
		"504 of a proxy":         {Status: http.StatusGatewayTimeout, Body: new(string)},
		"reset":                  {Reset: true},
		"truncated":              {Truncate: true},
	}
	final = map[string]fakecos.Fault{
		"400 MalformedXML":  {Status: http.StatusBadRequest, Code: "MalformedXML"},
		"400 InventoryFull": {Status: http.StatusBadRequest, Code: "InventoryFull"},
		"400 ExpiredToken":  {Status: http.StatusBadRequest, Code: "ExpiredToken"},
		"400 of a proxy":    {Status: http.StatusBadRequest, Body: new(string)},
		"403 AccessDenied":  {Status: http.StatusForbidden, Code: "AccessDenied"},
		"404 NoSuchBucket":  {Status: http.StatusNotFound, Code: "NoSuchBucket"},
		"404 of a proxy":    {Status: http.StatusNotFound, Body: new(string)},
		"405":               {Status: http.StatusMethodNotAllowed, Code: "MethodNotAllowed"},
		"409":               {Status: http.StatusConflict, Code: "OperationConflict"},
		"501":               {Status: http.StatusNotImplemented, Code: "NotImplemented"},
		"403 clock":         {Status: http.StatusForbidden, Code: "RequestTimeTooSkewed"},
	}
)

// TestRetry: each kind of fault, for good and only for a while.
func TestRetry(t *testing.T) {
	t.Parallel()
	run := func(name string, fault fakecos.Fault, times, retries, attempts int, succeeds bool) {
		t.Run(fmt.Sprintf("%s, %d times, %d retries", name, times, retries), func(t *testing.T) {
			t.Parallel()
			fake := startFake(t, fakecos.Options{})
			fault.Times = times
			fake.Inject(fault)
			fake.Seed(bucket, "nightly", document("nightly"))
			c := config(t, fake.URL)
			c.MaxRetries = retries
			_, err := cos.New(c).GetInventory(t.Context(), jobOf("nightly"))
			if n := len(fake.Requests()); n != attempts {
				t.Errorf("%d requests, want %d: %v", n, attempts, err)
			}
			if succeeds {
				if err != nil {
					t.Errorf("got %v", err)
				}
				return
			}
			e := failure(t, err)
			if e.Attempts != attempts || e.Status != fault.Status || fault.Body == nil && e.Code != fault.Code && fault.Code != "" {
				t.Errorf("after %d attempts: %v", e.Attempts, err)
			}
			if told := strings.Contains(err.Error(), fmt.Sprintf("(%d attempts)", attempts)); told != (attempts > 1) {
				t.Errorf("the attempts: %v", err)
			}
			if (fault.Reset || fault.Truncate) && e.Err == nil {
				t.Errorf("no cause: %v", err)
			}
		})
	}
	for name, fault := range passing {
		run(name, fault, 0, 3, 4, false)
		run(name, fault, 0, 0, 1, false)
		run(name, fault, 2, 3, 3, true)
		run(name, fault, 2, 2, 3, true)
		run(name, fault, 2, 1, 2, false)
	}
	for name, fault := range final {
		run(name, fault, 0, 3, 1, false)
	}
}

// TestRetryPost: a second POST is a second job, so there is one only where the first was turned
// away.
func TestRetryPost(t *testing.T) {
	t.Parallel()
	retried := map[string]bool{"429": true, "503 SlowDown": true}
	for name, fault := range passing {
		for _, afterEffect := range []bool{false, true} {
			if retried[name] && afterEffect {
				continue // the service does not turn away what it has taken
			}
			t.Run(fmt.Sprintf("%s, after the effect %t", name, afterEffect), func(t *testing.T) {
				t.Parallel()
				fake := startFake(t, fakecos.Options{})
				fault := fault
				fault.Times, fault.AfterEffect = 1, afterEffect
				fake.Inject(fault)
				jobID, err := cos.New(config(t, fake.URL)).PostInventory(t.Context(), jobOf("once"), nightly("once"))

				runs := 0
				if retried[name] || afterEffect || fault.Truncate {
					runs = 1
				}
				if got := len(fake.Runs(bucket)); got != runs {
					t.Errorf("%d runs, want %d", got, runs)
				}
				if n := len(fake.Requests()); n != 1 && !retried[name] {
					t.Errorf("%d requests", n)
				}
				if succeeded := err == nil && jobID != ""; succeeded != retried[name] {
					t.Errorf("got %q, %v", jobID, err)
				}
			})
		}
	}
}

// refusing is a dialler that fails so many times before it lets through.
func refusing(times int, err error) func(ctx context.Context, network, address string) (net.Conn, error) {
	var dialer net.Dialer
	var calls atomic.Int64 // a client may dial twice at once
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		if calls.Add(1) <= int64(times) {
			return nil, &net.OpError{Op: "dial", Net: network, Err: err}
		}
		return dialer.DialContext(ctx, network, address)
	}
}
