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

// pageExample has the shape of the PUT page's example:
// https://www.tencentcloud.com/document/product/436/30625
const pageExample = `<?xml version="1.0" encoding="UTF-8"?>
<InventoryConfiguration xmlns="http://cos.example/doc">
    <Id>list1</Id>
    <IsEnabled>True</IsEnabled>
    <Destination>
        <COSBucketDestination>
            <Format>CSV</Format>
            <AccountId>100000000001</AccountId>
            <Bucket>qcs::cos:ap-guangzhou::examplebucket-1250000000</Bucket>
            <Prefix>list1</Prefix>
            <Encryption>
                <SSE-COS></SSE-COS>
            </Encryption>
        </COSBucketDestination>
    </Destination>
    <Schedule>
        <Frequency>Daily</Frequency>
    </Schedule>
    <Filter>
        <And>
            <Prefix>myPrefix</Prefix>
            <Tag>
                <Key>age</Key>
                <Value>18</Value>
            </Tag>
        </And>
        <Period>
            <StartTime>1568688761</StartTime>
            <EndTime>1568688762</EndTime>
        </Period>
    </Filter>
    <IncludedObjectVersions>All</IncludedObjectVersions>
    <OptionalFields>
        <Field>Size</Field>
        <Field>LastModifiedDate</Field>
        <Field>ETag</Field>
        <Field>StorageClass</Field>
        <Field>IsMultipartUploaded</Field>
        <Field>ReplicationStatus</Field>
        <Field>Tag</Field>
        <Field>Crc64</Field>
        <Field>x-cos-meta-*</Field>
    </OptionalFields>
</InventoryConfiguration>`

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

func TestPut_AcceptedDocuments(t *testing.T) {
	t.Parallel()
	const tagField = "<OptionalFields><Field>Tag</Field></OptionalFields>"
	for name, document := range map[string]string{
		"page example":               pageExample,
		"page example, plain prefix": edit(t, edit(t, pageExample, "<And>\n            <Prefix>myPrefix</Prefix>", "<Prefix>myPrefix</Prefix><And>"), "<Prefix>myPrefix</Prefix><And>\n            <Tag>\n                <Key>age</Key>\n                <Value>18</Value>\n            </Tag>\n        </And>", "<Prefix>myPrefix</Prefix>"),
		"minimal":                    minimal("list1"),
		"comments":                   "<!-- a -->" + with(t, "<!-- b -->") + "<!-- c -->",
		"IsEnabled False":            edit(t, minimal("list1"), ">true<", ">False<"),
		"empty Filter":               with(t, "<Filter></Filter>"),
		"self-closing Filter":        with(t, "<Filter/>"),
		"blank Filter":               with(t, "<Filter>\n</Filter>"),
		"empty And":                  with(t, "<Filter><And></And></Filter>"),
		"empty And beside a prefix":  with(t, "<Filter><Prefix>a/</Prefix><And/></Filter>"),
		"empty Period":               with(t, "<Filter><Period/></Filter>"),
		"empty OptionalFields":       with(t, "<OptionalFields/>"),
		"empty Encryption":           edit(t, minimal("list1"), "<Format>", "<Encryption></Encryption><Format>"),
		"SSE-COS with text":          edit(t, minimal("list1"), "<Format>", "<Encryption><SSE-COS>true</SSE-COS></Encryption><Format>"),
		"empty values":               edit(t, minimal("list1"), "<Format>", "<AccountId></AccountId><Prefix></Prefix><Format>"),
		"empty MonthlyDate":          edit(t, minimal("list1"), "Daily</Frequency>", "Weekly</Frequency><MonthlyDate></MonthlyDate>"),
		"Monthly on the 1st":         edit(t, minimal("list1"), "Daily</Frequency>", "Monthly</Frequency><MonthlyDate>1</MonthlyDate>"),
		"Monthly on the 31st":        edit(t, minimal("list1"), "Daily</Frequency>", "Monthly</Frequency><MonthlyDate>31</MonthlyDate>"),
		"start alone":                with(t, "<Filter><Period><StartTime>0</StartTime></Period></Filter>"),
		"end alone":                  with(t, "<Filter><Period><EndTime>1</EndTime></Period></Filter>"),
		"two tags":                   with(t, "<Filter><And><Tag><Key>a</Key><Value>1</Value></Tag><Tag><Key>团</Key><Value></Value></Tag></And></Filter>"+tagField),
		"storage class":              with(t, "<Filter><And><StorageClass>STANDARD_IA</StorageClass></And></Filter>"),
		// What the vendor's own live tests show COS to take beside: cos-python-sdk-v5, ut/test.py, and
		// cos-nodejs-sdk-v5, index.d.ts.
		"SSECOS":          edit(t, minimal("list1"), "<Format>", "<Encryption><SSECOS></SSECOS></Encryption><Format>"),
		"Tag outside And": with(t, "<Filter><Tag><Key>a</Key><Value>b</Value></Tag></Filter>"+tagField),
		"metadata field":  with(t, "<OptionalFields><Field>x-cos-meta-owner</Field></OptionalFields>"),
		"extra field":     with(t, "<OptionalFields><Field>Tomorrow</Field></OptionalFields>"),
		"ORC":             edit(t, minimal("list1"), "CSV", "ORC"),
		"Current":         edit(t, minimal("list1"), "All", "Current"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, fakecos.Options{ExtraFields: []string{"Tomorrow"}})
			w := call(s, http.MethodPut, "inventory&id=list1", document)
			wantStatus(t, w, http.StatusOK)
			if w.Body.Len() != 0 {
				t.Errorf("PUT answers %q", w.Body)
			}
			if got := call(s, http.MethodGet, "inventory&id=list1", "").Body.String(); got != document {
				t.Errorf("GET answers %q, want %q", got, document)
			}
		})
	}
}

