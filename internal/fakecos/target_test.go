// SPDX-License-Identifier: MPL-2.0

package fakecos_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

func TestHost(t *testing.T) {
	t.Parallel()
	s := newServer(t, fakecos.Options{})
	for host, known := range map[string]bool{
		bucketName + ".cos.ap-guangzhou.myqcloud.com":                   true,
		bucketName + ".cos.ap-guangzhou.myqcloud.com:8080":              true,
		strings.ToUpper(bucketName) + ".cos.AP-Guangzhou.myqcloud.com":  true,
		bucketName + ".cos.ap-guangzhou.tencentcos.cn":                  true,
		bucketName + ".cos-internal.ap-guangzhou.tencentcos.cn":         true,
		bucketName + ".cluster-1.cos-cdc.ap-guangzhou.myqcloud.com":     true,
		bucketName + ".cos-internal.ap-guangzhou.myqcloud.com":          false,
		bucketName + ".cos.ap-beijing.myqcloud.com":                     false,
		"otherbucket-1250000000.cos.ap-guangzhou.myqcloud.com":          false,
		"examplebucket.cos.ap-guangzhou.myqcloud.com":                   false,
		"cos.ap-guangzhou.myqcloud.com":                                 false,
		"127.0.0.1:8080":                                                false,
		"evil.example/" + bucketName + ".cos.ap-guangzhou.myqcloud.com": false,
		bucketName + ".cos.ap-guangzhou.myqcloud.com.evil.example":      false,
	} {
		r := httptest.NewRequest(http.MethodGet, "/?inventory", nil)
		r.Host = host
		fakecos.Sign(r, fakecos.DefaultCredential(), time.Now())
		if w := serve(s, r); known {
			if w.Code != http.StatusOK {
				t.Errorf("%s: status %d, want 200: %s", host, w.Code, w.Body)
			}
		} else {
			wantError(t, w, http.StatusNotFound, "NoSuchBucket")
		}
	}
}

func TestHost_UnknownBucketIsNotMade(t *testing.T) {
	t.Parallel()
	s := fakecos.New(fakecos.Options{})
	s.Seed(bucketName, "nightly", minimal("nightly")) // seeding alone does not open a bucket either
	wantError(t, call(s, http.MethodPut, "inventory&id=a", minimal("a")), http.StatusNotFound, "NoSuchBucket")
	wantError(t, call(s, http.MethodGet, "inventory&id=nightly", ""), http.StatusNotFound, "NoSuchBucket")
	s.AddBucket(region, bucketName)
	wantStatus(t, call(s, http.MethodGet, "inventory&id=nightly", ""), http.StatusOK)
}

func TestTarget_Refusals(t *testing.T) {
	t.Parallel()
	s := newServer(t, fakecos.Options{})
	s.Seed(bucketName, "nightly", minimal("nightly"))
	for name, test := range map[string]struct {
		method, target string
		status         int
		code           string
	}{
		"object":                 {http.MethodGet, "/object?inventory", 404, "NoSuchKey"},
		"object upload":          {http.MethodPut, "/object?inventory&id=a", 501, "NotImplemented"},
		"another sub-resource":   {http.MethodGet, "/?acl", 501, "NotImplemented"},
		"inventory with a value": {http.MethodGet, "/?inventory=1&id=nightly", 400, "InvalidArgument"},
		"patch":                  {http.MethodPatch, "/?inventory&id=nightly", 405, "MethodNotAllowed"},
		"options":                {http.MethodOptions, "/?inventory&id=nightly", 405, "MethodNotAllowed"},
		"id twice":               {http.MethodGet, "/?inventory&id=nightly&id=other", 400, "InvalidArgument"},
		"id empty":               {http.MethodGet, "/?inventory&id=", 400, "InvalidArgument"},
		"id missing":             {http.MethodDelete, "/?inventory", 400, "InvalidArgument"},
		"id charset":             {http.MethodGet, "/?inventory&id=a%2Fb", 400, "InvalidArgument"},
		"token not base64":       {http.MethodGet, "/?inventory&continuation-token=x", 400, "InvalidArgument"},
		"token of someone else":  {http.MethodGet, "/?inventory&continuation-token=bGlzdDI%3D", 400, "InvalidArgument"},
		"query that is no query": {http.MethodGet, "/?inventory&id=%zz", 400, "InvalidURI"},
		"query with a semicolon": {http.MethodGet, "/?inventory&id=a;b", 400, "InvalidURI"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(test.method, "http://"+host+test.target, nil)
			fakecos.Sign(r, fakecos.DefaultCredential(), time.Now())
			wantError(t, serve(s, r), test.status, test.code)
		})
	}
}

func TestHead_HasNoBody(t *testing.T) {
	t.Parallel()
	s := newServer(t, fakecos.Options{})
	w := call(s, http.MethodHead, "inventory&id=nightly", "")
	if w.Code != http.StatusMethodNotAllowed || w.Body.Len() != 0 {
		t.Errorf("status %d, body %q", w.Code, w.Body)
	}
}

// A client that uses the fake as its HTTP proxy sends the whole URL in the request line.
func TestAbsoluteForm(t *testing.T) {
	t.Parallel()
	l := listen(t, fakecos.Options{})
	proxy, err := url.Parse(l.URL)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{Proxy: http.ProxyURL(proxy)}
	defer transport.CloseIdleConnections()
	if _, err := sdkOver(transport, fakecos.DefaultCredential()).Bucket.PutInventory(t.Context(), "nightly", fullOptions("nightly")); err != nil {
		t.Fatal(err)
	}
	if jobs := l.Jobs(bucketName); len(jobs) != 1 || jobs[0] != "nightly" {
		t.Errorf("jobs %q", jobs)
	}
}

func TestAbsoluteForm_WithoutPath(t *testing.T) {
	t.Parallel()
	s := newServer(t, fakecos.Options{})
	r := httptest.NewRequest(http.MethodGet, "http://"+host+"?inventory", nil)
	fakecos.Sign(r, fakecos.DefaultCredential(), time.Now())
	wantStatus(t, serve(s, r), http.StatusOK)
}

func TestAnswers_CarryTheServicesHeaders(t *testing.T) {
	t.Parallel()
	s := newServer(t, fakecos.Options{Clock: func() time.Time { return time.Now().Truncate(time.Second) }})
	first, second := call(s, http.MethodGet, "inventory", ""), call(s, http.MethodGet, "inventory&id=none", "")
	for _, w := range []*httptest.ResponseRecorder{first, second} {
		if got := w.Header().Get("Server"); got != "tencent-cos" {
			t.Errorf("Server %q", got)
		}
		if w.Header().Get("X-Cos-Trace-Id") == "" {
			t.Error("no trace id")
		}
		if _, err := http.ParseTime(w.Header().Get("Date")); err != nil {
			t.Error(err)
		}
	}
	if a, b := first.Header().Get("X-Cos-Request-Id"), second.Header().Get("X-Cos-Request-Id"); a == "" || a == b {
		t.Errorf("request ids %q and %q", a, b)
	}
	s.Seed(bucketName, "gone", minimal("gone"))
	deleted := call(s, http.MethodDelete, "inventory&id=gone", "")
	if length, ok := deleted.Header()["Content-Length"]; ok || deleted.Code != http.StatusNoContent {
		t.Errorf("DELETE: %d with Content-Length %q", deleted.Code, length)
	}
	if got := s.Requests()[0].RequestID; got != first.Header().Get("X-Cos-Request-Id") {
		t.Errorf("logged request id %q", got)
	}
}
