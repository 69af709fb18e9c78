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

	bucket := "qcs::cos:ap-shanghai::reports-1258888888"
	inventories := map[string]Inventory{
		"get-everything.xml": fullInventory(),
		"get-empty-containers.xml": {
			ID: "bare", IsEnabled: true, IncludedObjectVersions: "Current",
			Schedule:    Schedule{Frequency: "Daily"},
			Destination: Destination{Bucket: bucket, Format: "CSV"},
		},
		"get-prefix-and.xml": {
			ID: "nightly", IsEnabled: true, IncludedObjectVersions: "Current",
			Filter:         &Filter{Prefix: "logs/"},
			OptionalFields: []string{"Size"},
			Schedule:       Schedule{Frequency: "Weekly"},
			Destination:    Destination{Bucket: bucket, Format: "CSV"},
		},
		"get-prefix-plain.xml": {
			ID: "nightly", IsEnabled: true, IncludedObjectVersions: "All",
			Filter:         &Filter{Prefix: "logs/"},
			OptionalFields: []string{"Size", "ETag"},
			Schedule:       Schedule{Frequency: "Daily"},
			Destination:    Destination{Bucket: bucket, AccountID: "100000000042", Prefix: "inv/nightly", Format: "CSV", SSECOS: true},
		},
		"get-unknown-elements.xml": {
			ID: "tomorrow", IsEnabled: true, IncludedObjectVersions: "Current",
			Filter:      &Filter{Prefix: "a/"},
			Schedule:    Schedule{Frequency: "Daily"},
			Destination: Destination{Bucket: bucket, Format: "CSV"},
			Unmodelled:  []string{"Destination/COSBucketDestination/RoleName", "Filter/And/SizeRange"},
		},
	}
	type page struct {
		jobs []Inventory
		next string
	}
	pages := map[string]page{
		"list-page-1.xml": {next: "bGlzdDI+/w==", jobs: []Inventory{{
			ID: "list1", IsEnabled: true, IncludedObjectVersions: "All",
			Filter:         &Filter{Prefix: "my/"},
			OptionalFields: []string{"Size", "IsMultipartUpload"},
			Schedule:       Schedule{Frequency: "Daily"},
			Destination:    Destination{Bucket: bucket, AccountID: "100000000042", Prefix: "list1", Format: "CSV", SSECOS: true},
		}}},
		"list-last-page.xml": {jobs: []Inventory{{
			ID: "list2", IncludedObjectVersions: "Current",
			Schedule:    Schedule{Frequency: "Weekly"},
			Destination: Destination{Bucket: bucket, Format: "CSV"},
		}}},
	}
	check := func(t *testing.T, got, want any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
	}

	files, err := os.ReadDir("testdata/wire")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		name := file.Name()
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			document := readWire(t, name)
			if want, ok := inventories[name]; ok {
				got, err := decodeInventory(received(document))
				check(t, got, want, err)
				return
			}
			if want, ok := pages[name]; ok {
				var got page
				listed, next, err := decodeList(received(document))
				got.next = next
				for _, job := range listed {
					got.jobs = append(got.jobs, job.Inventory)
				}
				check(t, got, want, err)
				return
			}
			switch name {
			case "post-result.xml":
				got, err := decodePostResult(received(document))
				check(t, got, "ZXhhbXBsZS1qb2ItaWQ==", err)
			case "error-no-such-job.xml":
				d := received(document)
				d.Response = &http.Response{StatusCode: http.StatusNotFound}
				got := d.failure()
				check(t, got, &Error{
					Status: http.StatusNotFound, Code: "InventoryConfigurationNotFoundError",
					Message:   "The inventory configuration does not exist.",
					RequestID: "NjU0MzIxMDBfYWJjZGVmMDFfMTIzNF81Njc4",
				}, nil)
			default:
				t.Errorf("no case says what %s holds", name)
			}
		})
	}
	if want := len(inventories) + len(pages) + 2; len(files) != want {
		t.Errorf("testdata/wire has %d documents, the cases are about %d", len(files), want)
	}
}
