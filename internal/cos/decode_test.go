// SPDX-License-Identifier: MPL-2.0

package cos

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// TestDecodeTolerates reads other spellings of one and the same document.
func TestDecodeTolerates(t *testing.T) {
	t.Parallel()
	inFront := func(text string) string { return text + plainDocument }
	beforeSchedule := func(text string) string { return edit(t, plainDocument, "<Schedule>", text+"<Schedule>") }

	for name, document := range map[string]string{
		"declaration":              inFront("<?xml version='1.0' encoding='utf-8' ?>\n"),
		"byte order mark":          inFront("\ufeff<?xml version=\"1.0\" encoding=\"UTF-8\"?>"),
		"comments":                 "<!-- a --><!-- b -->" + beforeSchedule("<!-- <Filter/> -->") + "<!-- c -->\n",
		"blank lines":              "\r\n\t" + plainDocument + "\n \t\n",
		"indentation":              strings.ReplaceAll(plainDocument, "><", ">\n  <"),
		"document type":            inFront(`<!DOCTYPE InventoryConfiguration SYSTEM "inventory.dtd">`),
		"namespace":                edit(t, plainDocument, "<InventoryConfiguration>", `<InventoryConfiguration xmlns="http://cos.example/doc">`),
		"namespace prefix":         strings.NewReplacer("</", "</c:", "<", "<c:").Replace(plainDocument),
		"attributes":               edit(t, plainDocument, "<Id>", `<Id version="2">`),
		"character data sections":  edit(t, plainDocument, "<Id>nightly<", "<Id><![CDATA[nightly]]><"),
		"character references":     edit(t, plainDocument, "<Id>nightly<", "<Id>&#110;ightl&#x79;<"),
		"True":                     edit(t, plainDocument, ">true<", ">True<"),
		"TRUE with spaces":         edit(t, plainDocument, ">true<", "> TRUE\n<"),
		"empty filter":             beforeSchedule("<Filter></Filter>"),
		"self-closed filter":       beforeSchedule("<Filter/>"),
		"empty and":                beforeSchedule("<Filter><And/></Filter>"),
		"empty prefix":             beforeSchedule("<Filter><Prefix></Prefix></Filter>"),
		"empty prefix in and":      beforeSchedule("<Filter><And><Prefix/></And></Filter>"),
		"empty period":             beforeSchedule("<Filter><Period></Period></Filter>"),
		"empty times":              beforeSchedule("<Filter><Period><StartTime></StartTime><EndTime/></Period></Filter>"),
		"no fields":                beforeSchedule("<OptionalFields></OptionalFields>"),
		"an empty field":           beforeSchedule("<OptionalFields><Field/></OptionalFields>"),
		"empty day":                edit(t, plainDocument, "Daily</Frequency>", "Daily</Frequency><MonthlyDate></MonthlyDate>"),
		"empty encryption":         edit(t, plainDocument, "CSV</Format>", "CSV</Format><Encryption></Encryption>"),
		"empty account and prefix": edit(t, plainDocument, "<Format>", "<AccountId/><Prefix></Prefix><Format>"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, err := decodeInventory(received(document)); err != nil || document == plainDocument || !reflect.DeepEqual(got, plainInventory()) {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
}

func TestDecodeValues(t *testing.T) {
	t.Parallel()
	beforeSchedule := func(text string) string { return edit(t, plainDocument, "<Schedule>", text+"<Schedule>") }
	inFilter := func(text string) string { return beforeSchedule("<Filter>" + text + "</Filter>") }
	delivered := func(text string) string { return edit(t, plainDocument, "</Format>", "</Format>"+text) }
	encrypted := func(inv *Inventory) { inv.Destination.SSECOS = true }
	filtered := func(filter Filter) func(*Inventory) { return func(inv *Inventory) { inv.Filter = &filter } }
	fields := func(names ...string) func(*Inventory) { return func(inv *Inventory) { inv.OptionalFields = names } }
	unchanged := func(*Inventory) {}

	for name, test := range map[string]struct {
		document string
		change   func(*Inventory)
	}{
		"False": {
			edit(t, plainDocument, ">true<", ">False<"),
			func(inv *Inventory) { inv.IsEnabled = false },
		},
		"encryption without text":              {delivered("<Encryption><SSE-COS/></Encryption>"), encrypted},
		"encryption with text":                 {delivered("<Encryption><SSE-COS>true</SSE-COS></Encryption>"), encrypted},
		"encryption as the LIST page shows it": {delivered("<SSE-COS></SSE-COS>"), encrypted},
		"encryption in both places":            {delivered("<SSE-COS></SSE-COS><Encryption><SSE-COS/></Encryption>"), encrypted},
		"one prefix in both places":            {inFilter("<Prefix>a/</Prefix><And><Prefix>a/</Prefix></And>"), filtered(Filter{Prefix: "a/"})},
		"a prefix outside And, a tag within":   {inFilter("<Prefix>a/</Prefix><And><Prefix/><Tag><Key>k</Key><Value>v</Value></Tag></And>"), filtered(Filter{Prefix: "a/", Tags: map[string]string{"k": "v"}})},
		"a tag without a value":                {inFilter("<And><Tag><Key>k</Key></Tag></And>"), filtered(Filter{Tags: map[string]string{"k": ""}})},
		"the same tag twice":                   {inFilter("<And><Tag><Key>k</Key><Value>v</Value></Tag><Tag><Key>k</Key><Value>v</Value></Tag></And>"), filtered(Filter{Tags: map[string]string{"k": "v"}})},
		"a period whose start is 0":            {inFilter("<Period><StartTime>0</StartTime><EndTime>7</EndTime></Period>"), filtered(Filter{Period: &Period{EndTime: ptr(int64(7))}})},
		"a period of zeros":                    {inFilter("<Period><StartTime>0</StartTime><EndTime>0</EndTime></Period>"), unchanged},
		"a daily job with day 0":               {edit(t, plainDocument, "</Frequency>", "</Frequency><MonthlyDate>0</MonthlyDate>"), unchanged},
		"a daily job with a day": {
			edit(t, plainDocument, "</Frequency>", "</Frequency><MonthlyDate>15</MonthlyDate>"),
			func(inv *Inventory) { inv.Unmodelled = []string{"Schedule/MonthlyDate of a Daily job"} },
		},
		"a monthly job with day 0": {
			edit(t, plainDocument, "Daily</Frequency>", "Monthly</Frequency><MonthlyDate>0</MonthlyDate>"),
			func(inv *Inventory) { inv.Schedule = Schedule{Frequency: "Monthly", MonthlyDate: ptr(int64(0))} },
		},
		"the largest and the smallest time": {
			inFilter("<Period><StartTime>-9223372036854775808</StartTime><EndTime> 9223372036854775807 </EndTime></Period>"),
			filtered(Filter{Period: &Period{StartTime: ptr(int64(-9223372036854775808)), EndTime: ptr(int64(9223372036854775807))}}),
		},
		"a field of tomorrow, fields in the order of the document": {beforeSchedule("<OptionalFields><Field>Tomorrow</Field><Field>ETag</Field></OptionalFields>"), fields("Tomorrow", "ETag")},
		"a field named twice": {beforeSchedule("<OptionalFields><Field>Tag</Field><Field>ETag</Field><Field>Tag</Field></OptionalFields>"), fields("Tag", "ETag")},
		"a prefix of blanks":  {inFilter("<Prefix> \n</Prefix>"), filtered(Filter{Prefix: " \n"})},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := plainInventory()
			test.change(&want)
			if got, err := decodeInventory(received(test.document)); err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("got  %+v, %v\nwant %+v", got, err, want)
			}
		})
	}
}

