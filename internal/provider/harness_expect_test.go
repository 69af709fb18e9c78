// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
)

// members are what an object in the state holds, by attribute.
type members = map[string]knownvalue.Check

func text(s string) knownvalue.Check { return knownvalue.StringExact(s) }

func number(n int64) knownvalue.Check { return knownvalue.Int64Exact(n) }

// expectState checks every attribute of a job: those of a minimal configuration, but for the given
// ones.
func expectState(address, id string, given members) []statecheck.StateCheck {
	state := members{
		"bucket":                   text(testBucket),
		"id":                       text(id),
		"region":                   text(testRegion),
		"is_enabled":               knownvalue.Bool(true),
		"included_object_versions": text("Current"),
		"filter":                   knownvalue.Null(),
		"optional_fields":          knownvalue.Null(),
		"schedule":                 scheduleState(nil),
		"destination":              destinationState(nil),
		"timeouts":                 knownvalue.Null(),
		"report_prefix":            text("1250000000/examplebucket/" + id + "/"),
	}
	maps.Copy(state, given)
	var checks []statecheck.StateCheck
	for _, name := range slices.Sorted(maps.Keys(state)) {
		checks = append(checks, statecheck.ExpectKnownValue(address, tfjsonpath.New(name), state[name]))
	}
	return checks
}

func filterState(given members) knownvalue.Check {
	return objectState(members{
		"prefix": knownvalue.Null(), "tags": knownvalue.Null(), "storage_class": knownvalue.Null(), "period": knownvalue.Null(),
	}, given)
}

func scheduleState(given members) knownvalue.Check {
	return objectState(members{"frequency": text("Daily"), "monthly_date": knownvalue.Null()}, given)
}

func destinationState(given members) knownvalue.Check {
	return objectState(members{
		"bucket": text(testDestination), "account_id": knownvalue.Null(), "prefix": knownvalue.Null(),
		"format": text("CSV"), "encryption": knownvalue.Null(),
	}, given)
}

func objectState(usual, given members) knownvalue.Check {
	maps.Copy(usual, given)
	return knownvalue.ObjectExact(usual)
}

func textSet(elements ...string) knownvalue.Check {
	checks := make([]knownvalue.Check, len(elements))
	for i, element := range elements {
		checks[i] = text(element)
	}
	return knownvalue.SetExact(checks)
}

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

func expectAction(address string, action plancheck.ResourceActionType) plancheck.PlanCheck {
	return plancheck.ExpectResourceAction(address, action)
}
