// SPDX-License-Identifier: MPL-2.0

package fakecos_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// Where the vendor's own live tests show COS to take more than its pages say, the fake takes it.
func TestVendorTests_shapes(t *testing.T) {
	t.Parallel()
	const field = "<Encryption><SSECOS></SSECOS></Encryption>"
	ssecos := strings.Replace(minimal("list1"), "</COSBucketDestination>", field+"</COSBucketDestination>", 1)
	tag := strings.Replace(minimal("list1"), "<Destination>", "<Filter><Tag><Key>a</Key><Value>b</Value></Tag></Filter><OptionalFields><Field>Tag</Field></OptionalFields><Destination>", 1)
	for name, document := range map[string]string{
		"Encryption/SSECOS: cos-python-sdk-v5, ut/test.py": ssecos,
		"Filter/Tag: cos-nodejs-sdk-v5, index.d.ts":        tag,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, fakecos.Options{})
			wantStatus(t, call(s, http.MethodPut, "inventory&id=list1", document), http.StatusOK)
			if got := call(s, http.MethodGet, "inventory&id=list1", "").Body.String(); got != document {
				t.Errorf("GET shows %s, not as it was written", got)
			}
			if page := call(s, http.MethodGet, "inventory", "").Body.String(); !strings.Contains(page, document) {
				t.Errorf("LIST shows %s, not as it was written", page)
			}
		})
	}
	s := newServer(t, fakecos.Options{})
	both := strings.Replace(ssecos, field, "<Encryption><SSECOS></SSECOS><SSE-COS></SSE-COS></Encryption>", 1)
	wantError(t, call(s, http.MethodPut, "inventory&id=list1", both), http.StatusBadRequest, "MalformedXML")
}

// cos-java-sdk-v5 sends no Content-MD5 on these calls, in a live test.
func TestVendorTests_noDigest(t *testing.T) {
	t.Parallel()
	s := newServer(t, fakecos.Options{})
	for _, method := range []string{http.MethodPut, http.MethodPost} {
		document := minimal("list1")
		if method == http.MethodPost {
			document = oneTime("once")
		}
		id := map[string]string{http.MethodPut: "list1", http.MethodPost: "once"}[method]
		r := newRequest(method, "inventory&id="+id, document)
		r.Header.Del("Content-Md5")
		fakecos.Sign(r, fakecos.DefaultCredential(), time.Now())
		wantStatus(t, serve(s, r), http.StatusOK)
	}
}

// cos-python-sdk-v5 asks for the first page with an empty token; cos-dotnet-sdk-v5 reads one.
func TestVendorTests_emptyToken(t *testing.T) {
	t.Parallel()
	s := newServer(t, fakecos.Options{})
	s.Seed(bucketName, "list1", minimal("list1"))
	page := call(s, http.MethodGet, "inventory&continuation-token=", "")
	wantStatus(t, page, http.StatusOK)
	if body := page.Body.String(); !strings.Contains(body, minimal("list1")) || !strings.Contains(body, "<ContinuationToken></ContinuationToken>") {
		t.Errorf("the first page is %s", body)
	}
}

// A parameter that no page names is ignored: cos-php-sdk-v5 sends Id beside id.
func TestVendorTests_parameterOfNoPage(t *testing.T) {
	t.Parallel()
	s := newServer(t, fakecos.Options{})
	s.Seed(bucketName, "list1", minimal("list1"))
	wantStatus(t, call(s, http.MethodGet, "inventory&id=list1&Id=list1", ""), http.StatusOK)
}

// No page says how COS answers a DELETE of no job: the fake does both.
func TestDelete_absent(t *testing.T) {
	t.Parallel()
	wantError(t, call(newServer(t, fakecos.Options{}), http.MethodDelete, "inventory&id=gone", ""), http.StatusNotFound, "InventoryConfigurationNotFoundError")
	wantStatus(t, call(newServer(t, fakecos.Options{DeletesAbsent: true}), http.MethodDelete, "inventory&id=gone", ""), http.StatusNoContent)
}

// The vendor's suites make their buckets, and delete them in the end.
func TestBucket_lifecycle(t *testing.T) {
	t.Parallel()
	s := newServer(t, fakecos.Options{})
	wantError(t, call(s, http.MethodPut, "", ""), http.StatusConflict, "BucketAlreadyOwnedByYou")
	s.PutObject(bucketName, fakecos.Object{Key: "a"})
	wantError(t, call(s, http.MethodDelete, "", ""), http.StatusConflict, "BucketNotEmpty")
	empty := newServer(t, fakecos.Options{})
	wantStatus(t, call(empty, http.MethodDelete, "", ""), http.StatusNoContent)
	wantError(t, call(empty, http.MethodGet, "inventory", ""), http.StatusNotFound, "NoSuchBucket")
	wantStatus(t, call(empty, http.MethodPut, "", ""), http.StatusOK)
	wantStatus(t, call(empty, http.MethodGet, "inventory", ""), http.StatusOK)
}
