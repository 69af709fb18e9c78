// SPDX-License-Identifier: MPL-2.0

package fakecos_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// The vendor's two worked examples, keys included:
// https://www.tencentcloud.com/document/product/436/7778 Both are object calls, which the fake
// refuses, but only after it has accepted their signatures.
func TestSignature_VendorExamples(t *testing.T) {
	t.Parallel()
	const (
		secretID  = "AKIDQjz3ltompVjBni5LitkWHFlFpwkn9U5q"
		secretKey = "BQYIM75p8x0iWVFSIgqEKwFprpRSVHlz"
	)
	for name, test := range map[string]struct {
		now                     int64
		request, body           string
		headers                 map[string]string
		times, lists, signature string
		status                  int
		code                    string
	}{
		"upload": {
			1557989152, "PUT /exampleobject(%E8%85%BE%E8%AE%AF%E4%BA%91)", "ObjectContent",
			map[string]string{
				"Date": "Thu, 16 May 2019 06:45:51 GMT", "Content-Type": "text/plain", "Content-Length": "13",
				"Content-MD5": "mQ/fVh815F3k6TAUm8m0eg==", "x-cos-acl": "private", "x-cos-grant-read": `uin="100000000011"`,
			},
			"1557989151;1557996351",
			"q-header-list=content-length;content-md5;content-type;date;host;x-cos-acl;x-cos-grant-read&q-url-param-list=",
			"3b8851a11a569213c17ba8fa7dcf2abec6935172", http.StatusNotImplemented, "NotImplemented",
		},
		"download": {
			1557989754, "GET /exampleobject(%E8%85%BE%E8%AE%AF%E4%BA%91)" +
				"?response-content-type=application%2Foctet-stream&response-cache-control=max-age%3D600", "",
			map[string]string{"Date": "Thu, 16 May 2019 06:55:53 GMT"},
			"1557989753;1557996953", "q-header-list=date;host&q-url-param-list=response-cache-control;response-content-type",
			"01681b8c9d798a678e43b685a9f1bba0f6c0e012", http.StatusNotFound, "NoSuchKey",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, fakecos.Options{
				Credentials: []fakecos.Credential{{SecretID: secretID, SecretKey: secretKey}},
				Clock:       func() time.Time { return time.Unix(test.now, 0) },
			})
			s.AddBucket("ap-beijing", bucketName)
			send := func(signature string) *httptest.ResponseRecorder {
				method, target, _ := strings.Cut(test.request, " ")
				r := httptest.NewRequest(method, target, strings.NewReader(test.body))
				r.Host = bucketName + ".cos.ap-beijing.myqcloud.com"
				for name, value := range test.headers {
					r.Header.Set(name, value)
				}
				r.Header.Set("Authorization", fmt.Sprintf("q-sign-algorithm=sha1&q-ak=%s&q-sign-time=%s&q-key-time=%s&%s&q-signature=%s",
					secretID, test.times, test.times, test.lists, signature))
				return serve(s, r)
			}
			wantError(t, send(test.signature), test.status, test.code)
			wantError(t, send(strings.Repeat("0", 40)), http.StatusForbidden, "SignatureDoesNotMatch")
		})
	}
}

