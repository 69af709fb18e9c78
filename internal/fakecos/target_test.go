// SPDX-License-Identifier: MPL-2.0

package fakecos_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// A bucket that nobody added is not made, not even by a job that was seeded.
func TestHost(t *testing.T) {
	t.Parallel()
	s := newServer(t, fakecos.Options{})
	s.Seed("otherbucket-1250000000", "nightly", minimal("nightly"))
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
		r := newRequest(http.MethodPut, "inventory&id=nightly", minimal("nightly"))
		r.Host = host
		sign(r, fakecos.DefaultCredential(), time.Now())
		if w := serve(s, r); known {
			if w.Code != http.StatusOK {
				t.Errorf("%s: status %d, want 200: %s", host, w.Code, w.Body)
			}
		} else {
			wantError(t, w, http.StatusNotFound, "NoSuchBucket")
		}
	}
}

// What no page has, or the fake has not, is refused, signed or not.
func TestTarget_refusals(t *testing.T) {
	t.Parallel()
	s := newServer(t, fakecos.Options{})
	s.Seed(bucketName, "nightly", minimal("nightly"))
	s.PutObject(bucketName, fakecos.Object{Key: "a", Content: "a"})
	const service, beijing = "http://service.cos.myqcloud.com", "http://cos.ap-beijing.myqcloud.com"
	for name, test := range map[string]struct {
		method, target string
		status         int
		code           string // "" for success
	}{
		"object":                 {http.MethodGet, "/object?inventory", 404, "NoSuchKey"},
		"version of an object":   {http.MethodGet, "/a?versionId=1", 501, "NotImplemented"},
		"object upload":          {http.MethodPut, "/object?inventory&id=a", 501, "NotImplemented"},
		"object deletion":        {http.MethodDelete, "/a", 501, "NotImplemented"},
		"another sub-resource":   {http.MethodGet, "/?acl", 501, "NotImplemented"},
		"inventory with a value": {http.MethodGet, "/?inventory=1&id=nightly", 400, "InvalidArgument"},
		"patch":                  {http.MethodPatch, "/?inventory&id=nightly", 405, "MethodNotAllowed"},
		"options":                {http.MethodOptions, "/?inventory&id=nightly", 405, "MethodNotAllowed"},
		"id twice":               {http.MethodGet, "/?inventory&id=nightly&id=other", 400, "InvalidArgument"},
		"id empty":               {http.MethodGet, "/?inventory&id=", 400, "InvalidArgument"},
		"id missing":             {http.MethodDelete, "/?inventory", 400, "InvalidArgument"},
		"id charset":             {http.MethodGet, "/?inventory&id=a%2Fb", 400, "InvalidArgument"},
		"token, an id":           {http.MethodGet, "/?inventory&continuation-token=nightly", 400, "InvalidArgument"},
		"token of someone else":  {http.MethodGet, "/?inventory&continuation-token=%2B%2Fother%3D%3D", 400, "InvalidArgument"},
		"query that is no query": {http.MethodGet, "/?inventory&id=%zz", 400, "InvalidURI"},
		"query with a semicolon": {http.MethodGet, "/?inventory&id=a;b", 400, "InvalidURI"},
		"max-keys of nothing":    {http.MethodGet, "/?max-keys=0", 400, "InvalidArgument"},
		"max-keys of words":      {http.MethodGet, "/?max-keys=all", 400, "InvalidArgument"},
		"max-keys of 20 digits":  {http.MethodGet, "/?max-keys=99999999999999999999", 400, "InvalidArgument"},
		"another encoding":       {http.MethodGet, "/?encoding-type=base64", 400, "InvalidArgument"},
		"prefix twice":           {http.MethodGet, "/?prefix=a&prefix=b", 400, "InvalidArgument"},
		"parameters of another":  {http.MethodGet, "/?list-type=2", 501, "NotImplemented"},
		"buckets":                {http.MethodGet, service + "/", 200, ""},
		"buckets of a region":    {http.MethodGet, service + "/?region=eu-frankfurt", 200, ""},
		"buckets, no max-keys":   {http.MethodGet, service + "/?max-keys=0", 400, "InvalidArgument"},
		"buckets, max-keys":      {http.MethodGet, service + "/?max-keys=2001", 400, "InvalidArgument"},
		"buckets, no tagkey":     {http.MethodGet, service + "/?tagvalue=x", 400, "InvalidArgument"},
		"buckets, empty tagkey":  {http.MethodGet, service + "/?tagkey=", 400, "InvalidArgument"},
		"buckets with a prefix":  {http.MethodGet, service + "/?prefix=a", 400, "InvalidArgument"},
		"buckets of two regions": {http.MethodGet, service + "/?region=a&region=b", 400, "InvalidArgument"},
		"another region's host":  {http.MethodGet, beijing + "/?region=ap-guangzhou", 400, "InvalidArgument"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			target := test.target
			if strings.HasPrefix(target, "/") {
				target = "http://" + host + target
			}
			r := httptest.NewRequest(test.method, target, nil)
			wantError(t, serve(s, r), http.StatusForbidden, "AccessDenied")
			sign(r, fakecos.DefaultCredential(), time.Now())
			if w := serve(s, r); test.code == "" {
				wantStatus(t, w, test.status)
			} else {
				wantError(t, w, test.status, test.code)
			}
		})
	}
}

func TestAbsoluteForm_WithoutPath(t *testing.T) {
	t.Parallel()
	s := newServer(t, fakecos.Options{})
	r := newRequest(http.MethodGet, "inventory", "")
	sign(r, fakecos.DefaultCredential(), time.Now())
	r.URL.Path = ""
	wantStatus(t, serve(s, r), http.StatusOK)
}

func TestAnswers_headers(t *testing.T) {
	t.Parallel()
	s := newServer(t, fakecos.Options{})
	s.Seed(bucketName, "gone", minimal("gone"))
	ids := map[string]bool{}
	for _, w := range []*httptest.ResponseRecorder{
		call(s, http.MethodGet, "inventory", ""), call(s, http.MethodGet, "inventory&id=none", ""), call(s, http.MethodDelete, "inventory&id=gone", ""),
	} {
		header := w.Header()
		ids[header.Get("X-Cos-Request-Id")] = true
		_, err := http.ParseTime(header.Get("Date"))
		if header.Get("Server") != "tencent-cos" || header.Get("X-Cos-Trace-Id") == "" || err != nil || (header.Get("Content-Length") == "") != (w.Code == http.StatusNoContent) {
			t.Errorf("%d with %v", w.Code, header)
		}
	}
	if logged := s.Requests()[0].RequestID; len(ids) != 3 || !ids[logged] {
		t.Errorf("request ids %v, logged %q", ids, logged)
	}
}
