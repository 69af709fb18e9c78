// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"fmt"
	"strings"
	"testing"
)

// TestDifferences changes one thing of a full document at a time. Documents are equal that differ in
// nothing but what is not supported.
func TestDifferences(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*Inventory)
		want   string // each difference; "" for none
	}{
		"nothing": {func(*Inventory) {}, ""},
		"order of fields": {func(inv *Inventory) {
			f := inv.OptionalFields
			f[0], f[3] = f[3], f[0]
		}, ""},
		"a repeated field":     {func(inv *Inventory) { inv.OptionalFields = append(inv.OptionalFields, "ETag") }, ""},
		"elements beside":      {func(inv *Inventory) { inv.Extra = []string{"Owner"} }, ""},
		"unsupported elements": {func(inv *Inventory) { inv.Unmodelled = []string{"New", "A/B"} }, "A/B: not set, set; New: not set, set"},
		"id":                   {func(inv *Inventory) { inv.ID += "2" }, `id: "audit.2026_q4-v1", "audit.2026_q4-v12"`},
		"switch":               {func(inv *Inventory) { inv.IsEnabled = true }, "is_enabled: false, true"},
		"versions":             {func(inv *Inventory) { inv.IncludedObjectVersions = "Current" }, `included_object_versions: "All", "Current"`},
		"no filter": {
			func(inv *Inventory) { inv.Filter = nil },
			`filter.period.end_time: 1798761599, not set; filter.period.start_time: 1767225600, not set; ` +
				`filter.prefix: "data/<raw> & cooked/", not set; filter.storage_class: "STANDARD_IA", not set; filter.tags: { "age" = "18", "团队" = "" }, not set`,
		},
		"prefix":        {func(inv *Inventory) { inv.Filter.Prefix = "a${b}%{c}\u202e\"" }, `filter.prefix: "data/<raw> & cooked/", "a$${b}%%{c}\u202e\""`},
		"tag value":     {func(inv *Inventory) { inv.Filter.Tags["age"] = "19" }, `filter.tags: { "age" = "18", "团队" = "" }, { "age" = "19", "团队" = "" }`},
		"one tag more":  {func(inv *Inventory) { inv.Filter.Tags["Z"] = "" }, `filter.tags: { "age" = "18", "团队" = "" }, { "Z" = "", "age" = "18", "团队" = "" }`},
		"no tags":       {func(inv *Inventory) { inv.Filter.Tags = map[string]string{} }, `filter.tags: { "age" = "18", "团队" = "" }, not set`},
		"storage class": {func(inv *Inventory) { inv.Filter.StorageClass = "ARCHIVE" }, `filter.storage_class: "STANDARD_IA", "ARCHIVE"`},
		"no period":     {func(inv *Inventory) { inv.Filter.Period = nil }, `filter.period.end_time: 1798761599, not set; filter.period.start_time: 1767225600, not set`},
		"an open period": {
			func(inv *Inventory) { inv.Filter.Period = &Period{} },
			`filter.period.end_time: 1798761599, not set; filter.period.start_time: 1767225600, not set`,
		},
		"start":         {func(inv *Inventory) { inv.Filter.Period.StartTime = ptr(int64(0)) }, `filter.period.start_time: 1767225600, 0`},
		"no start":      {func(inv *Inventory) { inv.Filter.Period.StartTime = nil }, `filter.period.start_time: 1767225600, not set`},
		"end":           {func(inv *Inventory) { *inv.Filter.Period.EndTime++ }, `filter.period.end_time: 1798761599, 1798761600`},
		"other fields":  {func(inv *Inventory) { inv.OptionalFields = []string{"Size", "ETag"} }, `optional_fields: ["Crc64", …], ["ETag", "Size"]`},
		"no fields":     {func(inv *Inventory) { inv.OptionalFields = []string{} }, `optional_fields: ["Crc64", …], not set`},
		"frequency":     {func(inv *Inventory) { inv.Schedule.Frequency = "Weekly" }, `schedule.frequency: "Monthly", "Weekly"`},
		"day":           {func(inv *Inventory) { inv.Schedule.MonthlyDate = ptr(int64(16)) }, `schedule.monthly_date: 15, 16`},
		"no day":        {func(inv *Inventory) { inv.Schedule.MonthlyDate = nil }, `schedule.monthly_date: 15, not set`},
		"bucket":        {func(inv *Inventory) { inv.Destination.Bucket = "b" }, `destination.bucket: "qcs::cos:ap-shanghai::reports-1258888888", "b"`},
		"account":       {func(inv *Inventory) { inv.Destination.AccountID = "2" }, `destination.account_id: "100000000042", "2"`},
		"report prefix": {func(inv *Inventory) { inv.Destination.Prefix = "" }, `destination.prefix: "inv", not set`},
		"another form":  {func(inv *Inventory) { inv.Destination.Prefix = "cafe\u0301" }, `destination.prefix: "inv", "cafe\u0301"`},
		"a long text":   {func(inv *Inventory) { inv.Destination.Prefix = strings.Repeat("团", 300) }, `destination.prefix: "inv", "` + strings.Repeat("团", 199) + "…"},
		"format":        {func(inv *Inventory) { inv.Destination.Format = "ORC" }, `destination.format: "CSV", "ORC"`},
		"encryption":    {func(inv *Inventory) { inv.Destination.SSECOS = false }, `destination.encryption: { sse_cos = {} }, not set`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			changed, full := fullInventory(), fullInventory()
			test.change(&changed)
			var there, back []string
			for _, d := range full.Differences(changed) {
				there = append(there, fmt.Sprintf("%s: %s, %s", d.Setting, d.Was, d.Now))
			}
			for _, d := range changed.Differences(full) {
				back = append(back, fmt.Sprintf("%s: %s, %s", d.Setting, d.Now, d.Was))
			}
			const fields = `["Crc64", "ETag", "IsMultipartUploaded", "LastModifiedDate", "ReplicationStatus", "Size", "StorageClass", "Tag", "x-cos-meta-*", "x-cos-meta-owner"]`
			want := strings.ReplaceAll(test.want, `["Crc64", …]`, fields)
			if strings.Join(there, "; ") != want || strings.Join(back, "; ") != want {
				t.Errorf("got  %q\nback %q\nwant %q", there, back, want)
			}
			if same := test.want == "" || changed.Unmodelled != nil; full.Equal(changed) != same || changed.Equal(full) != same {
				t.Errorf("equal: %t, and the other way %t; want %t", full.Equal(changed), changed.Equal(full), same)
			}
		})
	}
}

