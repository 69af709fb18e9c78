// SPDX-License-Identifier: MPL-2.0

package fakecos_test

import (
	"crypto/md5"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// edit replaces the one occurrence of old; a test of a document that was not changed would prove
// nothing.
func edit(t *testing.T, document, old, replacement string) string {
	t.Helper()
	if strings.Count(document, old) != 1 {
		t.Fatalf("%q occurs %d times", old, strings.Count(document, old))
	}
	return strings.Replace(document, old, replacement, 1)
}

// with puts elements behind the minimal document's Id.
func with(t *testing.T, elements string) string {
	t.Helper()
	return edit(t, minimal("list1"), "<Id>list1</Id>", "<Id>list1</Id>"+elements)
}

func TestPut_accepted(t *testing.T) {
	t.Parallel()
	const tagField = "<OptionalFields><Field>Tag</Field></OptionalFields>"
	documents := map[string]string{
		"comments":                  "<!-- a -->" + with(t, "<!-- b -->") + "<!-- c -->",
		"declaration":               "\n<?xml version='1.0'\n encoding='UTF-8'?>\n" + minimal("list1"),
		"IsEnabled False":           edit(t, minimal("list1"), ">true<", ">False<"),
		"self-closing Filter":       with(t, "<Filter/>"),
		"blank Filter":              with(t, "<Filter>\n</Filter>"),
		"empty And":                 with(t, "<Filter><And></And></Filter>"),
		"empty And beside a prefix": with(t, "<Filter><Prefix>a/</Prefix><And/></Filter>"),
		"empty Period":              with(t, "<Filter><Period/></Filter>"),
		"empty Encryption":          edit(t, minimal("list1"), "<Format>", "<Encryption></Encryption><Format>"),
		"SSE-COS with text":         edit(t, minimal("list1"), "<Format>", "<Encryption><SSE-COS>true</SSE-COS></Encryption><Format>"),
		"Monthly on the 1st":        edit(t, minimal("list1"), "Daily</Frequency>", "Monthly</Frequency><MonthlyDate>1</MonthlyDate>"),
		"Monthly on the 31st":       edit(t, minimal("list1"), "Daily</Frequency>", "Monthly</Frequency><MonthlyDate>31</MonthlyDate>"),
		"start alone":               with(t, "<Filter><Period><StartTime>1</StartTime></Period></Filter>"),
		"end alone":                 with(t, "<Filter><Period><EndTime>0</EndTime></Period></Filter>"),
		"tags alone":                with(t, "<Filter><And><Tag><Key>a</Key><Value>1</Value></Tag><Tag><Key>团</Key><Value></Value></Tag></And></Filter>"+tagField),
		// What the vendor's own live tests show COS to take beside: cos-python-sdk-v5, ut/test.py, and
		// cos-nodejs-sdk-v5, index.d.ts.
		"SSECOS":          edit(t, minimal("list1"), "<Format>", "<Encryption><SSECOS></SSECOS></Encryption><Format>"),
		"Tag outside And": with(t, "<Filter><Tag><Key>a</Key><Value>b</Value></Tag></Filter>"+tagField),
		"extra field":     with(t, "<OptionalFields><Field>Tomorrow</Field></OptionalFields>"),
		"ORC":             edit(t, minimal("list1"), "CSV", "ORC"),
	}
	for _, sample := range []string{"everything", "prefix-and", "prefix-plain", "empty-containers"} {
		documents[sample] = readFile(t, "../cos/testdata/wire/get-"+sample+".xml")
	}
	for name, document := range documents {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, fakecos.Options{ExtraFields: []string{"Tomorrow"}})
			_, rest, _ := strings.Cut(document, "<Id>")
			id, _, _ := strings.Cut(rest, "<")
			if w := call(s, http.MethodPut, "inventory&id="+id, document); w.Code != http.StatusOK || w.Body.Len() != 0 {
				t.Errorf("PUT answers %d %q", w.Code, w.Body)
			}
			if got := call(s, http.MethodGet, "inventory&id="+id, "").Body.String(); got != document {
				t.Errorf("GET answers %q, want %q", got, document)
			}
			if list := call(s, http.MethodGet, "inventory", "").Body.String(); strings.Contains(list, "<?xml") {
				t.Errorf("LIST answers %q", list)
			}
		})
	}
}

