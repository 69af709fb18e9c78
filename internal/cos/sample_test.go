// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// plainDocument is the wire form of [plainInventory]: the least that a job needs.
const plainDocument = `<InventoryConfiguration><Id>nightly</Id><IsEnabled>true</IsEnabled><IncludedObjectVersions>Current</IncludedObjectVersions>` +
	`<Schedule><Frequency>Daily</Frequency></Schedule><Destination><COSBucketDestination>` +
	`<Bucket>qcs::cos:ap-shanghai::reports-1258888888</Bucket><Format>CSV</Format></COSBucketDestination></Destination></InventoryConfiguration>`

func plainInventory() Inventory {
	return Inventory{
		ID:                     "nightly",
		IsEnabled:              true,
		IncludedObjectVersions: "Current",
		Schedule:               Schedule{Frequency: "Daily"},
		Destination:            Destination{Bucket: "qcs::cos:ap-shanghai::reports-1258888888", Format: "CSV"},
	}
}

// fullInventory sets every element that there is.
func fullInventory() Inventory {
	return Inventory{
		ID:                     "audit.2026_q4-v1",
		IncludedObjectVersions: "All",
		Filter: &Filter{
			Prefix:       "data/<raw> & cooked/",
			Tags:         map[string]string{"age": "18", "团队": ""},
			StorageClass: "STANDARD_IA",
			Period:       &Period{StartTime: ptr(int64(1767225600)), EndTime: ptr(int64(1798761599))},
		},
		OptionalFields: []string{
			"Size", "LastModifiedDate", "StorageClass", "ETag", "IsMultipartUploaded", "ReplicationStatus", "Tag", "Crc64",
			"x-cos-meta-owner", "x-cos-meta-*",
		},
		Schedule: Schedule{Frequency: "Monthly", MonthlyDate: ptr(int64(15))},
		Destination: Destination{
			Bucket: "qcs::cos:ap-shanghai::reports-1258888888", AccountID: "100000000042", Prefix: "inv", Format: "CSV", SSECOS: true,
		},
	}
}

func ptr[T any](value T) *T { return &value }

func readWire(tb testing.TB, name string) []byte {
	tb.Helper()
	document, err := os.ReadFile(filepath.Join("testdata", "wire", name))
	if err != nil {
		tb.Fatal(err)
	}
	return document
}

// edit replaces the one place in a document where before stands.
func edit(tb testing.TB, document, before, after string) string {
	tb.Helper()
	if n := strings.Count(document, before); n != 1 {
		tb.Fatalf("%q stands %d times in the document", before, n)
	}
	return strings.Replace(document, before, after, 1)
}