// TestNFC: Terraform keeps no other form of a text. What it would change is named, and is no difference
// from what Terraform keeps.
func TestNFC(t *testing.T) {
	t.Parallel()
	const kept, other = "caf\u00e9", "cafe\u0301"
	for setting, change := range map[string]func(inv *Inventory, text string){
		"[]":                   func(*Inventory, string) {},
		"[filter.prefix]":      func(inv *Inventory, text string) { inv.Filter.Prefix = text },
		"[filter.tags]":        func(inv *Inventory, text string) { inv.Filter.Tags[text] = "" },
		"[optional_fields]":    func(inv *Inventory, text string) { inv.OptionalFields[0] = text },
		"[destination.prefix]": func(inv *Inventory, text string) { inv.Destination.Prefix = text },
	} {
		was, now := fullInventory(), fullInventory()
		change(&was, kept)
		change(&now, other)
		if got := fmt.Sprint(now.NotInNFC()); got != setting {
			t.Errorf("got %s, want %s", got, setting)
		}
		if ds := was.DifferencesInNFC(now); len(was.NotInNFC()) > 0 || len(ds) > 0 || len(was.Differences(now)) == 0 && setting != "[]" {
			t.Errorf("%s: %v", setting, ds)
		}
	}
	spelled := Inventory{Destination: Destination{Prefix: other}} // without the / that COS may add
	if ds := (Inventory{Destination: Destination{Prefix: kept + "/"}}).DifferencesInNFC(spelled); len(ds) > 0 {
		t.Errorf("%v", ds)
	}
	twice := Inventory{Filter: &Filter{Tags: map[string]string{other: "a", kept: "b"}}}
	for value, want := range map[string]int{"b": 0, "a": 1} { // of two tags that differ in form only, Terraform keeps the last
		if ds := (Inventory{Filter: &Filter{Tags: map[string]string{kept: value}}}).DifferencesInNFC(twice); len(ds) != want {
			t.Errorf("%s: %v", value, ds)
		}
	}
}

// TestSpelled: another spelling is no difference, and is replaced by the one that is known. What means
// something else stays as it is.
func TestSpelled(t *testing.T) {
	t.Parallel()
	const bucket, named = "qcs::cos:ap-guangzhou::reports-1250000000", "qcs::cos:ap-guangzhou:uid/1250000000:reports-1250000000"
	for name, test := range map[string]struct {
		sent, shown Destination
		same, fills bool
	}{
		"a slash behind":       {Destination{Prefix: "inv"}, Destination{Prefix: "inv/"}, true, false},
		"no slash behind":      {Destination{Prefix: "inv/"}, Destination{Prefix: "inv"}, true, false},
		"two slashes":          {Destination{Prefix: "inv"}, Destination{Prefix: "inv//"}, false, false},
		"another prefix":       {Destination{Prefix: "inv"}, Destination{Prefix: "inw/"}, false, false},
		"a slash for none":     {Destination{}, Destination{Prefix: "/"}, false, false},
		"none for a slash":     {Destination{Prefix: "/"}, Destination{}, false, false},
		"named with account":   {Destination{Bucket: bucket}, Destination{Bucket: named}, true, false},
		"named without":        {Destination{Bucket: named}, Destination{Bucket: bucket}, true, false},
		"another region":       {Destination{Bucket: bucket}, Destination{Bucket: "qcs::cos:ap-shanghai:uid/1250000000:reports-1250000000"}, false, false},
		"no names of a bucket": {Destination{Bucket: "a"}, Destination{Bucket: "b"}, false, false},
		"account not shown":    {Destination{AccountID: "100000000042"}, Destination{}, true, false},
		"account filled in":    {Destination{}, Destination{AccountID: "100000000042"}, true, true},
		"another account":      {Destination{AccountID: "100000000042"}, Destination{AccountID: "100000000043"}, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sent, shown := plainInventory(), plainInventory()
			sent.Destination, shown.Destination = test.sent, test.shown
			want := shown
			if test.same && !test.fills {
				want = sent
			}
			if got := shown.Spelled(sent); !got.Equal(want) {
				t.Errorf("spelled %+v", got.Destination)
			}
			if got := shown.Echoes(sent); got != test.same {
				t.Errorf("echoes: %t", got)
			}
			if got := sent.Differences(shown); len(got) == 0 != (test.same && !test.fills) {
				t.Errorf("differences: %v", got)
			}
			shown.IsEnabled = !sent.IsEnabled
			if shown.Echoes(sent) {
				t.Error("another switch is no echo")
			}
		})
	}
}