// A document that is refused leaves nothing behind, and the answer says why.
func TestDocument_refusals(t *testing.T) {
	t.Parallel()
	frequency := func(frequency, date string) string {
		return edit(t, minimal("list1"), "<Frequency>Daily</Frequency>", "<Frequency>"+frequency+"</Frequency>"+date)
	}
	field := func(name string) string { return with(t, "<OptionalFields><Field>"+name+"</Field></OptionalFields>") }
	period := func(bounds string) string { return with(t, "<Filter><Period>"+bounds+"</Period></Filter>") }
	type refused map[string]struct{ document, message string }
	malformed := refused{
		"not XML":              {`{"Id":"list1"}`, "root"},
		"unclosed":             {edit(t, minimal("list1"), "</InventoryConfiguration>", ""), "EOF"},
		"crossed":              {edit(t, minimal("list1"), "</Format></COSBucketDestination>", "</COSBucketDestination></Format>"), "Format"},
		"unknown entity":       {edit(t, minimal("list1"), "Daily", "&daily;"), "daily"},
		"document type":        {"<!DOCTYPE x>" + minimal("list1"), "document type"},
		"odd directive":        {"<! DOCTYPE x>" + minimal("list1"), "document type"},
		"directive inside":     {with(t, "<!1>"), "document type"},
		"other encoding":       {`<?xml version="1.0" encoding="GBK"?>` + minimal("list1"), "GBK"},
		"two roots":            {minimal("list1") + minimal("list1"), "follows"},
		"a comment alone":      {"<!-- a -->", "EOF"},
		"text behind":          {minimal("list1") + "more", "text"},
		"misspelt root":        {strings.ReplaceAll(minimal("list1"), "Inventory", "Invertory"), "InvertoryConfiguration"},
		"unknown element":      {with(t, "<Owner>me</Owner>"), "InventoryConfiguration/Owner"},
		"unknown deep element": {edit(t, minimal("list1"), "<Format>", "<RoleName>x</RoleName><Format>"), "COSBucketDestination/RoleName"},
		"wrong case":           {strings.ReplaceAll(minimal("list1"), "IsEnabled", "isEnabled"), "IsEnabled"},
		"attribute":            {edit(t, minimal("list1"), "<Id>", `<Id type="x">`), "Id has an attribute type"},
		"StorageClass outside": {with(t, "<Filter><StorageClass>STANDARD</StorageClass></Filter>"), "Filter/StorageClass"},
		"SSE-COS twice":        {edit(t, minimal("list1"), "<Format>", "<Encryption><SSECOS/><SSE-COS/></Encryption><Format>"), "Encryption has 2 elements"},
		"SSE-COS outside":      {edit(t, minimal("list1"), "<Format>", "<SSE-COS/><Format>"), "COSBucketDestination/SSE-COS"},
		"Tag without Value":    {with(t, "<Filter><And><Tag><Key>a</Key></Tag></And></Filter>"), "Tag/Value is missing"},
		"Tag without anything": {with(t, "<Filter><And><Tag/></And></Filter>"), "Tag/Key is missing"},
		"elements in a value":  {edit(t, minimal("list1"), "Daily", "<b>Daily</b>"), "Frequency holds elements"},
		"text in a container":  {edit(t, minimal("list1"), "<Schedule>", "<Schedule>daily"), "Schedule holds text"},
		"Id missing":           {edit(t, minimal("list1"), "<Id>list1</Id>", ""), "Id is missing"},
		"Id twice":             {with(t, "<Id>list1</Id>"), "Id is given 2 times"},
		"Filter twice":         {with(t, "<Filter/><Filter/>"), "Filter is given 2 times"},
		"IsEnabled missing":    {edit(t, minimal("list1"), "<IsEnabled>true</IsEnabled>", ""), "IsEnabled is missing"},
		"versions missing":     {edit(t, minimal("list1"), "<IncludedObjectVersions>All</IncludedObjectVersions>", ""), "IncludedObjectVersions is missing"},
		"Schedule missing":     {edit(t, minimal("list1"), "<Schedule><Frequency>Daily</Frequency></Schedule>", ""), "Schedule is missing"},
		"Schedule empty":       {edit(t, minimal("list1"), "<Frequency>Daily</Frequency>", ""), "Schedule/Frequency is missing"},
		"Bucket missing":       {edit(t, minimal("list1"), "<Bucket>"+reports+"</Bucket>", ""), "COSBucketDestination/Bucket is missing"},
		"Format missing":       {edit(t, minimal("list1"), "<Format>CSV</Format>", ""), "COSBucketDestination/Format is missing"},
		"COSBucketDestination": {strings.ReplaceAll(minimal("list1"), "COSBucketDestination", "S3BucketDestination"), "Destination/COSBucketDestination is missing"},
	}
	invalid := refused{
		"id of another job":       {minimal("list2"), "Id is"},
		"IsEnabled":               {edit(t, minimal("list1"), ">true<", ">untrue<"), "IsEnabled "},
		"IsEnabled with blanks":   {edit(t, minimal("list1"), ">true<", ">true <"), "IsEnabled "},
		"IncludedObjectVersions":  {edit(t, minimal("list1"), "All", "all"), "IncludedObjectVersions "},
		"Frequency":               {frequency("Hourly", ""), "Schedule/Frequency "},
		"Daily with a date":       {frequency("Daily", "<MonthlyDate>1</MonthlyDate>"), "Schedule/MonthlyDate "},
		"Monthly without a date":  {frequency("Monthly", ""), "Schedule/MonthlyDate "},
		"Monthly, empty date":     {frequency("Monthly", "<MonthlyDate/>"), "Schedule/MonthlyDate "},
		"Monthly on day 0":        {frequency("Monthly", "<MonthlyDate>0</MonthlyDate>"), "Schedule/MonthlyDate "},
		"Monthly on day 32":       {frequency("Monthly", "<MonthlyDate>32</MonthlyDate>"), "Schedule/MonthlyDate "},
		"Monthly, day a word":     {frequency("Monthly", "<MonthlyDate>last</MonthlyDate>"), "Schedule/MonthlyDate "},
		"field":                   {field("Owner"), "OptionalFields/Field "},
		"field of the LIST page":  {field("IsMultipartUpload"), "OptionalFields/Field "},
		"empty field":             {field(""), "OptionalFields/Field "},
		"metadata without a name": {field("x-cos-meta-"), "OptionalFields/Field "},
		"destination name":        {edit(t, minimal("list1"), reports, "reports-1250000000"), "COSBucketDestination/Bucket "},
		"destination, no appid":   {edit(t, minimal("list1"), reports, "qcs::cos:ap-guangzhou::reports"), "COSBucketDestination/Bucket "},
		"destination, no region":  {edit(t, minimal("list1"), reports, "qcs::cos:::reports-1250000000"), "COSBucketDestination/Bucket "},
		"Format":                  {edit(t, minimal("list1"), "CSV", "Parquet"), "COSBucketDestination/Format "},
		"AccountId":               {edit(t, minimal("list1"), "<Format>", "<AccountId>me</AccountId><Format>"), "COSBucketDestination/AccountId "},
		"start after end":         {period("<StartTime>2</StartTime><EndTime>1</EndTime>"), "Filter/Period/StartTime "},
		"start at end":            {period("<StartTime>1</StartTime><EndTime>1</EndTime>"), "Filter/Period/StartTime "},
		"start as a date":         {period("<StartTime>2026-01-01</StartTime>"), "Filter/Period/StartTime "},
		"end negative":            {period("<EndTime>-1</EndTime>"), "Filter/Period/EndTime "},
		"end with a fraction":     {period("<EndTime>1.5</EndTime>"), "Filter/Period/EndTime "},
		"end empty":               {period("<EndTime/>"), "Filter/Period/EndTime "},
		"prefix twice":            {with(t, "<Filter><Prefix>a</Prefix><And><Prefix>a</Prefix></And></Filter>"), "Filter/Prefix "},
		"storage class":           {with(t, "<Filter><And><StorageClass>cold</StorageClass></And></Filter>"), "Filter/And/StorageClass "},
		"tag key empty":           {with(t, "<Filter><And><Tag><Key>a</Key><Value>1</Value></Tag><Tag><Key></Key><Value>1</Value></Tag></And></Filter>"), "Tag/Key "},
		"outer tag key empty":     {with(t, "<Filter><Tag><Key></Key><Value>1</Value></Tag></Filter>"), "Tag/Key "},
		"outer tag, no field":     {with(t, "<Filter><Tag><Key>a</Key><Value>1</Value></Tag></Filter>"), "OptionalFields "},
		"tag without the field":   {with(t, "<Filter><And><Tag><Key>a</Key><Value>1</Value></Tag></And></Filter>"), "OptionalFields "},
	}
	notOnce := refused{
		"enabled":   {edit(t, oneTime("list1"), "<Destination>", "<IsEnabled>true</IsEnabled><Destination>"), "IsEnabled is unknown"},
		"scheduled": {edit(t, oneTime("list1"), "<Destination>", "<Schedule><Frequency>Daily</Frequency></Schedule><Destination>"), "Schedule is unknown"},
	}
	check := func(method, code string, tests refused) {
		for name, test := range tests {
			t.Run(method+" "+name, func(t *testing.T) {
				t.Parallel()
				s := newServer(t, fakecos.Options{})
				got := wantError(t, call(s, method, "inventory&id=list1", test.document), http.StatusBadRequest, code)
				if !strings.Contains(got, test.message) {
					t.Errorf("message %q lacks %q", got, test.message)
				}
				if len(s.Jobs(bucketName)) != 0 || len(s.Runs(bucketName)) != 0 {
					t.Error("it took effect")
				}
			})
		}
	}
	check(http.MethodPut, "MalformedXML", malformed)
	check(http.MethodPut, "InvalidArgument", invalid)
	check(http.MethodPost, "MalformedXML", notOnce)
}

