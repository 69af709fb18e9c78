// SPDX-License-Identifier: MPL-2.0

package fakecos_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// A fault answers in the form of the service that it strikes. How connections break, and what takes
// effect before, the tests of the clients show.
func TestFault_answers(t *testing.T) {
	t.Parallel()
	html := "<html>"
	const assumed, metadata = "AssumeRole", "GetMetadata"
	for name, test := range map[string]struct {
		fault  fakecos.Fault
		status int
		body   string // its beginning
		code   string // logged
	}{
		"COS, status and code":   {fakecos.Fault{Status: 503, Code: "SlowDown", Message: "Wait."}, 503, "<?xml version='1.0' encoding='utf-8' ?>\n<Error><Code>SlowDown</Code><Message>Wait.</Message>", "SlowDown"},
		"COS, status":            {fakecos.Fault{Status: 503}, 503, "<?xml version='1.0' encoding='utf-8' ?>\n<Error><Code>ServiceUnavailable</Code><Message>Service Unavailable</Message>", "ServiceUnavailable"},
		"COS, code":              {fakecos.Fault{Code: "Kms"}, 500, "<?xml version='1.0' encoding='utf-8' ?>\n<Error><Code>Kms</Code><Message>Internal Server Error</Message>", "Kms"},
		"COS, success":           {fakecos.Fault{Status: 200}, 200, "", ""},
		"COS, page":              {fakecos.Fault{Body: &html, ContentType: "text/html"}, 200, html, ""},
		"COS, page of an error":  {fakecos.Fault{Status: 404, Body: &html}, 404, html, ""},
		"STS, code":              {fakecos.Fault{Op: assumed, Code: "InternalError"}, 200, `{"Response":{"Error":{"Code":"InternalError","Message":"InternalError"},"RequestId":"`, "InternalError"},
		"STS, status":            {fakecos.Fault{Op: assumed, Status: 502}, 502, `{"Response":{"Error":{"Code":"BadGateway","Message":"Bad Gateway"},"RequestId":"`, "BadGateway"},
		"the metadata's, code":   {fakecos.Fault{Op: metadata, Code: "Failed", Message: "no role"}, 200, `{"Code":"Failed","Message":"no role"}`, "Failed"},
		"the metadata's, status": {fakecos.Fault{Op: metadata, Status: 500}, 500, "Internal Server Error", "InternalError"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, fakecos.Options{Roles: []fakecos.Role{{ARN: roleARN, CVM: true}}})
			test.fault.Times = 1
			s.Inject(test.fault)
			send := func() *httptest.ResponseRecorder {
				switch test.fault.Op {
				case assumed:
					return callSTS(s, assumed, `{"RoleArn":"`+roleARN+`","RoleSessionName":"test"}`, fakecos.DefaultCredential(), time.Now())
				case metadata:
					return getMetadata(s, http.MethodGet, "cam/security-credentials/ci")
				}
				return call(s, http.MethodPut, "inventory&id=a", minimal("a"))
			}
			if w := send(); w.Code != test.status || !strings.HasPrefix(w.Body.String(), test.body) {
				t.Errorf("%d %q", w.Code, w.Body)
			}
			if r := s.Requests()[0]; !r.Fault || r.Code != test.code || r.Status != test.status || len(s.Jobs(bucketName)) > 0 {
				t.Errorf("logged %+v, jobs %q", r, s.Jobs(bucketName))
			}
			if w := send(); w.Code != http.StatusOK || s.Requests()[1].Fault {
				t.Errorf("after it: %d %q", w.Code, w.Body)
			}
		})
	}
}

// Each request meets the first fault for it that has Times left; the hook goes before.
func TestFault_queue(t *testing.T) {
	t.Parallel()
	s := newServer(t, fakecos.Options{})
	s.Inject(fakecos.Fault{Op: "GetBucketInventory", ID: "a", Skip: 1, Times: 2, Status: 500})
	s.Inject(fakecos.Fault{Bucket: "other-1250000000", Status: 501})
	s.Inject(fakecos.Fault{Bucket: bucketName, Op: "DeleteBucketInventory", Status: 503, Header: http.Header{"retry-after": {"7"}}})
	s.Seed(bucketName, "a", minimal("a"))
	send := func(method, id string) int { return call(s, method, "inventory&id="+id, "").Code }
	got := []int{send("GET", "a"), send("GET", "b"), send("GET", "a"), send("GET", "a"), send("GET", "a"), send("DELETE", "a")}
	s.Intercept(func(r fakecos.Request) *fakecos.Fault {
		if r.ID == "b" {
			return nil
		}
		return &fakecos.Fault{Status: len(s.Jobs(bucketName)) + 400} // the hook may use the server
	})
	got = append(got, send("DELETE", "a"), send("DELETE", "b"))
	s.Intercept(nil)
	s.ClearFaults()
	if got = append(got, send("DELETE", "a")); !slices.Equal(got, []int{200, 404, 500, 500, 200, 503, 401, 503, 204}) {
		t.Errorf("statuses %v", got)
	}
}

// A client's first answer on a connection takes as long as handshakes with a far region would.
func TestConnectLatency(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, fakecos.Options{ConnectLatency: 200 * time.Millisecond})
		s.Inject(fakecos.Fault{Delay: 100 * time.Millisecond})
		send := func(ctx context.Context) {
			r := newRequest(http.MethodGet, "inventory", "")
			sign(r, fakecos.DefaultCredential(), time.Now())
			wantStatus(t, serve(s, r.WithContext(ctx)), http.StatusOK)
		}
		for _, connection := range []string{"first", "second"} {
			ctx := s.ConnContext(t.Context(), nil)
			for i, want := range []time.Duration{300 * time.Millisecond, 100 * time.Millisecond} {
				start := time.Now()
				if send(ctx); time.Since(start) != want {
					t.Errorf("%s connection, request %d: answered after %v, want %v", connection, i, time.Since(start), want)
				}
			}
		}
	})
}

// The keys are public, so that no other machine may reach the fake.
func TestListenAddr(t *testing.T) {
	t.Parallel()
	for address, message := range map[string]string{
		"localhost:0":    "",
		"0.0.0.0:0":      "not loopback",
		":0":             "not loopback",
		"192.0.2.1:0":    "not loopback",
		"127.0.0.1":      "missing port",
		"127.0.0.1:none": "listen",
	} {
		l, err := fakecos.ListenAddr(address, fakecos.Options{})
		if err == nil {
			l.Close()
			l.Close()
		}
		if (err == nil) != (message == "") || err != nil && !strings.Contains(err.Error(), message) {
			t.Errorf("%s: %v, want %q", address, err, message)
		}
	}
}
