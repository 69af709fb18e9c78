// SPDX-License-Identifier: MPL-2.0

package cos_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// TestRetry: attempts follow until one succeeds, or the retries are used up. [TestSent] has each kind of
// fault.
func TestRetry(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]fakecos.Fault{"SlowDown": slowDown, "reset": {Reset: true}, "truncated": {Truncate: true}} {
		for _, test := range []struct {
			times, retries, attempts int
			succeeds                 bool
		}{{0, 3, 4, false}, {0, 0, 1, false}, {2, 3, 3, true}, {2, 2, 3, true}, {2, 1, 2, false}} {
			t.Run(fmt.Sprintf("%s, %d times, %d retries", name, test.times, test.retries), func(t *testing.T) {
				t.Parallel()
				fake := startFake(t, fakecos.Options{})
				fault := fault
				fault.Times = test.times
				fake.Inject(fault)
				fake.Seed(bucket, "nightly", document("nightly"))
				c := config(t, fake.URL)
				c.MaxRetries = test.retries
				_, err := cos.New(c).GetInventory(t.Context(), jobOf("nightly"))
				if n := len(fake.Requests()); n != test.attempts || (err == nil) != test.succeeds {
					t.Errorf("%d requests, want %d: %v", n, test.attempts, err)
				}
				if err == nil {
					return
				}
				if e := failure(t, err); e.Attempts != test.attempts || e.Status != fault.Status || e.Code != fault.Code || (e.Err == nil) != (fault.Code != "") {
					t.Errorf("after %d attempts: %v", e.Attempts, err)
				}
				if told := strings.Contains(err.Error(), fmt.Sprintf("(%d attempts)", test.attempts)); told != (test.attempts > 1) {
					t.Errorf("the attempts: %v", err)
				}
			})
		}
	}
}

// TestRetryPost: a second POST is a second job, so there is one only where the first was turned
// away.
func TestRetryPost(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault          fakecos.Fault
		requests, runs int
	}{
		"SlowDown":              {slowDown, 2, 1},
		"429":                   {fakecos.Fault{Status: http.StatusTooManyRequests}, 2, 1},
		"a proxy's 429":         {fakecos.Fault{Status: http.StatusTooManyRequests, Body: new(string), AfterEffect: true}, 1, 1},
		"another operation":     {fakecos.Fault{Status: http.StatusConflict, Code: cos.CodeOperationAborted}, 1, 0},
		"server error":          {fakecos.Fault{Status: http.StatusInternalServerError}, 1, 0},
		"server error, late":    {fakecos.Fault{Status: http.StatusInternalServerError, AfterEffect: true}, 1, 1},
		"a proxy's 504":         {fakecos.Fault{Status: http.StatusGatewayTimeout, Body: new(string), AfterEffect: true}, 1, 1},
		"request time-out":      {fakecos.Fault{Status: http.StatusBadRequest, Code: cos.CodeRequestTimeout, AfterEffect: true}, 1, 1},
		"lost":                  {fakecos.Fault{Reset: true}, 1, 0},
		"lost after the effect": {fakecos.Fault{Reset: true, AfterEffect: true}, 1, 1},
		"truncated":             {fakecos.Fault{Truncate: true}, 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := startFake(t, fakecos.Options{})
			test.fault.Times = 1
			fake.Inject(test.fault)
			jobID, err := cos.New(config(t, fake.URL)).PostInventory(t.Context(), jobOf("once"), nightly("once"))
			requests, runs := len(fake.Requests()), len(fake.Runs(bucket))
			if requests != test.requests || runs != test.runs || (err == nil) != (requests > 1) || (jobID != "") != (err == nil) {
				t.Errorf("%d requests, %d runs, %q, %v", requests, runs, jobID, err)
			}
		})
	}
}