func TestAuthentication(t *testing.T) {
	t.Parallel()
	now := time.Now()
	permanent := fakecos.Credential{SecretID: "AKIDPERMANENT", SecretKey: "permanent"}
	temporary := fakecos.Credential{SecretID: "AKIDTEMPORARY", SecretKey: "temporary", Token: "tok/en+=", Expires: now.Add(time.Hour)}
	expired := fakecos.Credential{SecretID: "AKIDEXPIRED", SecretKey: "expired", Token: "old", Expires: now}

	by := func(credential fakecos.Credential, ahead time.Duration, token string) func(*http.Request) {
		credential.Token = token
		return func(r *http.Request) { sign(r, credential, now.Add(ahead)) }
	}
	then := func(change func(*http.Request)) func(*http.Request) {
		return func(r *http.Request) {
			sign(r, permanent, now)
			change(r)
		}
	}
	edit := func(old, new string) func(*http.Request) { //nolint:predeclared // the usual pair of names
		return then(func(r *http.Request) { altered(t, r, old, new) })
	}
	const denied, unknown, mismatch = "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch"
	for name, test := range map[string]struct {
		prepare func(*http.Request)
		code    string // "" for success
	}{
		"permanent":       {by(permanent, 0, ""), ""},
		"temporary":       {by(temporary, 0, temporary.Token), ""},
		"anonymous":       {func(*http.Request) {}, denied},
		"not a signature": {func(r *http.Request) { r.Header.Set("Authorization", "Bearer x") }, denied},
		"unknown key":     {by(fakecos.Credential{SecretID: "AKIDOTHER", SecretKey: "x"}, 0, ""), unknown},
		"wrong key":       {by(fakecos.Credential{SecretID: permanent.SecretID, SecretKey: "x"}, 0, ""), mismatch},
		"algorithm":       {edit("=sha1", "=sha256"), denied},
		"unknown field":   {edit("q-sign-algorithm=", "q-more=1&q-sign-algorithm="), denied},
		"field twice":     {edit("q-ak=", "q-ak=x&q-ak="), denied},
		"field missing":   {edit("q-url-param-list=", "q-other="), denied},
		"times differ":    {edit("q-key-time=", "q-key-time=1"), denied},
		"no time between": {then(func(r *http.Request) {
			times := regexp.MustCompile(`=([0-9]+);[0-9]+&`)
			r.Header.Set("Authorization", times.ReplaceAllString(r.Header.Get("Authorization"), "=$1;$1&"))
		}), "AccessDenied: q-sign-time and q-key-time must be one start;end"},
		"no times":            {edit("q-sign-time=", "q-sign-time=x"), denied},
		"parameter unlisted":  {edit("q-url-param-list=id;", "q-url-param-list="), mismatch},
		"parameter invented":  {edit("q-url-param-list=", "q-url-param-list=acl;"), mismatch},
		"header absent":       {edit("q-header-list=", "q-header-list=date;"), mismatch},
		"header unlisted":     {edit("q-header-list=host", "q-header-list="), mismatch},
		"parameter added":     {then(func(r *http.Request) { r.URL.RawQuery += "&acl" }), mismatch},
		"parameter changed":   {then(func(r *http.Request) { r.URL.RawQuery = "inventory&id=other" }), mismatch},
		"other method signed": {then(func(r *http.Request) { r.Method = http.MethodDelete }), mismatch},
		"signed twice":        {then(func(r *http.Request) { r.Header.Add("Authorization", "q-ak=x") }), denied},
		"expired":             {by(permanent, -5*time.Minute, ""), "AccessDenied: Request has expired"},
		"not yet valid":       {by(permanent, 16*time.Minute, ""), "RequestTimeTooSkewed"},
		"clock a bit fast":    {by(permanent, 14*time.Minute, ""), ""},
		"token missing":       {by(temporary, 0, ""), denied},
		"token wrong":         {by(temporary, 0, "x"), unknown},
		"token twice": {func(r *http.Request) {
			sign(r, temporary, now)
			r.Header.Add("X-Cos-Security-Token", temporary.Token)
		}, unknown},
		"token with permanent keys": {by(permanent, 0, "x"), denied},
		"token expired":             {by(expired, 0, expired.Token), "ExpiredToken"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, fakecos.Options{
				Credentials: []fakecos.Credential{permanent, temporary, expired},
				Clock:       func() time.Time { return now },
			})
			s.Seed(bucketName, "nightly", minimal("nightly"))
			r := newRequest(http.MethodGet, "inventory&id=nightly", "")
			test.prepare(r)
			w := serve(s, r)
			code, message, _ := strings.Cut(test.code, ": ")
			switch code {
			case "":
				wantStatus(t, w, http.StatusOK)
			case "ExpiredToken":
				wantError(t, w, http.StatusBadRequest, code)
			default:
				if got := wantError(t, w, http.StatusForbidden, code); !strings.Contains(got, message) {
					t.Errorf("message %q lacks %q", got, message)
				}
			}
		})
	}
}

// Requests the SDK's calls never make, signed by the SDK: the signature must hold, so that at most
// the query is refused.
func TestSignature_oddQueries(t *testing.T) {
	t.Parallel()
	s := newServer(t, fakecos.Options{})
	for _, query := range []string{
		"inventory&ID=A", "inventory&id=a&Prefix=%E5%9B%A2%20%2B%2F%3D", "inventory&z=2&z=1", "inventory&a%5Bb%5D=!*'()~", "inventory&id=a+b",
	} {
		r := newRequest(http.MethodGet, query, "")
		r.Header.Set("X-Cos-Odd", "two  words, \"quoted\"; !*'()~")
		sign(r, fakecos.DefaultCredential(), time.Now())
		if w := serve(s, r); w.Code == http.StatusForbidden {
			t.Errorf("%s: status %d: %s", query, w.Code, w.Body)
		}
	}
}
