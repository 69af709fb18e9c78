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

	"github.com/tencentyun/cos-go-sdk-v5"

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
		now        int64
		request    string
		body       string
		headers    map[string]string
		keyTime    string
		headerList string
		paramList  string
		signature  string
		status     int
		code       string
	}{
		"upload": {
			now:     1557989152,
			request: "PUT /exampleobject(%E8%85%BE%E8%AE%AF%E4%BA%91)",
			body:    "ObjectContent",
			headers: map[string]string{
				"Date": "Thu, 16 May 2019 06:45:51 GMT", "Content-Type": "text/plain", "Content-Length": "13",
				"Content-MD5": "mQ/fVh815F3k6TAUm8m0eg==", "x-cos-acl": "private", "x-cos-grant-read": `uin="100000000011"`,
			},
			keyTime:    "1557989151;1557996351",
			headerList: "content-length;content-md5;content-type;date;host;x-cos-acl;x-cos-grant-read",
			signature:  "3b8851a11a569213c17ba8fa7dcf2abec6935172",
			status:     http.StatusNotImplemented, code: "NotImplemented",
		},
		"download": {
			now: 1557989754,
			request: "GET /exampleobject(%E8%85%BE%E8%AE%AF%E4%BA%91)" +
				"?response-content-type=application%2Foctet-stream&response-cache-control=max-age%3D600",
			headers:    map[string]string{"Date": "Thu, 16 May 2019 06:55:53 GMT"},
			keyTime:    "1557989753;1557996953",
			headerList: "date;host",
			paramList:  "response-cache-control;response-content-type",
			signature:  "01681b8c9d798a678e43b685a9f1bba0f6c0e012",
			status:     http.StatusNotFound, code: "NoSuchKey",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := fakecos.New(fakecos.Options{
				Credentials: []fakecos.Credential{{SecretID: secretID, SecretKey: secretKey}},
				Clock:       func() time.Time { return time.Unix(test.now, 0) },
			})
			s.AddBucket("ap-beijing", "examplebucket-1250000000")
			send := func(signature string) *httptest.ResponseRecorder {
				method, target, _ := strings.Cut(test.request, " ")
				r := httptest.NewRequest(method, target, strings.NewReader(test.body))
				r.Host = "examplebucket-1250000000.cos.ap-beijing.myqcloud.com"
				for name, value := range test.headers {
					r.Header.Set(name, value)
				}
				r.Header.Set("Authorization", fmt.Sprintf(
					"q-sign-algorithm=sha1&q-ak=%s&q-sign-time=%s&q-key-time=%s&q-header-list=%s&q-url-param-list=%s&q-signature=%s",
					secretID, test.keyTime, test.keyTime, test.headerList, test.paramList, signature))
				return serve(s, r)
			}
			wantError(t, send(test.signature), test.status, test.code)
			wantError(t, send(strings.Repeat("0", 40)), http.StatusForbidden, "SignatureDoesNotMatch")
		})
	}
}