// TestDecodeUnmodelled: what this package does not know is told by its path, once.
func TestDecodeUnmodelled(t *testing.T) {
	t.Parallel()
	everything := `<InventoryConfiguration><Id>a</Id><IsEnabled>true</IsEnabled><IncludedObjectVersions>All</IncludedObjectVersions>` +
		`<Filter><Prefix>p</Prefix><And><Tag><Key>k</Key><Value>v</Value></Tag></And><Period><StartTime>1</StartTime></Period></Filter>` +
		`<OptionalFields><Field>Size</Field></OptionalFields><Schedule><Frequency>Daily</Frequency></Schedule>` +
		`<Destination><COSBucketDestination><Bucket>b</Bucket><Format>CSV</Format><Encryption><SSE-COS></SSE-COS></Encryption></COSBucketDestination></Destination></InventoryConfiguration>`
	for before, path := range map[string]string{
		"</InventoryConfiguration>": "", // beside the settings
		"</Filter>":                 "Filter/New",
		"</And>":                    "Filter/And/New",
		"</Tag>":                    "Filter/And/Tag/New",
		"</Period>":                 "Filter/Period/New",
		"</OptionalFields>":         "OptionalFields/New",
		"</Schedule>":               "Schedule/New",
		"</Destination>":            "Destination/New",
		"</COSBucketDestination>":   "Destination/COSBucketDestination/New",
		"</Encryption>":             "Destination/COSBucketDestination/Encryption/New",
		"</SSE-COS>":                "Destination/COSBucketDestination/Encryption/SSE-COS/New",
	} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			for _, element := range []string{"<New/>", "<New>text</New>", "<New a='b'><Deeper><Id>c</Id></Deeper></New>", "<New/><New/>"} {
				inv, err := decodeInventory(received(edit(t, everything, before, element+before)))
				if err != nil {
					t.Fatal(err)
				}
				unmodelled, extra := []string{path}, []string(nil)
				if path == "" {
					unmodelled, extra = nil, []string{"New"}
				}
				if !slices.Equal(inv.Unmodelled, unmodelled) || !slices.Equal(inv.Extra, extra) || inv.ID != "a" {
					t.Errorf("%s: got %q and %q of job %q", element, inv.Unmodelled, inv.Extra, inv.ID)
				}
			}
		})
	}

	t.Run("more than are shown", func(t *testing.T) {
		t.Parallel()
		inv, err := decodeInventory(received(edit(t, everything, "<Schedule>", numbered(500, "<New%d/>")+"<Schedule>")))
		if err != nil || len(inv.Extra) != 20 || inv.Extra[19] != "and 481 more" {
			t.Errorf("%d names, %q, %v", len(inv.Extra), inv.Extra, err)
		}
	})
	t.Run("elements outside their place", func(t *testing.T) {
		t.Parallel()
		document := edit(t, everything, "<Prefix>p</Prefix>", "<Tag><Key>x</Key><New/></Tag><StorageClass>ARCHIVE</StorageClass><prefix>p</prefix>")
		document = edit(t, document, "<Tag><Key>k", "<Tag><Key>k</Key><Value>other</Value></Tag><Tag><Key>k")
		inv, err := decodeInventory(received(document))
		if err != nil {
			t.Fatal(err)
		}
		want := []string{`Filter/And/Tag[Key="k"]`, "Filter/StorageClass", "Filter/Tag/New", "Filter/prefix"}
		if !slices.Equal(inv.Unmodelled, want) {
			t.Errorf("got %q, want %q", inv.Unmodelled, want)
		}
		if inv.Filter.Prefix != "" || inv.Filter.StorageClass != "" || inv.Filter.Tags["k"] != "other" {
			t.Errorf("read them all the same: %+v", inv.Filter)
		}
	})
}

