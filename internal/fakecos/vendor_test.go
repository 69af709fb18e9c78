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

// A step of a suite of the vendor: a request without a digest, and what its answer must hold.
type vendorStep struct {
	method, query, document string
	status                  int
	holds                   []string
	lacks                   string
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
			{method: http.MethodPut, query: "inventory&id=1", document: java[0]},
			{method: http.MethodPut, query: "inventory&id=2", document: java[1]},
			{method: http.MethodGet, query: "inventory&id=2", holds: []string{java[1]}},
			{method: http.MethodGet, query: "inventory", holds: java},
			{method: http.MethodDelete, query: "inventory&id=1", status: http.StatusNoContent},
			{method: http.MethodGet, query: "inventory", holds: java[1:], lacks: java[0]},
		},
		"cos-java-sdk-v5, BucketInventoryTest, text": {
			{method: http.MethodPut, query: "inventory&id=test12", document: "<InventoryConfiguration>\n    <Id>test12</Id>\n    <IsEnabled>true</IsEnabled>\n    <Destination>\n        <COSBucketDestination>\n" +
				"            <Format>CSV</Format><AccountId>100000000001</AccountId><Bucket>" + reports + "</Bucket><Prefix>cos_bucket_inventory</Prefix>\n" +
				"        </COSBucketDestination>\n    </Destination>\n    <Schedule>\n        <Frequency>Daily</Frequency>\n    </Schedule>\n" +
				"    <Filter>\n       <And>\n            <Prefix>test</Prefix>\n        </And>\n    </Filter>\n    <IncludedObjectVersions>All</IncludedObjectVersions>\n" +
				"    <OptionalFields>\n        <Field>Size</Field>\n        <Field>LastModifiedDate</Field>\n    </OptionalFields>\n</InventoryConfiguration>"},
			{method: http.MethodDelete, query: "inventory&id=test12", status: http.StatusNoContent},
		},
		"qcloud-sdk-dotnet, BucketTest, TestBucketInventory": {
			{method: http.MethodPut, query: "inventory&id=id1", document: dotNet},
			{method: http.MethodGet, query: "inventory&id=id1", holds: []string{dotNet}},
			{method: http.MethodGet, query: "inventory", holds: []string{dotNet, "<IsTruncated>false</IsTruncated>", "<ContinuationToken></ContinuationToken>"}},
			{method: http.MethodDelete, query: "inventory&id=id1", status: http.StatusNoContent},
		},
		"cos-java-sdk-v5 sends no digest of a one-time job either": {
			{method: http.MethodPost, query: "inventory&id=once", document: oneTime("once")},
		},
		"cos-python-sdk-v5 asks for the first page with an empty token": {
			{method: http.MethodPut, query: "inventory&id=1", document: java[0]},
			{method: http.MethodGet, query: "inventory&continuation-token=", holds: []string{java[0], "<ContinuationToken></ContinuationToken>"}},
		},
		"cos-php-sdk-v5 sends Id beside id, which no page names": {
			{method: http.MethodPut, query: "inventory&id=1&Id=1", document: java[0]},
		},
		"all make their buckets, and delete them in the end": {
			{method: http.MethodDelete, status: http.StatusNoContent},
			{method: http.MethodGet, query: "inventory", status: http.StatusNotFound, holds: []string{"NoSuchBucket"}},
			{method: http.MethodPut},
			{method: http.MethodGet, query: "inventory"},
			{method: http.MethodPut, status: http.StatusConflict, holds: []string{"BucketAlreadyOwnedByYou"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, fakecos.Options{})
			for _, step := range steps {
				r := newRequest(step.method, step.query, step.document)
				r.Header.Del("Content-Md5")
				sign(r, fakecos.DefaultCredential(), time.Now())
				response := serve(s, r)
				wantStatus(t, response, cmp.Or(step.status, http.StatusOK))
				body := response.Body.String()
				for _, part := range step.holds {
					if !strings.Contains(body, part) {
						t.Errorf("%s %s: %s lacks %s", step.method, step.query, body, part)
					}
				}
				if step.lacks != "" && strings.Contains(body, step.lacks) {
					t.Errorf("%s %s: %s holds %s", step.method, step.query, body, step.lacks)
				}
			}
		})
	}
}
