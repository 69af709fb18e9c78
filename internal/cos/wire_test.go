// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"net/http"
	"os"
	"reflect"
	"testing"
)

// TestWire reads each document under testdata/wire, and fails for one that no case below knows.
func TestWire(t *testing.T) {
	t.Parallel()
	const bucket = "qcs::cos:ap-shanghai::reports-1258888888"
	type shown struct {
		jobs []Inventory
		next string
	}
	job := func(resp response) (any, error) { return decodeInventory(resp) }
	page := func(resp response) (any, error) {
		var got shown
		page, next, err := decodeList(resp)
		got.next = next
		for _, job := range page {
			got.jobs = append(got.jobs, job.Inventory)
		}
		return got, err
	}
	run := func(resp response) (any, error) { return decodePostResult(resp) }
	refusal := func(resp response) (any, error) {
		resp.Response = &http.Response{StatusCode: http.StatusNotFound}
		return resp.failure(), nil
	}
	tests := map[string]struct {
		read func(response) (any, error)
		want any
	}{
		"get-everything.xml": {job, fullInventory()},
		"get-empty-containers.xml": {job, Inventory{
			ID: "bare", IsEnabled: true, IncludedObjectVersions: "Current",
			Schedule:    Schedule{Frequency: "Daily"},
			Destination: Destination{Bucket: bucket, Format: "CSV"},
		}},
		"get-prefix-and.xml": {job, Inventory{
			ID: "nightly", IsEnabled: true, IncludedObjectVersions: "Current",
			Filter:         &Filter{Prefix: "logs/"},
			OptionalFields: []string{"Size"},
			Schedule:       Schedule{Frequency: "Weekly"},
			Destination:    Destination{Bucket: bucket, Format: "CSV"},
		}},
		"get-prefix-plain.xml": {job, Inventory{
			ID: "nightly", IsEnabled: true, IncludedObjectVersions: "All",
			Filter:         &Filter{Prefix: "logs/"},
			OptionalFields: []string{"Size", "ETag"},
			Schedule:       Schedule{Frequency: "Daily"},
			Destination:    Destination{Bucket: bucket, AccountID: "100000000042", Prefix: "inv/nightly", Format: "CSV", SSECOS: true},
		}},
		"get-unknown-elements.xml": {job, Inventory{
			ID: "tomorrow", IsEnabled: true, IncludedObjectVersions: "Current",
			Filter:      &Filter{Prefix: "a/"},
			Schedule:    Schedule{Frequency: "Daily"},
			Destination: Destination{Bucket: bucket, Format: "CSV"},
			Unmodelled:  []string{"Destination/COSBucketDestination/RoleName", "Filter/And/SizeRange"},
		}},
		"list-page-1.xml": {page, shown{next: "bGlzdDI+/w==", jobs: []Inventory{{
			ID: "list1", IsEnabled: true, IncludedObjectVersions: "All",
			Filter:         &Filter{Prefix: "my/"},
			OptionalFields: []string{"Size", "IsMultipartUpload"},
			Schedule:       Schedule{Frequency: "Daily"},
			Destination:    Destination{Bucket: bucket, AccountID: "100000000042", Prefix: "list1", Format: "CSV", SSECOS: true},
		}}}},
		"list-last-page.xml": {page, shown{jobs: []Inventory{{
			ID: "list2", IncludedObjectVersions: "Current",
			Schedule:    Schedule{Frequency: "Weekly"},
			Destination: Destination{Bucket: bucket, Format: "CSV"},
		}}}},
		"post-result.xml": {run, "ZXhhbXBsZS1qb2ItaWQ=="},
		"error-no-such-job.xml": {refusal, &Error{
			Status: http.StatusNotFound, Code: "InventoryConfigurationNotFoundError",
			Message:   "The inventory configuration does not exist.",
			RequestID: "NjU0MzIxMDBfYWJjZGVmMDFfMTIzNF81Njc4",
		}},
	}
	files, err := os.ReadDir("testdata/wire")
	if err != nil || len(files) != len(tests) {
		t.Errorf("testdata/wire has %d documents, the cases are about %d: %v", len(files), len(tests), err)
	}
	for _, file := range files {
		t.Run(file.Name(), func(t *testing.T) {
			t.Parallel()
			test, ok := tests[file.Name()]
			if !ok {
				t.Fatal("no case says what it holds")
			}
			if got, err := test.read(received(readWire(t, file.Name()))); err != nil || !reflect.DeepEqual(got, test.want) {
				t.Errorf("got  %+v, %v\nwant %+v", got, err, test.want)
			}
		})
	}
}
