// SPDX-License-Identifier: MPL-2.0

package fakecos_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// A fault strikes what it names, so often, in the form of the service. How connections break, what takes
// effect before, and the rest of what faults can do, the tests of the clients show.
func TestFault(t *testing.T) {
	t.Parallel()
	s := newServer(t, fakecos.Options{Roles: []fakecos.Role{{ARN: roleARN, CVM: true}}})
	for _, fault := range []fakecos.Fault{
		{Bucket: "other-1250000000", Status: 501},
		{Op: "GetMetadata", Status: 500},
		{ID: "a", Status: 500, Header: http.Header{"retry-after": {"7"}}},
		{ID: "a", Status: 503},
		{ID: "a", Code: "Kms"},
		{ID: "a", Status: 200, Code: "Odd"},
	} {
		fault.Times = 1
		s.Inject(fault)
	}
	get := func(id string) *httptest.ResponseRecorder { return call(s, http.MethodGet, "inventory&id="+id, "") }
	if w := getMetadata(s, http.MethodGet, "cam/security-credentials/ci"); w.Code != http.StatusInternalServerError || w.Body.String() != "Internal Server Error" {
		t.Errorf("metadata: %d %q", w.Code, w.Body)
	}
	wantError(t, get("b"), http.StatusNotFound, "InventoryConfigurationNotFoundError")
	first := get("a")
	if message := wantError(t, first, http.StatusInternalServerError, "InternalError"); message != "Internal Server Error" || first.Header().Get("Retry-After") != "7" {
		t.Errorf("message %q, %v", message, first.Header())
	}
	wantError(t, get("a"), http.StatusServiceUnavailable, "ServiceUnavailable")
	wantError(t, get("a"), http.StatusInternalServerError, "Kms")
	if message := wantError(t, get("a"), http.StatusOK, "Odd"); message != "Odd" {
		t.Errorf("message %q", message)
	}
	wantError(t, get("a"), http.StatusNotFound, "InventoryConfigurationNotFoundError")
	for i, struck := range []bool{true, false, true, true, true, true, false} {
		if r := s.Requests()[i]; r.Fault != struck {
			t.Errorf("logged %+v", r)
		}
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
