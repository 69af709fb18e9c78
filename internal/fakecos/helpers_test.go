// SPDX-License-Identifier: MPL-2.0

package fakecos_test

import (
	"crypto/md5"
	"encoding/base64"
	"encoding/xml"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/tencentyun/cos-go-sdk-v5"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

const (
	region     = "ap-guangzhou"
	bucketName = "examplebucket-1250000000"
	host       = bucketName + ".cos." + region + ".myqcloud.com"
	reports    = "qcs::cos:ap-guangzhou::reports-1250000000"
)

// minimal is the least document the service takes for a job named id.
func minimal(id string) string {
	return `<InventoryConfiguration><Id>` + id + `</Id><IsEnabled>true</IsEnabled>` +
		`<IncludedObjectVersions>All</IncludedObjectVersions><Schedule><Frequency>Daily</Frequency></Schedule>` +
		`<Destination><COSBucketDestination><Bucket>` + reports + `</Bucket><Format>CSV</Format></COSBucketDestination></Destination>` +
		`</InventoryConfiguration>`
}

// oneTime is the least document the service takes for a one-time run.
func oneTime(id string) string {
	return strings.NewReplacer(`<IsEnabled>true</IsEnabled>`, ``, `<Schedule><Frequency>Daily</Frequency></Schedule>`, ``).
		Replace(minimal(id))
}

func newServer(t *testing.T, options fakecos.Options) *fakecos.Server {
	t.Helper()
	// What never waits can only be ended together with the other tests.
	watch := time.AfterFunc(3*bound, func() { panic(t.Name() + " does not end") })
	t.Cleanup(func() { watch.Stop() })
	s := fakecos.New(options)
	t.Cleanup(s.Close)
	s.AddBucket(region, bucketName)
	return s
}

// newRequest makes an unsigned request with the right digest.
func newRequest(method, query, body string) *http.Request {
	r := httptest.NewRequest(method, "http://"+host+"/?"+query, strings.NewReader(body))
	if body != "" {
		digest := md5.Sum([]byte(body))
		r.Header.Set("Content-Md5", base64.StdEncoding.EncodeToString(digest[:]))
	}
	return r
}

// bound ends what a mistake in the fake would keep waiting.
const bound = 10 * time.Second

// serve hands a request to the handler; it must be signed.
func serve(s http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	http.TimeoutHandler(s, bound, "no answer").ServeHTTP(w, r)
	return w
}

// call makes a request signed with the default keys.
func call(s http.Handler, method, query, body string) *httptest.ResponseRecorder {
	r := newRequest(method, query, body)
	sign(r, fakecos.DefaultCredential(), time.Now())
	return serve(s, r)
}

// sign signs a request with the vendor's SDK. The signature is valid from now for five minutes.
func sign(r *http.Request, credential fakecos.Credential, now time.Time) {
	end := now.Add(5 * time.Minute)
	cos.AddAuthorizationHeader(credential.SecretID, credential.SecretKey, credential.Token, r,
		&cos.AuthTime{SignStartTime: now, SignEndTime: end, KeyStartTime: now, KeyEndTime: end})
}

// altered replaces a part of a request's signature.
func altered(t *testing.T, r *http.Request, part, replacement string) {
	t.Helper()
	r.Header.Set("Authorization", edit(t, r.Header.Get("Authorization"), part, replacement))
}

type errorDocument struct {
	XMLName                                     xml.Name `xml:"Error"`
	Code, Message, Resource, RequestId, TraceId string   //nolint:revive // the wire's own names
}

// wantError checks a COS error answer in full and returns its message.
func wantError(t *testing.T, w *httptest.ResponseRecorder, status int, code string) string {
	t.Helper()
	if w.Code != status {
		t.Errorf("status %d, want %d: %s", w.Code, status, w.Body)
	}
	if got := w.Header().Get("Content-Type"); got != "application/xml" {
		t.Errorf("Content-Type %q", got)
	}
	var e errorDocument
	if err := xml.Unmarshal(w.Body.Bytes(), &e); err != nil {
		t.Fatalf("error document: %v in %q", err, w.Body)
	}
	if e.Code != code {
		t.Errorf("code %q, want %q: %s", e.Code, code, e.Message)
	}
	if e.Message == "" || e.Resource == "" || e.TraceId == "" {
		t.Errorf("incomplete error document: %+v", e)
	}
	if id := w.Header().Get("X-Cos-Request-Id"); id == "" || id != e.RequestId {
		t.Errorf("request id %q in the header, %q in the document", id, e.RequestId)
	}
	return e.Message
}

func wantStatus(t *testing.T, w *httptest.ResponseRecorder, status int) {
	t.Helper()
	if w.Code != status {
		t.Fatalf("status %d, want %d: %s", w.Code, status, w.Body)
	}
}

// sdk returns the vendor's client for the bucket. As a proxy, the fake is sent the real host name.
func sdk(t *testing.T, s http.Handler, credential fakecos.Credential) *cos.Client {
	t.Helper()
	l := httptest.NewServer(s)
	t.Cleanup(l.Close)
	proxy := func(*http.Request) (*url.URL, error) { return url.Parse(l.URL) }
	client := cos.NewClient(&cos.BaseURL{BucketURL: &url.URL{Scheme: "http", Host: host}}, &http.Client{
		Timeout: bound,
		Transport: &cos.AuthorizationTransport{
			SecretID: credential.SecretID, SecretKey: credential.SecretKey, Transport: &http.Transport{Proxy: proxy},
		},
	})
	client.Conf.RetryOpt.Count = 1
	return client
}
