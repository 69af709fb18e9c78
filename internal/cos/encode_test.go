// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestEncode(t *testing.T) {
	t.Parallel()

	// filtered is the plain document with something between versions and schedule.
	filtered := func(elements string) string {
		return edit(t, plainDocument, "<Schedule>", elements+"<Schedule>")
	}
	filter := func(f Filter) func(*Inventory) { return func(inv *Inventory) { inv.Filter = &f } }
	for name, test := range map[string]struct {
		change func(*Inventory)
		want   string
	}{
		"the least":      {func(*Inventory) {}, plainDocument},
		"a prefix alone": {filter(Filter{Prefix: "logs/"}), filtered("<Filter><Prefix>logs/</Prefix></Filter>")},
		"a prefix and a period": {
			filter(Filter{Prefix: "logs/", Period: &Period{StartTime: ptr(int64(1))}}),
			filtered("<Filter><Prefix>logs/</Prefix><Period><StartTime>1</StartTime></Period></Filter>"),
		},
		"an empty map of tags is none": {filter(Filter{Prefix: "logs/", Tags: map[string]string{}}), filtered("<Filter><Prefix>logs/</Prefix></Filter>")},
		"tags alone, by key": {
			filter(Filter{Tags: map[string]string{"b": "2", "a": "", "c": "3"}}),
			filtered("<Filter><And><Tag><Key>a</Key><Value></Value></Tag><Tag><Key>b</Key><Value>2</Value></Tag><Tag><Key>c</Key><Value>3</Value></Tag></And></Filter>"),
		},
		"a storage class alone": {filter(Filter{StorageClass: "ARCHIVE"}), filtered("<Filter><And><StorageClass>ARCHIVE</StorageClass></And></Filter>")},
		"a period alone, from the epoch": {
			filter(Filter{Period: &Period{StartTime: ptr(int64(0)), EndTime: ptr(int64(1798761599))}}),
			filtered("<Filter><Period><StartTime>0</StartTime><EndTime>1798761599</EndTime></Period></Filter>"),
		},
		"fields are a set": {
			func(inv *Inventory) { inv.OptionalFields = []string{"Tag", "ETag", "Tag", "x-cos-meta-*"} },
			filtered("<OptionalFields><Field>ETag</Field><Field>Tag</Field><Field>x-cos-meta-*</Field></OptionalFields>"),
		},
		"a day of the month": {
			func(inv *Inventory) { inv.Schedule = Schedule{Frequency: "Monthly", MonthlyDate: ptr(int64(31))} },
			edit(t, plainDocument, "<Frequency>Daily</Frequency>", "<Frequency>Monthly</Frequency><MonthlyDate>31</MonthlyDate>"),
		},
		"what was not understood is not written": {func(inv *Inventory) { inv.Unmodelled = []string{"Filter/And/SizeRange"} }, plainDocument},
		"metacharacters, line ends and Unicode": {
			filter(Filter{Prefix: "<a> & \"b\" 'c'\t\r\n]]> 团队 🗃\u2028"}),
			filtered("<Filter><Prefix>&lt;a&gt; &amp; &#34;b&#34; &#39;c&#39;&#x9;&#xD;&#xA;]]&gt; 团队 🗃\u2028</Prefix></Filter>"),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inv := plainInventory()
			test.change(&inv)
			got, err := encodeInventory(inv)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// TestEncodeEverything holds the order of the vendor's example, and fields by name.
func TestEncodeEverything(t *testing.T) {
	t.Parallel()
	want := `<InventoryConfiguration><Id>audit.2026_q4-v1</Id><IsEnabled>false</IsEnabled><IncludedObjectVersions>All</IncludedObjectVersions>` +
		`<Filter><And><Prefix>data/&lt;raw&gt; &amp; cooked/</Prefix><Tag><Key>age</Key><Value>18</Value></Tag><Tag><Key>团队</Key><Value></Value></Tag>` +
		`<StorageClass>STANDARD_IA</StorageClass></And><Period><StartTime>1767225600</StartTime><EndTime>1798761599</EndTime></Period></Filter>` +
		`<OptionalFields><Field>Crc64</Field><Field>ETag</Field><Field>IsMultipartUploaded</Field><Field>LastModifiedDate</Field><Field>ReplicationStatus</Field>` +
		`<Field>Size</Field><Field>StorageClass</Field><Field>Tag</Field><Field>x-cos-meta-*</Field><Field>x-cos-meta-owner</Field></OptionalFields>` +
		`<Schedule><Frequency>Monthly</Frequency><MonthlyDate>15</MonthlyDate></Schedule><Destination><COSBucketDestination>` +
		`<Bucket>qcs::cos:ap-shanghai::reports-1258888888</Bucket><AccountId>100000000042</AccountId><Prefix>inv</Prefix><Format>CSV</Format>` +
		`<Encryption><SSE-COS></SSE-COS></Encryption></COSBucketDestination></Destination></InventoryConfiguration>`
	inv := fullInventory()
	got, err := encodeInventory(inv)
	if err != nil || string(got) != want {
		t.Errorf("got  %s, %v\nwant %s", got, err, want)
	}
	if !slices.Equal(inv.OptionalFields, fullInventory().OptionalFields) {
		t.Errorf("the caller's fields are now %v", inv.OptionalFields)
	}
}

// TestEncodeRefuses: the encoder would put U+FFFD in the place of such a character.
func TestEncodeRefuses(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		refused := false
		inv := inventories(rapid.Custom(func(t *rapid.T) string {
			if rapid.IntRange(0, 9).Draw(t, "is odd") > 0 {
				return "a"
			}
			refused = true
			return rapid.SampledFrom([]string{"a\x00", "\x1b[0m", "\x7f\x0b", "\xff", "\ufffe"}).Draw(t, "text")
		})).Draw(t, "inventory")
		_, periodic := encodeInventory(inv)
		_, run := encodeRun(inv)
		if (periodic != nil) != refused || (run != nil) != refused {
			t.Errorf("want both refused: %t, not %v, %v", refused, periodic, run)
		}
	})
}