// A body is looked at only with its own digest, and within its bound.
func TestBody_refusals(t *testing.T) {
	t.Parallel()
	const most = 1 << 20
	document := minimal("list1") + strings.Repeat(" ", most-len(minimal("list1")))
	digest := func(text string) []string {
		sum := md5.Sum([]byte(text))
		return []string{base64.StdEncoding.EncodeToString(sum[:])}
	}
	for name, test := range map[string]struct {
		body    string
		digests []string
		code    string // "" for success
	}{
		"at the bound":       {document, digest(document), ""},
		"above it":           {document + " ", digest(document + " "), "XMLSizeLimit"},
		"empty":              {"", digest(""), "MissingRequestBodyError"},
		"digest missing":     {document, nil, "InvalidRequest"},
		"digest twice":       {document, append(digest(document), digest(document)...), "InvalidRequest"},
		"digest, not base64": {document, []string{"?"}, "InvalidDigest"},
		"digest in hex":      {document, []string{"795f3202b17cb6bc3d4b771d8c6c9eaf"}, "InvalidDigest"},
		"digest of another":  {document, digest("other"), "BadDigest"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRequest(http.MethodPut, "inventory&id=list1", test.body)
			delete(r.Header, "Content-Md5")
			for _, digest := range test.digests {
				r.Header.Add("Content-Md5", digest)
			}
			sign(r, fakecos.DefaultCredential(), time.Now())
			if w := serve(newServer(t, fakecos.Options{RequireMD5: true}), r); test.code == "" {
				wantStatus(t, w, http.StatusOK)
			} else {
				wantError(t, w, http.StatusBadRequest, test.code)
			}
		})
	}
}
