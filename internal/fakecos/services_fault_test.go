// SPDX-License-Identifier: MPL-2.0

package fakecos_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// stsOver and metadataOver make a call each that succeeds unless a fault is set for it, and return the
// answer with its body read.
func stsOver(l *fakecos.Listener) (*http.Response, string, error) {
	const body = `{"RoleArn":"` + roleARN + `","RoleSessionName":"test"}`
	r := newSTSRequest("AssumeRole", body, time.Now())
	signTC3(r, body, fakecos.DefaultCredential())
	return send(l, r)
}

func metadataOver(l *fakecos.Listener) (*http.Response, string, error) {
	return send(l, httptest.NewRequest(http.MethodGet, metadataURL+"cam/security-credentials/ci", nil))
}

// Each fault is for the one service that it names, and has that service's form.
func TestFault_AnswersOfEachService(t *testing.T) {
	t.Parallel()
	raw := "<html>"
	for name, test := range map[string]struct {
		fault       fakecos.Fault
		status      int
		contentType string
		body        string // contained
		code        string // logged
	}{
		"STS code": {
			fakecos.Fault{Op: "AssumeRole", Code: "RequestLimitExceeded", Message: "slow down"},
			200, "application/json",
			`{"Response":{"Error":{"Code":"RequestLimitExceeded","Message":"slow down"},"RequestId":"`, "RequestLimitExceeded",
		},
		"STS code and status": {
			fakecos.Fault{Op: "AssumeRole", Code: "InternalError", Status: 503},
			503, "application/json",
			`"Code":"InternalError","Message":"Service Unavailable"`, "InternalError",
		},
		"STS code alone": {
			fakecos.Fault{Op: "AssumeRole", Code: "InternalError"}, 200, "application/json", `"Message":"InternalError"`, "InternalError",
		},
		"STS status": {fakecos.Fault{Op: "AssumeRole", Status: 502}, 502, "application/json", `"Code":"BadGateway"`, "BadGateway"},
		"STS body":   {fakecos.Fault{Op: "AssumeRole", Body: &raw, ContentType: "text/html"}, 200, "text/html", raw, ""},
		"metadata code": {
			fakecos.Fault{Op: "GetMetadata", Code: "Failed", Message: "no role"}, 200, "application/json", `{"Code":"Failed","Message":"no role"}`, "Failed",
		},
		"metadata status": {fakecos.Fault{Op: "GetMetadata", Status: 500}, 500, "text/plain", "Internal Server Error", "InternalError"},
		"metadata body":   {fakecos.Fault{Op: "GetMetadata", Body: &raw, ContentType: "text/html"}, 200, "text/html", raw, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := listen(t, fakecos.Options{Roles: []fakecos.Role{{ARN: roleARN, CVM: true}}})
			l.Inject(test.fault)
			struck, spared := stsOver, metadataOver
			if test.fault.Op == "GetMetadata" {
				struck, spared = spared, struck
			}
			response, body, err := struck(l)
			if err != nil {
				t.Fatal(err)
			}
			if response.StatusCode != test.status || response.Header.Get("Content-Type") != test.contentType || !strings.Contains(body, test.body) {
				t.Errorf("%s, %q, body %q", response.Status, response.Header.Get("Content-Type"), body)
			}
			if r := l.Requests()[0]; !r.Fault || r.Code != test.code || r.Status != test.status {
				t.Errorf("log: %+v", r)
			}
			if response, body, err := spared(l); err != nil || response.StatusCode != http.StatusOK || !strings.Contains(body, "TmpSecretId") {
				t.Errorf("the other service: %v, %q, %v", response, body, err)
			}
		})
	}
}

func TestFault_BrokenConnectionsOfEachService(t *testing.T) {
	t.Parallel()
	for op, over := range map[string]func(*fakecos.Listener) (*http.Response, string, error){"AssumeRole": stsOver, "GetMetadata": metadataOver} {
		t.Run(op, func(t *testing.T) {
			t.Parallel()
			l := listen(t, fakecos.Options{Roles: []fakecos.Role{{ARN: roleARN, CVM: true}}})
			l.Inject(fakecos.Fault{Op: op, Reset: true, Times: 1})
			l.Inject(fakecos.Fault{Op: op, Truncate: true, Times: 1})
			l.Inject(fakecos.Fault{Op: op, Delay: time.Millisecond, Header: http.Header{"X-Fault": {"late"}}, Times: 1})
			if _, _, err := over(l); !errors.Is(err, syscall.ECONNRESET) {
				t.Errorf("reset: %v", err)
			}
			if _, body, err := over(l); !errors.Is(err, io.ErrUnexpectedEOF) || !strings.HasPrefix(body, "{") {
				t.Errorf("truncated: %q, %v", body, err)
			}
			if response, _, err := over(l); err != nil || response.Header.Get("X-Fault") != "late" {
				t.Errorf("delayed: %v, %v", response, err)
			}
			if response, _, err := over(l); err != nil || response.Header.Get("X-Fault") != "" {
				t.Errorf("after all of them: %v, %v", response, err)
			}
		})
	}
}

// A hang and Intercept go by the service's operation too.
func TestIntercept_SeesEachService(t *testing.T) {
	t.Parallel()
	l := listen(t, fakecos.Options{Roles: []fakecos.Role{{ARN: roleARN, CVM: true}}})
	l.Intercept(func(r fakecos.Request) *fakecos.Fault {
		if r.Op != "AssumeRole" {
			return nil
		}
		go l.Server.Close()
		return &fakecos.Fault{Hang: true}
	})
	if response, _, err := metadataOver(l); err != nil || response.StatusCode != http.StatusOK {
		t.Errorf("metadata: %v, %v", response, err)
	}
	if _, _, err := stsOver(l); !errors.Is(err, io.EOF) {
		t.Errorf("STS: %v, want EOF", err)
	}
}
