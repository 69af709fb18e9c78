// SPDX-License-Identifier: MPL-2.0

package cos_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/credentials"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// recorder keeps what a client tells.
type recorder struct {
	mu        sync.Mutex
	exchanges []cos.Exchange
}

func (r *recorder) observe(_ context.Context, e cos.Exchange) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.exchanges = append(r.exchanges, e)
}

// TestObserve: one exchange for each attempt, with what came of it and how long it took.
func TestObserve(t *testing.T) {
	t.Parallel()
	eachCall(t, func(t *testing.T, op cos.Operation, do func(context.Context, *cos.Client, string) error) {
		t.Helper()
		var told recorder
		change := func(c *cos.Config) { c.Observe, c.AttemptTimeout = told.observe, 5*time.Second }
		inBubble(t, fakecos.Options{}, change, func(t *testing.T, fake *memory, client *cos.Client) {
			slow := slowDown
			slow.Times, slow.Delay = 1, 2*time.Second
			fake.Inject(slow)
			fake.Inject(fakecos.Fault{Times: 1, Hang: true})
			err := do(t.Context(), client, "nightly")

			requests, attempts := fake.Requests(), len(told.exchanges)
			if attempts != len(requests) || attempts < 2 {
				t.Fatalf("told of %d attempts, %d requests: %v", attempts, len(requests), err)
			}
			for i, e := range told.exchanges {
				want := requests[i]
				job := jobOf("nightly")
				if op == cos.ListInventories {
					job.ID = ""
				}
				if e.Op != op || e.Bucket.Job(e.ID) != job || e.Attempt != i+1 || e.Status != want.Status {
					t.Errorf("told %+v of %s %d", e, want.Op, want.Status)
				}
				if i == 1 {
					if e.Err == nil || e.Duration != 5*time.Second || e.RequestID != "" {
						t.Errorf("of the attempt that hung: %+v", e)
					}
				} else if e.Err != nil || e.RequestID != want.RequestID {
					t.Errorf("told %+v of request %s", e, want.RequestID)
				}
			}
			if first := told.exchanges[0]; first.Duration != 2*time.Second || first.Status != http.StatusServiceUnavailable {
				t.Errorf("of the first attempt: %+v", first)
			}
		})
	})
}

// TestNoSecrets: neither what is observed nor an error holds a key, a token or a signature,
// whatever went wrong.
func TestNoSecrets(t *testing.T) {
	t.Parallel()
	credential := fakecos.Credential{SecretID: "AKIDsecretid", SecretKey: "secretkey", Token: "secrettoken"}
	for name, test := range map[string]struct {
		fault fakecos.Fault
		key   string // in place of the right one
		dial  error
	}{
		"success":    {},
		"slow down":  {fault: slowDown},
		"denied":     {fault: fakecos.Fault{Status: http.StatusForbidden, Code: "AccessDenied"}},
		"wrong key":  {key: "secretkey2"},
		"reset":      {fault: fakecos.Fault{Reset: true}},
		"truncated":  {fault: fakecos.Fault{Truncate: true}},
		"redirect":   {fault: fakecos.Fault{Status: http.StatusFound, Header: http.Header{"Location": {"https://elsewhere.example/?q-signature=1"}}}},
		"no address": {dial: errors.New("no route")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := startFake(t, fakecos.Options{Credentials: []fakecos.Credential{credential}})
			if test.fault.Status != 0 || test.fault.Reset || test.fault.Truncate {
				fake.Inject(test.fault)
			}
			fake.Seed(bucket, "nightly", document("nightly"))
			var told recorder
			c := config(t, fake.URL)
			c.Observe = told.observe
			use := keys(credential)
			if test.key != "" {
				use.SecretKey = test.key
			}
			c.Credentials = credentials.StaticSource(use)
			client := cos.New(c)
			if test.dial != nil {
				client.DialWith(refusing(100, test.dial))
			}
			_, err := client.GetInventory(t.Context(), jobOf("nightly"))

			var signatures []string
			for _, request := range fake.Requests() {
				_, signature, ok := strings.Cut(request.Header.Get("Authorization"), "q-signature=")
				if !ok {
					t.Fatalf("unsigned: %+v", request)
				}
				signatures = append(signatures, signature)
			}
			if len(told.exchanges) == 0 || name == "success" != (err == nil) {
				t.Fatalf("told %+v, %v", told.exchanges, err)
			}
			text := fmt.Sprintf("%+v %#v %v %+v", told.exchanges, told.exchanges, err, err)
			for _, e := range told.exchanges {
				text += fmt.Sprint(e.Err)
			}
			for _, secret := range append(signatures, "secretkey", "secrettoken", "q-sign", "Authorization") {
				if strings.Contains(text, secret) {
					t.Errorf("%s is told in %s", secret, text)
				}
			}
		})
	}
}
