// SPDX-License-Identifier: MPL-2.0

package fakecos_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// The vendor's worked examples, an older and the current one with its masked key, whose asterisks
// are what was signed with: https://www.tencentcloud.com/document/product/213/31574 and
// https://cloud.tencent.com/document/api/213/30654 Both are for CVM, which the fake refuses, but
// only after it has accepted their signatures.
func TestTC3_VendorExamples(t *testing.T) {
	t.Parallel()
	const body = `{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}`
	for name, test := range map[string]struct {
		credential fakecos.Credential
		signed     string
		signature  string
	}{
		"mandatory headers": {
			credential: fakecos.Credential{SecretID: "AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", SecretKey: "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE"},
			signed:     "content-type;host",
			signature:  "72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168",
		},
		"the action too": {
			credential: fakecos.Credential{SecretID: "AKID" + strings.Repeat("*", 32), SecretKey: strings.Repeat("*", 32)},
			signed:     "content-type;host;x-tc-action",
			signature:  "10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, fakecos.Options{
				Credentials: []fakecos.Credential{test.credential},
				Clock:       func() time.Time { return time.Unix(1551113065, 0) },
			})
			request := func(body, signature string) *httptest.ResponseRecorder {
				r := newSTSRequest("DescribeInstances", body, time.Unix(1551113065, 0))
				r.Host = "cvm.tencentcloudapi.com"
				r.Header.Set("Content-Type", "application/json; charset=utf-8")
				r.Header.Set("Authorization", fmt.Sprintf("TC3-HMAC-SHA256 Credential=%s/2019-02-25/cvm/tc3_request, SignedHeaders=%s, Signature=%s",
					test.credential.SecretID, test.signed, signature))
				return serve(s, r)
			}
			answer := readSTS(t, request(body, test.signature), "AuthFailure.InvalidAuthorization")
			if !strings.Contains(answer.Error.Message, `"cvm"`) {
				t.Errorf("message %q", answer.Error.Message)
			}
			readSTS(t, request(body+" ", test.signature), "AuthFailure.SignatureFailure")
			readSTS(t, request(body, strings.Repeat("0", 64)), "AuthFailure.SignatureFailure")
		})
	}
}