// TestDecodeMissing: one error names all that is missing, an empty element as much as an absent
// one.
func TestDecodeMissing(t *testing.T) {
	t.Parallel()
	for path, element := range map[string]string{
		"Id": "<Id>nightly</Id>", "IsEnabled": "<IsEnabled>true</IsEnabled>",
		"IncludedObjectVersions": "<IncludedObjectVersions>Current</IncludedObjectVersions>", "Schedule/Frequency": "<Frequency>Daily</Frequency>",
		"Destination/COSBucketDestination/Bucket": "<Bucket>qcs::cos:ap-shanghai::reports-1258888888</Bucket>",
		"Destination/COSBucketDestination/Format": "<Format>CSV</Format>",
	} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			name, _, _ := strings.Cut(strings.TrimPrefix(element, "<"), ">")
			for _, replacement := range []string{"", "<" + name + "></" + name + ">", "<" + name + "/>"} {
				_, err := decodeInventory(received(edit(t, plainDocument, element, replacement)))
				want := "the document cannot be trusted: " + path + " is missing or empty"
				if path == "IncludedObjectVersions" && replacement == "" {
					want = ErrAccelerated.Error()
				}
				if err == nil || err.Error() != want {
					t.Errorf("%q in place of %s: got %v, want %q", replacement, path, err, want)
				}
			}
		})
	}
}

