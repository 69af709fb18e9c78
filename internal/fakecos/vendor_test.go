// SPDX-License-Identifier: MPL-2.0

package fakecos_test

import (
	"cmp"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

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
		sign(r, fakecos.DefaultCredential(), time.Now())
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

// A step of a suite of the vendor: a request without a digest, and what its answer must hold.
type vendorStep struct {
	method, id, document string
	status               int
	holds                []string
	lacks                string
}

// The requests of the suites whose tool chains are not at hand, in their order, and what they look at
// in the answers.
func TestVendorTests_suites(t *testing.T) {
	t.Parallel()
	job := func(id, schedule, prefix, destination, fields, encryption string) string {
		return `<InventoryConfiguration><Id>` + id + `</Id><IsEnabled>true</IsEnabled><Destination><COSBucketDestination><Format>CSV</Format>` +
			`<AccountId>100000000001</AccountId><Bucket>` + reports + `</Bucket><Prefix>` + destination + `</Prefix><Encryption>` + encryption + `</Encryption>` +
			`</COSBucketDestination></Destination><Schedule><Frequency>` + schedule + `</Frequency></Schedule><Filter><Prefix>` + prefix + `</Prefix></Filter>` +
			`<IncludedObjectVersions>All</IncludedObjectVersions><OptionalFields>` + fields + `</OptionalFields></InventoryConfiguration>`
	}
	const size = "<Field>Size</Field>"
	java := []string{
		job("1", "Daily", "test/", "inventory-output", size, "<SSE-COS></SSE-COS>"),
		job("2", "Weekly", "test/", "inventory-output", size, "<SSE-COS></SSE-COS>"),
	}
	// The suite writes SIZE, and also passes if COS refuses that: it decides nothing of the spelling.
	dotNet := job("id1", "Daily", "dir/", "list1", size+"<Field>ETag</Field>", "<SSE-COS></SSE-COS>")
	for name, steps := range map[string][]vendorStep{
		"cos-java-sdk-v5, BucketInventoryTest, typed": {
			{method: http.MethodPut, id: "1", document: java[0]},
			{method: http.MethodPut, id: "2", document: java[1]},
			{method: http.MethodGet, id: "2", holds: []string{java[1]}},
			{method: http.MethodGet, holds: java},
			{method: http.MethodDelete, id: "1", status: http.StatusNoContent},
			{method: http.MethodGet, holds: java[1:], lacks: java[0]},
		},
		"cos-java-sdk-v5, BucketInventoryTest, text": {
			{method: http.MethodPut, id: "test12", document: "<InventoryConfiguration>\n    <Id>test12</Id>\n    <IsEnabled>true</IsEnabled>\n    <Destination>\n        <COSBucketDestination>\n" +
				"            <Format>CSV</Format><AccountId>100000000001</AccountId><Bucket>" + reports + "</Bucket><Prefix>cos_bucket_inventory</Prefix>\n" +
				"        </COSBucketDestination>\n    </Destination>\n    <Schedule>\n        <Frequency>Daily</Frequency>\n    </Schedule>\n" +
				"    <Filter>\n       <And>\n            <Prefix>test</Prefix>\n        </And>\n    </Filter>\n    <IncludedObjectVersions>All</IncludedObjectVersions>\n" +
				"    <OptionalFields>\n        <Field>Size</Field>\n        <Field>LastModifiedDate</Field>\n    </OptionalFields>\n</InventoryConfiguration>"},
			{method: http.MethodDelete, id: "test12", status: http.StatusNoContent},
		},
		"qcloud-sdk-dotnet, BucketTest, TestBucketInventory": {
			{method: http.MethodPut, id: "id1", document: dotNet},
			{method: http.MethodGet, id: "id1", holds: []string{dotNet}},
			{method: http.MethodGet, holds: []string{dotNet, "<IsTruncated>false</IsTruncated>", "<ContinuationToken></ContinuationToken>"}},
			{method: http.MethodDelete, id: "id1", status: http.StatusNoContent},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, fakecos.Options{})
			for _, step := range steps {
				query := "inventory"
				if step.id != "" {
					query += "&id=" + step.id
				}
				r := newRequest(step.method, query, step.document)
				r.Header.Del("Content-Md5")
				sign(r, fakecos.DefaultCredential(), time.Now())
				response := serve(s, r)
				wantStatus(t, response, cmp.Or(step.status, http.StatusOK))
				body := response.Body.String()
				for _, part := range step.holds {
					if !strings.Contains(body, part) {
						t.Errorf("%s %s: %s lacks %s", step.method, query, body, part)
					}
				}
				if step.lacks != "" && strings.Contains(body, step.lacks) {
					t.Errorf("%s %s: %s holds %s", step.method, query, body, step.lacks)
				}
			}
		})
	}
}

// A parameter that no page names is ignored: cos-php-sdk-v5 sends Id beside id.
func TestVendorTests_parameterOfNoPage(t *testing.T) {
	t.Parallel()
	s := newServer(t, fakecos.Options{})
	s.Seed(bucketName, "list1", minimal("list1"))
	wantStatus(t, call(s, http.MethodGet, "inventory&id=list1&Id=list1", ""), http.StatusOK)
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