func TestAuthentication_Refusals(t *testing.T) {
	t.Parallel()
	now := time.Now()
	permanent := fakecos.Credential{SecretID: "AKIDPERMANENT", SecretKey: "permanent"}
	temporary := fakecos.Credential{SecretID: "AKIDTEMPORARY", SecretKey: "temporary", Token: "tok/en+=", Expires: now.Add(time.Hour)}
	expired := fakecos.Credential{SecretID: "AKIDEXPIRED", SecretKey: "expired", Token: "old", Expires: now}

	by := func(credential fakecos.Credential) func(*http.Request) {
		return func(r *http.Request) { sign(r, credential, now) }
	}
	edit := func(old, new string) func(*http.Request) { //nolint:predeclared // the usual pair of names
		return func(r *http.Request) {
			sign(r, permanent, now)
			authorization := r.Header.Get("Authorization")
			if !strings.Contains(authorization, old) {
				t.Errorf("no %q in %q", old, authorization)
			}
			r.Header.Set("Authorization", strings.Replace(authorization, old, new, 1))
		}
	}
	for name, test := range map[string]struct {
		prepare func(*http.Request)
		status  int
		code    string // "" for success
		message string
	}{
		"permanent":           {prepare: by(permanent), status: http.StatusOK},
		"temporary":           {prepare: by(temporary), status: http.StatusOK},
		"anonymous":           {prepare: func(*http.Request) {}, status: 403, code: "AccessDenied"},
		"not a signature":     {prepare: func(r *http.Request) { r.Header.Set("Authorization", "Bearer x") }, status: 403, code: "AccessDenied"},
		"unknown key":         {prepare: by(fakecos.Credential{SecretID: "AKIDOTHER", SecretKey: "x"}), status: 403, code: "InvalidAccessKeyId"},
		"wrong key":           {prepare: by(fakecos.Credential{SecretID: permanent.SecretID, SecretKey: "x"}), status: 403, code: "SignatureDoesNotMatch"},
		"algorithm":           {prepare: edit("=sha1", "=sha256"), status: 403, code: "AccessDenied"},
		"unknown field":       {prepare: edit("q-ak=", "q-more=1&q-ak="), status: 403, code: "AccessDenied"},
		"field twice":         {prepare: edit("q-ak=", "q-ak=x&q-ak="), status: 403, code: "AccessDenied"},
		"field missing":       {prepare: edit("q-url-param-list=", "q-other="), status: 403, code: "AccessDenied"},
		"times differ":        {prepare: edit("q-key-time=", "q-key-time=1"), status: 403, code: "AccessDenied"},
		"no time between":     {prepare: func(r *http.Request) { by(permanent)(r); oneSecond(r, now.Unix()+60) }, status: 403, code: "AccessDenied"},
		"no times":            {prepare: edit("q-sign-time=", "q-sign-time=x"), status: 403, code: "AccessDenied"},
		"parameter unlisted":  {prepare: edit("q-url-param-list=id;", "q-url-param-list="), status: 403, code: "SignatureDoesNotMatch"},
		"parameter invented":  {prepare: edit("q-url-param-list=", "q-url-param-list=acl;"), status: 403, code: "SignatureDoesNotMatch"},
		"header absent":       {prepare: edit("q-header-list=", "q-header-list=date;"), status: 403, code: "SignatureDoesNotMatch"},
		"header unlisted":     {prepare: edit("q-header-list=host", "q-header-list="), status: 403, code: "SignatureDoesNotMatch"},
		"parameter added":     {prepare: func(r *http.Request) { by(permanent)(r); r.URL.RawQuery += "&acl" }, status: 403, code: "SignatureDoesNotMatch"},
		"parameter changed":   {prepare: func(r *http.Request) { by(permanent)(r); r.URL.RawQuery = "inventory&id=other" }, status: 403, code: "SignatureDoesNotMatch"},
		"other method signed": {prepare: func(r *http.Request) { by(permanent)(r); r.Method = http.MethodDelete }, status: 403, code: "SignatureDoesNotMatch"},
		"signed twice":        {prepare: func(r *http.Request) { by(permanent)(r); r.Header.Add("Authorization", "q-ak=x") }, status: 403, code: "AccessDenied"},
		"expired": {
			prepare: func(r *http.Request) { sign(r, permanent, now.Add(-5*time.Minute)) },
			status:  403, code: "AccessDenied", message: "Request has expired",
		},
		"not yet valid":    {prepare: func(r *http.Request) { sign(r, permanent, now.Add(16*time.Minute)) }, status: 403, code: "RequestTimeTooSkewed"},
		"clock a bit fast": {prepare: func(r *http.Request) { sign(r, permanent, now.Add(14*time.Minute)) }, status: http.StatusOK},
		"token missing": {
			prepare: by(fakecos.Credential{SecretID: temporary.SecretID, SecretKey: temporary.SecretKey}), status: 403, code: "AccessDenied",
		},
		"token wrong": {
			prepare: by(fakecos.Credential{SecretID: temporary.SecretID, SecretKey: temporary.SecretKey, Token: "x"}), status: 403, code: "InvalidAccessKeyId",
		},
		"token twice": {
			prepare: func(r *http.Request) { by(temporary)(r); r.Header.Add("X-Cos-Security-Token", temporary.Token) }, status: 403, code: "InvalidAccessKeyId",
		},
		"token with permanent keys": {
			prepare: by(fakecos.Credential{SecretID: permanent.SecretID, SecretKey: permanent.SecretKey, Token: "x"}), status: 403, code: "AccessDenied",
		},
		"token expired": {prepare: by(expired), status: 400, code: "ExpiredToken"},
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
			if test.code == "" {
				wantStatus(t, w, test.status)
				return
			}
			if message := wantError(t, w, test.status, test.code); !strings.Contains(message, test.message) {
				t.Errorf("message %q lacks %q", message, test.message)
			}
		})
	}
}

// oneSecond makes the signature begin when it ends.
func oneSecond(r *http.Request, at int64) {
	times := regexp.MustCompile(`time=[0-9]+;[0-9]+`)
	r.Header.Set("Authorization", times.ReplaceAllString(r.Header.Get("Authorization"), fmt.Sprintf("time=%d;%d", at, at)))
}

// Requests the SDK's calls never make, signed by the SDK: the signature must hold, so that at most
// the query is refused.
func TestSignature_VendorSDKSignsOddQueries(t *testing.T) {
	t.Parallel()
	s := newServer(t, fakecos.Options{})
	credential := fakecos.DefaultCredential()
	for _, query := range []string{
		"inventory&ID=A", "inventory&id=a&Prefix=%E5%9B%A2%20%2B%2F%3D", "inventory&z=2&z=1", "inventory&a%5Bb%5D=!*'()~", "inventory&id=a+b",
	} {
		r := newRequest(http.MethodGet, query, "")
		r.Header.Set("X-Cos-Odd", "two  words, \"quoted\"; !*'()~")
		cos.AddAuthorizationHeader(credential.SecretID, credential.SecretKey, "", r, cos.NewAuthTime(time.Minute))
		if w := serve(s, r); w.Code == http.StatusForbidden {
			t.Errorf("%s: status %d: %s", query, w.Code, w.Body)
		}
	}
}