// TestDecodeDuplicates doubles each element of a document in turn.
func TestDecodeDuplicates(t *testing.T) {
	t.Parallel()
	document, err := encodeInventory(fullInventory())
	if err != nil {
		t.Fatal(err)
	}
	full := edit(t, string(document), "<Tag><Key>age</Key><Value>18</Value></Tag>", "")
	full = edit(t, full, "<Filter>", "<Filter><Prefix>data/&lt;raw&gt; &amp; cooked/</Prefix>")
	const destination = "Destination/COSBucketDestination"
	for path, element := range map[string]string{
		"Id": "<Id>", "IsEnabled": "<IsEnabled>", "IncludedObjectVersions": "<IncludedObjectVersions>",
		"Filter": "<Filter>", "Filter/Prefix": "<Filter><Prefix>", "Filter/And": "<And>", "Filter/And/Prefix": "<And><Prefix>",
		"Filter/And/Tag/Key": "<Key>", "Filter/And/Tag/Value": "<Value>", "Filter/And/StorageClass": "<StorageClass>",
		"Filter/Period": "<Period>", "Filter/Period/StartTime": "<StartTime>", "Filter/Period/EndTime": "<EndTime>",
		"OptionalFields": "<OptionalFields>",
		"Schedule":       "<Schedule>", "Schedule/Frequency": "<Frequency>", "Schedule/MonthlyDate": "<MonthlyDate>",
		"Destination": "<Destination>", destination: "<COSBucketDestination>",
		destination + "/Bucket": "<Bucket>", destination + "/AccountId": "<AccountId>", destination + "/Prefix": "</AccountId><Prefix>",
		destination + "/Format": "<Format>", destination + "/Encryption": "<Encryption>",
	} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			// The element, its start tag the last of what is given, is put before itself.
			before := strings.Index(full, element) + strings.LastIndex(element, "<")
			closing := strings.Replace(element[strings.LastIndex(element, "<"):], "<", "</", 1)
			length := strings.Index(full[before:], closing) + len(closing)
			doubled := full[:before] + full[before:before+length] + full[before:]

			_, err := decodeInventory(received(doubled))
			if want := path + " stands more than once"; err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), path+" is missing") {
				t.Errorf("got %v, want %q from %s", err, want, doubled)
			}
		})
	}
}

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	beforeSchedule := func(text string) string { return edit(t, plainDocument, "<Schedule>", text+"<Schedule>") }
	for name, test := range map[string]struct{ document, want string }{
		"nothing":             {"", "the answer is empty"},
		"blanks":              {" \r\n\t", "the answer is empty"},
		"text":                {"OK", "not the document asked for"},
		"comment":             {"<!-- nothing here -->", "not the document asked for"},
		"HTML":                {"<!DOCTYPE html><html><head><title>Log in</title></head><body><p>Log in<br></body></html>", "not the document asked for"},
		"JSON":                {`{"Id":"nightly"}`, "not the document asked for"},
		"another root":        {"<ListInventoryConfigurationResult></ListInventoryConfigurationResult>", "not the document asked for"},
		"an error":            {"<Error><Code>AccessDenied</Code></Error>", "not the document asked for"},
		"a misspelt root":     {strings.ReplaceAll(plainDocument, "InventoryConfiguration", "InvertoryConfiguration"), "not the document asked for"},
		"a root within":       {"<Answer>" + plainDocument + "</Answer>", "not the document asked for"},
		"cut off":             {plainDocument[:len(plainDocument)-1], "not the document asked for"},
		"cut off after Id":    {"<InventoryConfiguration><Id>nightly</Id>", "not the document asked for"},
		"crossed tags":        {edit(t, plainDocument, "</Frequency></Schedule>", "</Schedule></Frequency>"), "not the document asked for"},
		"text behind":         {plainDocument + "tail", "does not end with the document"},
		"element behind":      {plainDocument + "<More/>", "does not end with the document"},
		"twice":               {plainDocument + plainDocument, "does not end with the document"},
		"instruction behind":  {plainDocument + "<?php echo 1 ?>", "does not end with the document"},
		"directive behind":    {plainDocument + "<!DOCTYPE a>", "does not end with the document"},
		"tag behind":          {plainDocument + "</InventoryConfiguration>", "does not end with the document"},
		"half a comment":      {plainDocument + "<!-- ", "does not end with the document"},
		"NUL behind":          {plainDocument + "\x00", "does not end with the document"},
		"unknown entity":      {edit(t, plainDocument, ">nightly<", ">&job;<"), "not the document asked for"},
		"own entity":          {`<!DOCTYPE a [<!ENTITY job "nightly">]>` + edit(t, plainDocument, ">nightly<", ">&job;<"), "not the document asked for"},
		"control character":   {edit(t, plainDocument, ">nightly<", ">night\x01ly<"), "not the document asked for"},
		"control reference":   {edit(t, plainDocument, ">nightly<", ">night&#1;ly<"), "not the document asked for"},
		"bad UTF-8":           {edit(t, plainDocument, ">nightly<", ">night\xffly<"), "not the document asked for"},
		"other encoding":      {`<?xml version="1.0" encoding="GBK"?>` + plainDocument, "not the document asked for"},
		"a switch of blanks":  {edit(t, plainDocument, ">true<", "> <"), `IsEnabled is " ", neither true nor false`},
		"neither true nor":    {edit(t, plainDocument, ">true<", ">yes<"), `IsEnabled is "yes", neither true nor false`},
		"day too large":       {edit(t, plainDocument, "</Frequency>", "</Frequency><MonthlyDate>9223372036854775808</MonthlyDate>"), `Schedule/MonthlyDate is "9223372036854775808", not a whole number`},
		"day in words":        {edit(t, plainDocument, "</Frequency>", "</Frequency><MonthlyDate>first</MonthlyDate>"), `Schedule/MonthlyDate is "first", not a whole number`},
		"time with fraction":  {beforeSchedule("<Filter><Period><StartTime>1.5</StartTime></Period></Filter>"), `Filter/Period/StartTime is "1.5", not a whole number`},
		"time too small":      {beforeSchedule("<Filter><Period><EndTime>-99999999999999999999</EndTime></Period></Filter>"), "Filter/Period/EndTime is"},
		"time in hexadecimal": {beforeSchedule("<Filter><Period><EndTime>0x10</EndTime></Period></Filter>"), "Filter/Period/EndTime is"},
		"two prefixes":        {beforeSchedule("<Filter><Prefix>a/</Prefix><And><Prefix>b/</Prefix></And></Filter>"), `Filter holds two prefixes, "a/" and "b/"`},
		"tag without a key":   {beforeSchedule("<Filter><And><Tag><Value>v</Value></Tag></And></Filter>"), "Filter/And/Tag has no Key"},
		"tag with empty key":  {beforeSchedule("<Filter><And><Tag><Key></Key><Value>v</Value></Tag></And></Filter>"), "Filter/And/Tag has no Key"},
		"too many to show":    {beforeSchedule("<Filter><And>" + strings.Repeat("<Tag><Value>v</Value></Tag>", 500) + "</And></Filter>"), "; and 481 more"},
		"more than one fault": {edit(t, beforeSchedule("<Filter><And><Tag/></And></Filter>"), ">true<", ">1<"), `IsEnabled is "1", neither true nor false; Filter/And/Tag has no Key`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inv, err := decodeInventory(received(test.document))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v (%+v), want %q", err, inv, test.want)
			}
		})
	}
}

