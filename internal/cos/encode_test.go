// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fill"
)

func TestEncode(t *testing.T) {
	t.Parallel()

	// filtered is the plain document with something between versions and schedule.
	filtered := func(elements string) string {
		return edit(t, plainDocument, "<Schedule>", elements+"<Schedule>")
	}
	for name, test := range map[string]struct {
		change func(*Inventory)
		want   string
	}{
		"the least": {func(*Inventory) {}, plainDocument},
		"a prefix alone": {
			func(inv *Inventory) { inv.Filter = &Filter{Prefix: "logs/"} },
			filtered("<Filter><Prefix>logs/</Prefix></Filter>"),
		},
		"a prefix and a period": {
			func(inv *Inventory) { inv.Filter = &Filter{Prefix: "logs/", Period: &Period{StartTime: ptr(int64(1))}} },
			filtered("<Filter><Prefix>logs/</Prefix><Period><StartTime>1</StartTime></Period></Filter>"),
		},
		"an empty map of tags is none": {
			func(inv *Inventory) { inv.Filter = &Filter{Prefix: "logs/", Tags: map[string]string{}} },
			filtered("<Filter><Prefix>logs/</Prefix></Filter>"),
		},
		"tags alone, by key": {
			func(inv *Inventory) { inv.Filter = &Filter{Tags: map[string]string{"b": "2", "a": "", "c": "3"}} },
			filtered("<Filter><And><Tag><Key>a</Key><Value></Value></Tag><Tag><Key>b</Key><Value>2</Value></Tag><Tag><Key>c</Key><Value>3</Value></Tag></And></Filter>"),
		},
		"a storage class alone": {
			func(inv *Inventory) { inv.Filter = &Filter{StorageClass: "ARCHIVE"} },
			filtered("<Filter><And><StorageClass>ARCHIVE</StorageClass></And></Filter>"),
		},
		"a period alone, from the epoch": {
			func(inv *Inventory) {
				inv.Filter = &Filter{Period: &Period{StartTime: ptr(int64(0)), EndTime: ptr(int64(1798761599))}}
			},
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
		"what was not understood is not written": {
			func(inv *Inventory) { inv.Unmodelled = []string{"Filter/And/SizeRange"} },
			plainDocument,
		},
		"metacharacters, line ends and Unicode": {
			func(inv *Inventory) {
				inv.Filter = &Filter{Prefix: "<a> & \"b\" 'c'\t\r\n]]> 团队 🗃\u2028"}
			},
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
	// filled has every field, and a text of its own in one of them.
	filled := func(place, text string) (inv Inventory, places []string) {
		fill.Maker{
			Present: func(path string) bool { return path != "Unmodelled" }, // which is not written
			Number:  func(string) int64 { return 1 },
			Text: func(path string) string {
				places = append(places, path)
				if path == place {
					return text
				}
				return "a"
			},
		}.Fill(&inv)
		return inv, sortedSet(places)
	}
	_, places := filled("", "")
	for _, place := range places {
		t.Run(place, func(t *testing.T) {
			t.Parallel()
			if inv, _ := filled(place, "b"); encodable(inv) != nil {
				t.Errorf("without such a character: %v", encodable(inv))
			}
			for _, text := range []string{"a\x00", "\x1b[0m", "\x7f\x0b", "\xff", "\ufffe"} {
				inv, _ := filled(place, text)
				if encodable(inv) == nil {
					t.Errorf("%q was written", text)
				}
				if got, err := encodeRun(inv); err == nil {
					t.Errorf("%q was written as a run: %s", text, got)
				}
			}
		})
	}
}

// encodable returns why the document cannot be written.
func encodable(inv Inventory) error {
	_, err := encodeInventory(inv)
	return err
}

// TestRoundTrip writes many inventories and reads each back as it was.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(30625, 33707))
	for range 1000 {
		sent := randomInventory(random)
		document, err := encodeInventory(sent)
		if err != nil {
			t.Fatalf("%+v: %v", sent, err)
		}
		got, err := decodeInventory(received(document))
		if err != nil {
			t.Fatalf("%s: %v", document, err)
		}
		if diff := cmp.Diff(sent, got); diff != "" {
			t.Fatalf("sent -, got +:\n%s\nfrom %s", diff, document)
		}
		if !got.Equal(sent) || !got.Echoes(sent) {
			t.Fatalf("not equal to itself: %+v", sent)
		}
		again, err := encodeInventory(got)
		if err != nil || !bytes.Equal(again, document) {
			t.Fatalf("first %s\nthen  %s, %v", document, again, err)
		}
	}
}

// randomInventory sets each optional field as a coin falls.
func randomInventory(r *rand.Rand) (inv Inventory) {
	required := []string{"ID", "IncludedObjectVersions", "Schedule.Frequency", "Destination.Bucket", "Destination.Format"}
	fill.Maker{
		Present: func(path string) bool {
			return path != "Unmodelled" && (slices.Contains(required, path) || r.IntN(2) == 0)
		},
		Number: func(string) int64 { return max(1, int64(r.Uint64()>>r.UintN(64))) }, // 0 is none
		Text: func(string) string {
			alphabet := []rune("ab/-_.*<>&'\"]\t\r\n 团é🗃\u2028\ufffd")
			var b strings.Builder
			for range 1 + r.IntN(8) {
				b.WriteRune(alphabet[r.IntN(len(alphabet))])
			}
			return b.String()
		},
	}.Fill(&inv)
	if inv.Schedule.MonthlyDate != nil {
		inv.Schedule.Frequency = FrequencyMonthly
	}
	return inv.normalised()
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
