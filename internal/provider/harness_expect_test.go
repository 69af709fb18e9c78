// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
)

// members are what an object in the state holds, by attribute.
type members = map[string]knownvalue.Check

func text(s string) knownvalue.Check { return knownvalue.StringExact(s) }

// wireJob is a document as the provider is to write it. Empty members are those of a minimal
// configuration.
type wireJob struct {
	disabled       bool
	versions       string
	filter, fields string // inner XML
	schedule       string // inner XML
	bucket         string
	account        string
	prefix         string
	format         string
	encrypted      bool
}

func (j wireJob) document(id string) string {
	element := func(name, content string) string {
		if content == "" {
			return ""
		}
		return "<" + name + ">" + content + "</" + name + ">"
	}
	enabled, encryption := "true", ""
	if j.disabled {
		enabled = "false"
	}
	if j.encrypted {
		encryption = "<SSE-COS></SSE-COS>"
	}
	return jobDocument(id,
		element("IsEnabled", enabled),
		element("IncludedObjectVersions", cmp.Or(j.versions, "Current")),
		element("Filter", j.filter),
		element("OptionalFields", j.fields),
		element("Schedule", cmp.Or(j.schedule, "<Frequency>Daily</Frequency>")),
		element("Destination", element("COSBucketDestination", strings.Join([]string{
			element("Bucket", cmp.Or(j.bucket, testDestination)),
			element("AccountId", j.account),
			element("Prefix", j.prefix),
			element("Format", cmp.Or(j.format, "CSV")),
			element("Encryption", encryption),
		}, ""))),
	)
}

// listingOf is a complete LIST result of these documents.
func listingOf(documents ...string) string {
	return "<ListInventoryConfigurationResult>" + strings.Join(documents, "") +
		"<IsTruncated>false</IsTruncated></ListInventoryConfigurationResult>"
}

// expectWritten compares every PUT of a job so far, in order.
func (w *world) expectWritten(t testing.TB, id string, jobs ...wireJob) {
	t.Helper()
	var got, want []string
	for _, request := range w.Requests() {
		if request.Op == opPut && request.ID == id {
			got = append(got, request.Body)
		}
	}
	for _, job := range jobs {
		want = append(want, job.document(id))
	}
	if !slices.Equal(got, want) {
		t.Errorf("job %q: written\n  %s\nwant\n  %s", id, strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

// expectWrites counts the requests so far that change something.
func (w *world) expectWrites(t testing.TB, puts, deletes int) {
	t.Helper()
	if sent := w.sent(); sent[opPut] != puts || sent[opDelete] != deletes {
		t.Errorf("sent %v, want %d PUT and %d DELETE", sent, puts, deletes)
	}
}