// TestDecodeDeep: 200,000 elements within each other fit into the largest answer.
func TestDecodeDeep(t *testing.T) {
	t.Parallel()
	const depth = 200_000
	if size := depth * len("<a>"); size > operations[GetInventory].maxResponse {
		t.Fatalf("%d bytes never reach the decoder", size)
	}
	nested := strings.Repeat("<a>", depth)
	for name, document := range map[string]string{
		"at the root":  nested,
		"in the job":   edit(t, plainDocument, "<Schedule>", nested+"<Schedule>"),
		"in an id":     edit(t, plainDocument, ">nightly<", ">"+nested+"<"),
		"behind":       plainDocument + nested,
		"in a listing": "<ListInventoryConfigurationResult>" + nested,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := decodeInventory(received(document)); err == nil {
				t.Error("the document is well-formed?")
			}
			if _, _, err := decodeList(received(document)); err == nil {
				t.Error("the listing is well-formed?")
			}
		})
	}
	t.Run("closed", func(t *testing.T) {
		t.Parallel()
		const depth = 70_000
		document := edit(t, plainDocument, "<Schedule>", strings.Repeat("<a>", depth)+strings.Repeat("</a>", depth)+"<Schedule>")
		inv, err := decodeInventory(received(document))
		if err != nil || !slices.Equal(inv.Extra, []string{"a"}) {
			t.Errorf("got %q, %v", inv.Extra, err)
		}
	})
}