// TestRoundTrip writes many inventories and reads each back as it was.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		sent := inventories(rapid.StringOfN(rapid.RuneFrom([]rune("ab/-_.*<>&'\"]\t\r\n 团é🗃\u2028\ufffd")), 1, 8, -1)).Draw(t, "inventory")
		if sent.Schedule.MonthlyDate != nil {
			sent.Schedule.Frequency = FrequencyMonthly
		}
		sent = sent.normalised()
		document, err := encodeInventory(sent)
		if err != nil {
			t.Fatal(err)
		}
		got, err := decodeInventory(received(document))
		if err != nil {
			t.Fatalf("%s: %v", document, err)
		}
		if diff := cmp.Diff(sent, got); diff != "" {
			t.Fatalf("sent -, got +:\n%s\nfrom %s", diff, document)
		}
		if !got.Equal(sent) || !got.Echoes(sent) {
			t.Fatal("not equal to itself")
		}
		again, err := encodeInventory(got)
		if err != nil || !bytes.Equal(again, document) {
			t.Fatalf("first %s\nthen  %s, %v", document, again, err)
		}
	})
}

// inventories draws documents by their type, so that a field that is added later is drawn as well.
func inventories(text *rapid.Generator[string]) *rapid.Generator[Inventory] {
	required, optional := text.AsAny(), rapid.OneOf(rapid.Just(""), text).AsAny()
	return rapid.MakeCustom[Inventory](rapid.MakeConfig{
		Kinds: map[reflect.Kind]*rapid.Generator[any]{
			reflect.String: optional,
			reflect.Int64:  rapid.Int64Min(1).AsAny(), // 0 is none
		},
		Fields: map[reflect.Type]map[string]*rapid.Generator[any]{
			reflect.TypeFor[Inventory](): {
				"ID": required, "IncludedObjectVersions": required,
				"OptionalFields": rapid.SliceOfN(text, 0, 3).AsAny(), "Unmodelled": rapid.Just([]string(nil)).AsAny(), "Extra": rapid.Just([]string(nil)).AsAny(),
			},
			reflect.TypeFor[Filter]():      {"Tags": rapid.MapOfN(text, text, 0, 1).AsAny()},
			reflect.TypeFor[Schedule]():    {"Frequency": required},
			reflect.TypeFor[Destination](): {"Bucket": required, "Format": required},
		},
	})
}

// What a document can hold is what can be read of it.
func TestEncodeInventory_bounds(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{maxElements: "", maxElements + 1: "a job has at most 1000"} {
		names, tags := make([]string, n), map[string]string{}
		for i := range names {
			names[i] = fmt.Sprint("x-cos-meta-", i)
			tags[names[i]] = ""
		}
		for name, inv := range map[string]Inventory{
			"fields": {ID: "nightly", OptionalFields: names}, "tags": {ID: "nightly", Filter: &Filter{Tags: tags}},
		} {
			var value *ValueError
			if _, err := encodeInventory(inv); (err == nil) != (want == "") || err != nil && (!errors.As(err, &value) || !strings.Contains(err.Error(), want)) {
				t.Errorf("%d %s: %v", n, name, err)
			}
		}
	}
}