func TestTC3_Refusals(t *testing.T) {
	t.Parallel()
	now := time.Unix(1800000000, 0)
	permanent := fakecos.Credential{SecretID: "AKIDPERMANENT", SecretKey: "permanent"}
	temporary := fakecos.Credential{SecretID: "AKIDTEMPORARY", SecretKey: "temporary", Token: "tok/en+=", Expires: now.Add(time.Hour)}
	expired := fakecos.Credential{SecretID: "AKIDEXPIRED", SecretKey: "expired", Token: "old", Expires: now}
	withdrawn := fakecos.Credential{SecretID: "AKIDWITHDRAWN", SecretKey: "withdrawn", Expires: now}

	const invalid, wrong, token = "AuthFailure.InvalidAuthorization", "AuthFailure.SignatureFailure", "AuthFailure.TokenFailure"
	by := func(credential fakecos.Credential) func(*http.Request) {
		return func(r *http.Request) { signTC3(r, "{}", credential) }
	}
	at := func(seconds int64) func(*http.Request) {
		return func(r *http.Request) {
			r.Header.Set("X-TC-Timestamp", fmt.Sprint(now.Unix()+seconds))
			signTC3(r, "{}", permanent)
		}
	}
	then := func(change func(http.Header)) func(*http.Request) {
		return func(r *http.Request) {
			signTC3(r, "{}", permanent)
			change(r.Header)
		}
	}
	// Whoever knows the key may still not sign another date, or less, or in another order.
	as := func(date string, names ...string) func(*http.Request) {
		return func(r *http.Request) { signTC3As(r, "{}", permanent, date, names...) }
	}
	edit := func(old, new string) func(*http.Request) { //nolint:predeclared // the usual pair of names
		return func(r *http.Request) {
			signTC3(r, "{}", permanent)
			altered(t, r, old, new)
		}
	}
	for name, test := range map[string]struct {
		prepare func(*http.Request)
		code    string // "" for success
	}{
		"permanent":                 {by(permanent), ""},
		"temporary":                 {by(temporary), ""},
		"five minutes behind":       {at(-300), ""},
		"five minutes ahead":        {at(300), ""},
		"more behind":               {at(-301), "AuthFailure.SignatureExpire"},
		"more ahead":                {at(301), "AuthFailure.SignatureExpire"},
		"no timestamp":              {then(func(h http.Header) { h.Del("X-Tc-Timestamp") }), "MissingParameter"},
		"no number":                 {then(func(h http.Header) { h.Set("X-Tc-Timestamp", "now") }), "InvalidParameter"},
		"other timestamp signed":    {then(func(h http.Header) { h.Set("X-Tc-Timestamp", fmt.Sprint(now.Unix()+1)) }), wrong},
		"anonymous":                 {func(*http.Request) {}, invalid},
		"skipped":                   {func(r *http.Request) { r.Header.Set("Authorization", "SKIP") }, invalid},
		"a COS signature":           {func(r *http.Request) { sign(r, permanent, now) }, invalid},
		"signed twice":              {then(func(h http.Header) { h.Add("Authorization", h.Get("Authorization")) }), invalid},
		"algorithm":                 {edit("TC3-HMAC-SHA256", "TC3-HMAC-SM3"), invalid},
		"no date":                   {edit("2027-01-15/", ""), invalid},
		"other terminator":          {edit("tc3_request", "aws4_request"), invalid},
		"no space behind the comma": {edit(", Signed", ",Signed"), invalid},
		"field missing":             {edit("SignedHeaders=content-type;host, ", ""), invalid},
		"signature too long":        {edit("Signature=", "Signature=a"), invalid},
		"unknown key":               {by(fakecos.Credential{SecretID: "AKIDOTHER", SecretKey: "x"}), "AuthFailure.SecretIdNotFound"},
		"other key's id":            {edit(permanent.SecretID, withdrawn.SecretID), token},
		"wrong key":                 {by(fakecos.Credential{SecretID: permanent.SecretID, SecretKey: "x"}), wrong},
		"as signed":                 {as("2027-01-15", "content-type", "host"), ""},
		"other date":                {as("2027-01-16", "content-type", "host"), wrong},
		"other service":             {edit("/sts/", "/cvm/"), wrong},
		"host unsigned":             {as("2027-01-15", "content-type"), wrong},
		"type unsigned":             {as("2027-01-15", "host"), wrong},
		"headers unsorted":          {as("2027-01-15", "host", "content-type"), wrong},
		"header twice":              {as("2027-01-15", "content-type", "content-type", "host"), wrong},
		"header absent":             {edit("content-type;host", "content-type;host;x-absent"), wrong},
		"header added":              {edit("content-type;host", "content-type;host;x-tc-action"), wrong},
		"host changed":              {func(r *http.Request) { by(permanent)(r); r.Host = "sts.internal.tencentcloudapi.com" }, wrong},
		"type changed":              {then(func(h http.Header) { h.Set("Content-Type", "application/json; charset=utf-8") }), wrong},
		"body changed":              {func(r *http.Request) { signTC3(r, "{ }", permanent) }, wrong},
		"token missing":             {by(fakecos.Credential{SecretID: temporary.SecretID, SecretKey: temporary.SecretKey}), token},
		"token wrong":               {by(fakecos.Credential{SecretID: temporary.SecretID, SecretKey: temporary.SecretKey, Token: "x"}), token},
		"token twice":               {func(r *http.Request) { by(temporary)(r); r.Header.Add("X-Tc-Token", temporary.Token) }, token},
		"token with permanent keys": {by(fakecos.Credential{SecretID: permanent.SecretID, SecretKey: permanent.SecretKey, Token: "x"}), token},
		"token expired":             {by(expired), token},
		"key expired":               {by(withdrawn), token},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, fakecos.Options{
				Credentials: []fakecos.Credential{permanent, temporary, expired, withdrawn},
				Clock:       func() time.Time { return now },
			})
			r := newSTSRequest("GetCallerIdentity", "{}", now)
			test.prepare(r)
			answer := readSTS(t, serve(s, r), test.code)
			if test.code != "" && (answer.AccountId != "" || s.Requests()[0].Code != test.code) {
				t.Errorf("refused, and yet %+v; log %q", answer, s.Requests()[0].Code)
			}
		})
	}
}