func TestDecodeList(t *testing.T) {
	t.Parallel()
	list := func(elements string) string {
		return "<ListInventoryConfigurationResult>" + elements + "</ListInventoryConfigurationResult>"
	}
	const end = "<IsTruncated>false</IsTruncated>"
	for name, test := range map[string]struct {
		document string
		jobs     int
		next     string
		want     string // in the error
	}{
		"no jobs":                  {document: list(end)},
		"two jobs":                 {document: list(plainDocument + plainDocument + end), jobs: 2},
		"elements of tomorrow":     {document: list("<MaxKeys>100</MaxKeys>" + plainDocument + end), jobs: 1},
		"False":                    {document: list("<IsTruncated>False</IsTruncated>")},
		"a token behind the end":   {document: list(end + "<NextContinuationToken>t</NextContinuationToken>")},
		"goes on":                  {document: list("<IsTruncated>True</IsTruncated><NextContinuationToken>&lt;+/=&gt;</NextContinuationToken>"), next: "<+/=>"},
		"no word of an end":        {document: list(plainDocument), want: "IsTruncated is missing or empty"},
		"goes on to nowhere":       {document: list("<IsTruncated>true</IsTruncated>"), want: "NextContinuationToken is missing or empty"},
		"goes on to an empty name": {document: list("<IsTruncated>true</IsTruncated><NextContinuationToken/>"), want: "NextContinuationToken is missing or empty"},
		"two ends":                 {document: list(end + end), want: "IsTruncated stands more than once"},
		"cut off":                  {document: "<ListInventoryConfigurationResult>" + plainDocument + end, want: "not the document asked for"},
		"one job":                  {document: plainDocument, want: "not the document asked for"},
		"nothing":                  {document: "", want: "the answer is empty"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			page, next, err := decodeList(received(test.document))
			if test.want != "" {
				if err == nil || !strings.Contains(err.Error(), test.want) {
					t.Errorf("got %v, want %q", err, test.want)
				}
				return
			}
			if err != nil || len(page) != test.jobs || next != test.next {
				t.Errorf("got %d jobs, next %q, %v", len(page), next, err)
			}
		})
	}
}