func TestPut_MalformedXML(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ document, message string }{
		"not XML":              {`{"Id":"list1"}`, "root"},
		"unclosed":             {edit(t, minimal("list1"), "</InventoryConfiguration>", ""), "EOF"},
		"crossed":              {edit(t, minimal("list1"), "</Format></COSBucketDestination>", "</COSBucketDestination></Format>"), "Format"},
		"unknown entity":       {edit(t, minimal("list1"), "Daily", "&daily;"), "daily"},
		"document type":        {"<!DOCTYPE x>" + minimal("list1"), "document type"},
		"other encoding":       {`<?xml version="1.0" encoding="GBK"?>` + minimal("list1"), "GBK"},
		"two roots":            {minimal("list1") + "<More/>", "More"},
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
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantRefused(t, http.MethodPut, test.document, "MalformedXML", test.message)
		})
	}
}

func TestPut_InvalidArgument(t *testing.T) {
	t.Parallel()
	frequency := func(t *testing.T, frequency, date string) string {
		t.Helper()
		return edit(t, minimal("list1"), "<Frequency>Daily</Frequency>", "<Frequency>"+frequency+"</Frequency>"+date)
	}
	field := func(t *testing.T, name string) string {
		t.Helper()
		return with(t, "<OptionalFields><Field>"+name+"</Field></OptionalFields>")
	}
	period := func(t *testing.T, bounds string) string {
		t.Helper()
		return with(t, "<Filter><Period>"+bounds+"</Period></Filter>")
	}
	for name, test := range map[string]struct{ document, message string }{
		"id of another job":       {minimal("list2"), "Id is"},
		"IsEnabled":               {edit(t, minimal("list1"), ">true<", ">yes<"), "IsEnabled "},
		"IsEnabled with blanks":   {edit(t, minimal("list1"), ">true<", "> true <"), "IsEnabled "},
		"IncludedObjectVersions":  {edit(t, minimal("list1"), "All", "all"), "IncludedObjectVersions "},
		"Frequency":               {frequency(t, "Hourly", ""), "Schedule/Frequency "},
		"Daily with a date":       {frequency(t, "Daily", "<MonthlyDate>1</MonthlyDate>"), "Schedule/MonthlyDate "},
		"Monthly without a date":  {frequency(t, "Monthly", ""), "Schedule/MonthlyDate "},
		"Monthly, empty date":     {frequency(t, "Monthly", "<MonthlyDate/>"), "Schedule/MonthlyDate "},
		"Monthly on day 0":        {frequency(t, "Monthly", "<MonthlyDate>0</MonthlyDate>"), "Schedule/MonthlyDate "},
		"Monthly on day 32":       {frequency(t, "Monthly", "<MonthlyDate>32</MonthlyDate>"), "Schedule/MonthlyDate "},
		"Monthly, day a word":     {frequency(t, "Monthly", "<MonthlyDate>last</MonthlyDate>"), "Schedule/MonthlyDate "},
		"field":                   {field(t, "Owner"), "OptionalFields/Field "},
		"field of the LIST page":  {field(t, "IsMultipartUpload"), "OptionalFields/Field "},
		"empty field":             {field(t, ""), "OptionalFields/Field "},
		"metadata without a name": {field(t, "x-cos-meta-"), "OptionalFields/Field "},
		"destination name":        {edit(t, minimal("list1"), reports, "reports-1250000000"), "COSBucketDestination/Bucket "},
		"destination, no appid":   {edit(t, minimal("list1"), reports, "qcs::cos:ap-guangzhou::reports"), "COSBucketDestination/Bucket "},
		"destination, no region":  {edit(t, minimal("list1"), reports, "qcs::cos:::reports-1250000000"), "COSBucketDestination/Bucket "},
		"Format":                  {edit(t, minimal("list1"), "CSV", "Parquet"), "COSBucketDestination/Format "},
		"AccountId":               {edit(t, minimal("list1"), "<Format>", "<AccountId>me</AccountId><Format>"), "COSBucketDestination/AccountId "},
		"start after end":         {period(t, "<StartTime>2</StartTime><EndTime>1</EndTime>"), "Filter/Period/StartTime "},
		"start at end":            {period(t, "<StartTime>1</StartTime><EndTime>1</EndTime>"), "Filter/Period/StartTime "},
		"start as a date":         {period(t, "<StartTime>2026-01-01</StartTime>"), "Filter/Period/StartTime "},
		"end negative":            {period(t, "<EndTime>-1</EndTime>"), "Filter/Period/EndTime "},
		"end with a fraction":     {period(t, "<EndTime>1.5</EndTime>"), "Filter/Period/EndTime "},
		"end empty":               {period(t, "<EndTime/>"), "Filter/Period/EndTime "},
		"prefix twice":            {with(t, "<Filter><Prefix>a</Prefix><And><Prefix>a</Prefix></And></Filter>"), "Filter/Prefix "},
		"storage class":           {with(t, "<Filter><And><StorageClass>cold</StorageClass></And></Filter>"), "Filter/And/StorageClass "},
		"tag key empty":           {with(t, "<Filter><And><Tag><Key></Key><Value>1</Value></Tag></And></Filter>"), "Tag/Key "},
		"outer tag key empty":     {with(t, "<Filter><Tag><Key></Key><Value>1</Value></Tag></Filter>"), "Tag/Key "},
		"outer tag, no field":     {with(t, "<Filter><Tag><Key>a</Key><Value>1</Value></Tag></Filter>"), "OptionalFields "},
		"tag without the field":   {with(t, "<Filter><And><Tag><Key>a</Key><Value>1</Value></Tag></And></Filter>"), "OptionalFields "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantRefused(t, http.MethodPut, test.document, "InvalidArgument", test.message)
		})
	}
}

