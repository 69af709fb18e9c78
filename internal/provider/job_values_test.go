// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// The service grows faster than providers: what this one does not know is sent, and COS decides.
func TestBucketInventoryResource_undocumented(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{ExtraFields: []string{"Owner"}})
	p := w.configured()
	newField := p.value(jobObject(object{"optional_fields": []any{"Owner"}}))
	job := p.create(newField)
	p.expectNoDrift(job, newField)
	_, ds := p.apply(t.Context(), job, p.value(jobObject(destinationObject(object{"format": "Parquet"}))))
	if !strings.Contains(ds.errors(), "InvalidArgument") || !strings.Contains(ds.errors(), "Parquet") {
		t.Errorf("a format that COS refuses: %s", ds)
	}
	w.expectWritten(t, "nightly", wireJob{fields: "<Field>Owner</Field>"}, wireJob{format: "Parquet"})
}

// Every character that a document can hold comes back as it was sent, in a GET and in a LIST. Texts
// are composed (NFC): Terraform itself makes them so.
func TestBucketInventoryResource_hostileValues(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	p := w.configured()
	configs := map[string]object{}
	for i, value := range []string{
		`</Prefix></Filter><Filter>`, `&delete&id=other`, `&amp;&#x0;`, `../..//..`, `]]><![CDATA[`, `"'<!-- ?>`, ` lead and trail `, "\t\r\n",
		"日志/🪣/é", "é\u202e\ufeff", `%2F%00`, `${path}%{if}`, strings.Repeat("长", 262) + "a",
	} {
		configs[fmt.Sprintf("value%d", i)] = object{
			"filter": object{"prefix": value, "tags": object{value: value, "key": ""}}, "optional_fields": []any{"Tag"},
			"destination": object{"bucket": testDestination, "account_id": "1", "prefix": value, "format": "CSV"},
		}
	}
	for _, id := range []string{"..", ".", "-", "_.", strings.Repeat("x", 1024)} {
		configs[id] = object{}
	}
	jobs := map[string]kept{}
	for id, config := range configs {
		config["id"] = id
		jobs[id] = p.create(p.complete(config))
		p.expectNoDrift(jobs[id], p.complete(config))
		w.document(id)
	}
	next := w.configured()
	w.ResetRequests()
	for id, config := range configs {
		next.expectNoDrift(jobs[id], next.complete(config))
	}
	w.expectSent(t, map[string]int{opList: 1})
	for _, job := range jobs {
		if _, ds := p.destroy(t.Context(), job); len(ds) > 0 {
			t.Error(ds)
		}
	}
	if left := w.Jobs(testBucket); len(left) > 0 {
		t.Errorf("COS still holds %q", left)
	}
}