// TestDecodePostResult: an older service answers with an empty body.
func TestDecodePostResult(t *testing.T) {
	t.Parallel()
	for document, want := range map[string]string{
		"":                             `"" <nil>`,
		"\n":                           `"" <nil>`,
		"<PostInventoryResult/>":       `"" <nil>`,
		"<html><body>ok</body></html>": `"" the answer is not the document asked for`,
		"<PostInventoryResult><JobId>a</JobId></PostInventoryResult>":                 `"a" <nil>`,
		"<PostInventoryResult><JobId>a&#10;\u202e</JobId></PostInventoryResult>":      `"a\\n\\u202e" <nil>`,
		"<PostInventoryResult><New/><JobId>a</JobId></PostInventoryResult>":           `"a" <nil>`,
		"<PostInventoryResult><JobId>a</JobId><JobId>b</JobId></PostInventoryResult>": `"" the document cannot be trusted: JobId stands more than once`,
	} {
		jobID, err := decodePostResult(received(document))
		if got := fmt.Sprintf("%q %v", jobID, err); !strings.HasPrefix(got, want) {
			t.Errorf("%s: got %s, want %s", document, got, want)
		}
	}
}

// Tags are read directly in Filter, in And, and in both.
func TestDecodeTagsOutsideAnd(t *testing.T) {
	t.Parallel()
	document, err := os.ReadFile(filepath.Join("testdata", "filter-tags-outside-and.xml"))
	if err != nil {
		t.Fatal(err)
	}
	const outside = "<Tag>\n            <Key>team</Key>"
	for name, test := range map[string]struct {
		before     string // of the first tag
		tags       map[string]string
		unmodelled []string
	}{
		"outside":                  {"", map[string]string{"team": "a", "stage": "prod"}, nil},
		"both":                     {"<And><Prefix>p</Prefix><Tag><Key>more</Key><Value>b</Value></Tag></And>", map[string]string{"team": "a", "stage": "prod", "more": "b"}, nil},
		"the same in both":         {"<And><Tag><Key>team</Key><Value>a</Value></Tag></And>", map[string]string{"team": "a", "stage": "prod"}, nil},
		"another value in And":     {"<And><Tag><Key>team</Key><Value>b</Value></Tag></And>", map[string]string{"team": "a", "stage": "prod"}, []string{`Filter/And/Tag[Key="team"]`}},
		"two values outside":       {"<Tag><Key>team</Key><Value>b</Value></Tag>", map[string]string{"team": "b", "stage": "prod"}, []string{`Filter/Tag[Key="team"]`}},
		"unsupported within a tag": {"<Tag><Key>k</Key><Value>v</Value><New/></Tag>", map[string]string{"k": "v", "team": "a", "stage": "prod"}, []string{"Filter/Tag/New"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inv, err := decodeInventory(received(edit(t, string(document), outside, test.before+outside)))
			if err != nil || !maps.Equal(inv.Filter.Tags, test.tags) || !slices.Equal(inv.Unmodelled, test.unmodelled) {
				t.Fatalf("got %v with %q, %v", inv.Filter, inv.Unmodelled, err)
			}
			// They are written within And, and read again as the same.
			written, err := encodeInventory(inv)
			if err != nil || !strings.Contains(string(written), "<Filter><And>") || strings.Contains(string(written), "<Filter><Tag>") {
				t.Errorf("written as %s, %v", written, err)
			}
			if again, err := decodeInventory(received(written)); err != nil || !again.Equal(inv) {
				t.Errorf("read again as %+v, %v", again, err)
			}
		})
	}
	if _, err := decodeInventory(received(edit(t, string(document), "<Key>team</Key>", ""))); err == nil || !strings.Contains(err.Error(), "Filter/Tag has no Key") {
		t.Errorf("a tag without a key: %v", err)
	}
}