func TestPost_Documents(t *testing.T) {
	t.Parallel()
	enabled := edit(t, oneTime("list1"), "<Destination>", "<IsEnabled>true</IsEnabled><Destination>")
	wantRefused(t, http.MethodPost, enabled, "MalformedXML", "IsEnabled is unknown")
	scheduled := edit(t, oneTime("list1"), "<Destination>", "<Schedule><Frequency>Daily</Frequency></Schedule><Destination>")
	wantRefused(t, http.MethodPost, scheduled, "MalformedXML", "Schedule is unknown")
	wantRefused(t, http.MethodPost, edit(t, oneTime("list1"), "CSV", "XLS"), "InvalidArgument", "Format ")
}

// wantRefused sends a document for the job list1 and checks that it is refused, saying why, and
// leaves nothing behind.
func wantRefused(t *testing.T, method, document, code, message string) {
	t.Helper()
	s := newServer(t, fakecos.Options{})
	got := wantError(t, call(s, method, "inventory&id=list1", document), http.StatusBadRequest, code)
	if !strings.Contains(got, message) {
		t.Errorf("message %q lacks %q", got, message)
	}
	if len(s.Jobs(bucketName)) != 0 || len(s.Runs(bucketName)) != 0 {
		t.Errorf("a refused %s took effect", method)
	}
}

func TestContentMD5(t *testing.T) {
	t.Parallel()
	other := md5.Sum([]byte("other"))
	for _, method := range []string{http.MethodPut, http.MethodPost} {
		for name, test := range map[string]struct {
			digests []string
			code    string
		}{
			"missing":    {nil, "InvalidRequest"},
			"twice":      {[]string{"1B2M2Y8AsgTpgAmY7PhCfg==", "1B2M2Y8AsgTpgAmY7PhCfg=="}, "InvalidRequest"},
			"not base64": {[]string{"?"}, "InvalidDigest"},
			"hex":        {[]string{"795f3202b17cb6bc3d4b771d8c6c9eaf"}, "InvalidDigest"},
			"wrong":      {[]string{base64.StdEncoding.EncodeToString(other[:])}, "BadDigest"},
		} {
			t.Run(method+" "+name, func(t *testing.T) {
				t.Parallel()
				s := newServer(t, fakecos.Options{RequireMD5: true})
				r := newRequest(method, "inventory&id=list1", minimal("list1"))
				r.Header.Del("Content-Md5")
				for _, digest := range test.digests {
					r.Header.Add("Content-Md5", digest)
				}
				sign(r, fakecos.DefaultCredential(), time.Now())
				wantError(t, serve(s, r), http.StatusBadRequest, test.code)
			})
		}
	}
}

func TestBody_Bounds(t *testing.T) {
	t.Parallel()
	s := newServer(t, fakecos.Options{})
	padding := func(length int) string { return strings.Repeat(" ", length) }
	document := minimal("list1")
	wantStatus(t, call(s, http.MethodPut, "inventory&id=list1", document+padding(1<<20-len(document))), http.StatusOK)
	wantError(t, call(s, http.MethodPut, "inventory&id=list1", document+padding(1<<20-len(document)+1)), http.StatusBadRequest, "XMLSizeLimit")

	r := newRequest(http.MethodPut, "inventory&id=list1", "")
	empty := md5.Sum(nil)
	r.Header.Set("Content-Md5", base64.StdEncoding.EncodeToString(empty[:]))
	sign(r, fakecos.DefaultCredential(), time.Now())
	wantError(t, serve(s, r), http.StatusBadRequest, "MissingRequestBodyError")
}
