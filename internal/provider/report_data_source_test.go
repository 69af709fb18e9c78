// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

const (
	reportType   = "cos_bucket_inventory_report"
	reportPrefix = "1250000000/examplebucket/nightly/"
	listObjects  = string(cos.ListObjects)
	getObject    = string(cos.GetObject)
)

// readReport reads the data source and returns its members.
func (p *protocol) readReport(members object) (map[string]tftypes.Value, []finding) {
	p.t.Helper()
	return p.readData(reportType, sumOf(object{"bucket": testBucket, "id": "nightly"}, members))
}

// expectReport compares the members of a data source that are named, the others must be null.
func (p *protocol) expectReport(got map[string]tftypes.Value, want object) {
	p.t.Helper()
	types := p.schema.DataSourceSchemas[reportType].ValueType().(tftypes.Object).AttributeTypes //nolint:forcetypeassert // a schema's
	for name, typ := range types {
		if wanted := newValue(p.t, typ, want[name]); !got[name].Equal(wanted) {
			p.t.Errorf("%s is %s, want %s", name, got[name], wanted)
		}
	}
}

// seedReport puts a report into the destination bucket.
func (w *world) seedReport(prefix, day, manifest string, at time.Time) {
	w.PutObject(testDestinationBucket, fakecos.Object{Key: prefix + day + "/manifest.json", Content: manifest, Modified: at})
	w.PutObject(testDestinationBucket, fakecos.Object{Key: prefix + day + "/manifest.checksum", Content: checksumOf(manifest), Modified: at})
}

func wireManifest(t testing.TB, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("..", "cos", "testdata", "report", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func TestBucketInventoryReport(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	w.PutObject(testBucket, fakecos.Object{Key: "logs/a", Content: "12345"})
	w.PutObject(testBucket, fakecos.Object{Key: "b", Content: "1"})
	p := w.configured()
	p.create(p.complete(object{"filter": object{"prefix": "logs/"}, "optional_fields": []any{"Size"}}))
	inputs := object{"bucket": testBucket, "id": "nightly", "region": testRegion, "report_bucket": testDestinationBucket, "report_prefix": reportPrefix}

	// No report is no error, of all days or of one, and takes no more requests than one that is there.
	w.ResetRequests()
	got, found := p.readReport(nil)
	expectFindings(t, found)
	if sent := w.sent(); len(w.Requests()) != 3 || sent[opGet] != 1 || sent[listObjects] != 2 {
		t.Errorf("no report took %v", sent)
	}
	p.expectReport(got, inputs)
	got, found = p.readReport(object{"date": "20260101"})
	expectFindings(t, found)
	p.expectReport(got, sumOf(inputs, object{"date": "20260101"}))

	before := time.Now().UTC().Truncate(time.Second)
	w.Deliver()
	w.ResetRequests()
	got, found = p.readReport(nil)
	expectFindings(t, found)
	sent := w.sent()
	if total := sent[opGet] + sent[listObjects] + sent[getObject]; total > 4 {
		t.Errorf("sent %v", sent)
	}
	var day, deliveredAt, key, etag string
	for name, text := range map[string]*string{"date": &day, "delivered_at": &deliveredAt, "manifest_key": &key, "manifest_etag": &etag} {
		if err := got[name].As(text); err != nil {
			t.Fatal(err)
		}
	}
	manifest, ok := w.Object(testDestinationBucket, key)
	if at, err := time.Parse(time.RFC3339, deliveredAt); !ok || err != nil || at.Before(before) || !at.Equal(manifest.Modified) {
		t.Errorf("delivered at %q, %v", deliveredAt, err)
	}
	if key != reportPrefix+day+"/manifest.json" || etag != checksumOf(manifest.Content) {
		t.Errorf("manifest %q, ETag %q", key, etag)
	}
	var data fakecos.Object
	for _, name := range w.Objects(testDestinationBucket) {
		if strings.HasSuffix(name, ".csv.gz") {
			data, _ = w.Object(testDestinationBucket, name)
		}
	}
	p.expectReport(got, sumOf(inputs, object{
		"date": day, "delivered_at": deliveredAt, "manifest_key": key, "manifest_etag": etag, "file_format": "CSV",
		"manifest_qcs":      "qcs::cos:" + testRegion + ":uid/1250000000:" + testDestinationBucket + "/" + key,
		"manifest_url":      "https://" + testDestinationBucket + ".cos." + testRegion + ".myqcloud.com/" + key,
		"checksum_key":      reportPrefix + day + "/manifest.checksum",
		"file_schema":       []any{"Appid", "Bucket", "Key", "Size"},
		"list_object_count": 2, "list_storage_size": 6, "filter_object_count": 1, "filter_storage_size": 5,
		"files": []any{object{"key": data.Key, "size": len(data.Content), "md5_checksum": checksumOf(data.Content)}},
	}))

	// The same without reading the job, and of the day by its name.
	w.ResetRequests()
	own := object{"destination": object{"bucket": testDestination}}
	again, found := p.readReport(own)
	expectFindings(t, found)
	dated, found := p.readReport(object{"destination": own["destination"], "date": day})
	expectFindings(t, found)
	if !again["files"].Equal(got["files"]) || !dated["files"].Equal(got["files"]) || w.sent()[opGet] != 0 {
		t.Errorf("%s, %s after %v", again["files"], dated["files"], w.sent())
	}
}

// The newest complete day counts, however many data files are beside the days.
func TestBucketInventoryReport_newest(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	w.Seed(testBucket, "nightly", nightlyDocument)
	for i := range 3000 {
		w.PutObject(testDestinationBucket, fakecos.Object{Key: fmt.Sprintf("%s%08x.csv.gz", reportPrefix, i*7919), Content: "x"})
	}
	now := time.Now().UTC()
	manifest := wireManifest(t, "manifest.json")
	lastYear := fmt.Sprintf("%d1231", now.Year()-1)
	w.seedReport(reportPrefix, lastYear, manifest, now)
	w.seedReport(reportPrefix, "20190101", manifest, now)
	p := w.configured()
	expectDay := func(want string, requests int) {
		t.Helper()
		w.ResetRequests()
		got, found := p.readReport(nil)
		expectFindings(t, found)
		var day string
		if err := got["date"].As(&day); err != nil || day != want {
			t.Errorf("day %q, %v; want %s", day, err, want)
		}
		// On the last day of a year, the next one may have begun where COS is.
		if sent := w.sent(); len(w.Requests()) > requests+1 || len(w.Requests()) > requests && now.Add(14*time.Hour).Year() == now.Year() {
			t.Errorf("sent %v, want %d requests", sent, requests)
		}
	}
	expectDay(lastYear, 5)
	first := fmt.Sprintf("%d0101", now.Year())
	w.seedReport(reportPrefix, first, manifest, now)
	expectDay(first, 4)
	// A day that is being delivered, first without its manifest, then without its checksum.
	second := reportPrefix + now.Format(cos.DayFormat)
	w.PutObject(testDestinationBucket, fakecos.Object{Key: second + "/part", Content: "x"})
	expectDay(first, 4)
	w.PutObject(testDestinationBucket, fakecos.Object{Key: second + "/manifest.json", Content: manifest})
	expectDay(first, 4)
	w.PutObject(testDestinationBucket, fakecos.Object{Key: second + "/manifest.checksum", Content: checksumOf(manifest)})
	expectDay(now.Format(cos.DayFormat), 4)
}

// Manifests in every form, and what is none.
func TestBucketInventoryReport_manifests(t *testing.T) {
	t.Parallel()
	const day = "20260301"
	null := object{}
	for name, test := range map[string]struct {
		manifest string
		want     object
		problem  string
	}{
		"of the page": {wireManifest(t, "manifest.json"), object{
			"file_format": "CSV", "list_object_count": 1204, "list_storage_size": 98304000, "filter_object_count": 1204, "filter_storage_size": 98304000,
			"file_schema": []any{"Appid", "Bucket", "Key", "Size", "LastModifiedDate", "ETag", "StorageClass", "IsMultipartUploaded", "ReplicationStatus"},
			"files":       []any{object{"key": "inventory/1250000000/examplebucket/weekly/0f3a9c6be1d24f7a8b5c6d7e8f901234.csv.gz", "size": 20480, "md5_checksum": "5d41402abc4b2a76b9719d911017c592"}},
		}, ""},
		"of an older page": {wireManifest(t, "manifest-older-page.json"), object{
			"file_format": "CSV",
			"file_schema": []any{"Bucket", "Key", "Size", "StorageClass", "ETag", "ReplicationStatus", "MultipartUploaded", "LastModifiedDate", "VersionId", "IsLatest", "IsDeleteMarker"},
			"files":       []any{object{"key": "inventory/examplebucket-1250000000/weekly/data/0f3a9c6b-e1d2-4f7a-8b5c-6d7e8f901234.csv.gz", "size": 20480, "md5_checksum": "5d41402abc4b2a76b9719d911017c592"}},
		}, ""},
		"empty object": {"{}", null, ""},
		"wrong types":  {`{"fileFormat": 1, "fileSchema": ["a"], "listObjectCount": {}, "listStorageSize": -1, "filterObjectCount": "many", "filterStorageSize": 1.5, "files": {"key": "a"}}`, null, ""},
		"odd files":    {`{"files": [1, null, {"key": 2, "size": "1"}, {"key": "a", "size": "99999999999999999999"}]}`, object{"files": []any{object{"key": "a"}}}, ""},
		"of nothing":   {`{"files": [], "fileSchema": ""}`, object{"files": []any{}}, ""},
		"no JSON":      {"<html>", nil, "the manifest is not a JSON object"},
		"a list":       {"[]", nil, "the manifest is not a JSON object"},
		"null":         {"null", nil, "the manifest is not a JSON object"},
		"deep":         {strings.Repeat(`{"a":`, 100_000) + "1" + strings.Repeat("}", 100_000), nil, "the manifest is not a JSON object"},
		"empty":        {"", nil, "the manifest is not a JSON object"},
		"a terminal's": {`{"files":[{"key":"a\n\u001b[31m\u202e"}]}`, nil, `files[0].key "a\n\x1b[31m\u202e" holds a control character`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fakecos.Options{})
			at := time.Unix(1_772_330_000, 0)
			w.seedReport(reportPrefix, day, test.manifest, at)
			p := w.configured()
			destination := object{"bucket": testDestination}
			got, found := p.readReport(object{"destination": destination, "date": day})
			if test.problem != "" {
				if len(found) != 1 || found[0].summary != "Unable to Read COS Bucket Inventory Report" || !strings.Contains(found[0].detail, test.problem) ||
					!strings.Contains(found[0].detail, reportPrefix) {
					t.Errorf("found %+v", found)
				}
				return
			}
			expectFindings(t, found)
			p.expectReport(got, sumOf(object{
				"bucket": testBucket, "id": "nightly", "region": testRegion, "date": day, "report_bucket": testDestinationBucket, "report_prefix": reportPrefix,
				"destination": destination, "delivered_at": at.UTC().Format(time.RFC3339),
				"manifest_key": reportPrefix + day + "/manifest.json", "manifest_etag": checksumOf(test.manifest),
				"manifest_qcs": "qcs::cos:ap-guangzhou:uid/1250000000:reports-1250000000/" + reportPrefix + day + "/manifest.json",
				"manifest_url": "https://reports-1250000000.cos.ap-guangzhou.myqcloud.com/" + reportPrefix + day + "/manifest.json",
				"checksum_key": reportPrefix + day + "/manifest.checksum",
			}, test.want))
		})
	}
}

// A manifest may name files under the destination's own prefix alone, whether the job or the
// configuration says which that is.
func TestBucketInventoryReport_within(t *testing.T) {
	t.Parallel()
	const day, prefix = "20260301", "inv/" + reportPrefix
	w := newWorld(t, fakecos.Options{})
	w.Seed(testBucket, "nightly", strings.Replace(nightlyDocument, "<Format>", "<Prefix>inv</Prefix><Format>", 1))
	p := w.configured()
	for key, want := range map[string]string{
		"inv/elsewhere/a.csv.gz": "", // as an older page has it
		"elsewhere/secret":       `"elsewhere/secret" does not begin with the destination's prefix "inv/"`,
	} {
		w.seedReport(prefix, day, `{"files":[{"key":"`+key+`"}]}`, time.Now())
		for _, members := range []object{{}, {"destination": object{"bucket": testDestination, "prefix": "inv"}, "date": day}} {
			got, found := p.readReport(members)
			if want != "" {
				expectFindings(t, found, finding{false, "", "Unable to Read COS Bucket Inventory Report", want})
				if !strings.Contains(found[0].detail, "\n\n\""+prefix+day+`/manifest.json": the manifest is not one of COS`) {
					t.Errorf("the manifest's key is not as it is: %s", found[0].detail)
				}
				continue
			}
			expectFindings(t, found)
			files := newValue(t, p.schema.DataSourceSchemas[reportType].ValueType().(tftypes.Object).AttributeTypes["files"], []any{object{"key": key}}) //nolint:forcetypeassert // a schema's
			if !got["files"].Equal(files) {
				t.Errorf("%s, want %s", got["files"], files)
			}
		}
	}
}

// A key that Terraform would change is not shown.
func TestBucketInventoryReport_notNFC(t *testing.T) {
	t.Parallel()
	const decomposed = "cafe\u0301"
	w := newWorld(t, fakecos.Options{})
	p := w.configured()
	notKept := func(paths string) finding {
		return finding{false, "", "Unable to Read COS Bucket Inventory Report", "the only form that Terraform keeps: " + paths + "."}
	}
	w.seedReport(reportPrefix, "20260301", `{"files":[{"key":"`+decomposed+`"}]}`, time.Now())
	_, found := p.readReport(object{"destination": object{"bucket": testDestination}})
	expectFindings(t, found, notKept("files"))
	w.Seed(testBucket, "nightly", strings.Replace(nightlyDocument, "<Format>", "<Prefix>"+decomposed+"</Prefix><Format>", 1))
	_, found = p.readReport(nil)
	expectFindings(t, found, notKept("report_prefix"))
	w.seedReport(decomposed+"/"+reportPrefix, "20260301", `{"files":[{"key":"`+decomposed+`/a"}, {"key":"`+decomposed+`/b"}]}`, time.Now())
	_, found = p.readReport(nil)
	expectFindings(t, found, notKept("files, report_prefix"))
}

func TestBucketInventoryReport_checksum(t *testing.T) {
	t.Parallel()
	const day = "20260301"
	w := newWorld(t, fakecos.Options{})
	w.seedReport(reportPrefix, day, "{}", time.Now())
	p := w.configured()
	read := func(checksum string) []finding {
		w.PutObject(testDestinationBucket, fakecos.Object{Key: reportPrefix + day + "/manifest.checksum", Content: checksum})
		_, found := p.readReport(object{"destination": object{"bucket": testDestination}, "date": day})
		return found
	}
	// Hex in either case and Base64, with a line break or without, or as md5sum writes it.
	for _, checksum := range []string{"99914b932bd37a50b983c5e7c90ae93b  manifest.json\n", "99914b932bd37a50b983c5e7c90ae93b\n", "99914B932BD37A50B983C5E7C90AE93B", "mZFLkyvTelC5g8XnyQrpOw=="} {
		expectFindings(t, read(checksum))
	}
	for _, checksum := range []string{"", "99914b932bd37a50b983c5e7c90ae93c", "{}"} {
		expectFindings(t, read(checksum), finding{false, "", "Unable to Read COS Bucket Inventory Report", "does not have the MD5 checksum"})
	}
}

func TestBucketInventoryReport_mistakes(t *testing.T) {
	t.Parallel()
	tomorrow := time.Now().Add(3 * 24 * time.Hour).UTC().Format(cos.DayFormat)
	denied := func(op string) *fakecos.Fault {
		return &fakecos.Fault{Op: op, Status: http.StatusForbidden, Code: "AccessDenied"}
	}
	destination := object{"bucket": testDestination}
	for name, test := range map[string]struct {
		members object
		fault   *fakecos.Fault
		want    finding
	}{
		"date that is none":                        {object{"date": "2026-11-22"}, nil, finding{false, "date", "Invalid Attribute Value", "YYYYMMDD"}},
		"day that is none":                         {object{"date": "20260230"}, nil, finding{false, "date", "Invalid Attribute Value", "YYYYMMDD"}},
		"date in the future":                       {object{"date": tomorrow}, nil, finding{false, "date", "Invalid Attribute Value", "in the future"}},
		"destination that is none":                 {object{"destination": object{"bucket": "arn:aws:s3:::a"}}, nil, finding{false, "destination", "Invalid Attribute Value", "qcs::cos:<region>::"}},
		"bare destination":                         {object{"destination": object{"bucket": testDestinationBucket}, "region": testRegion}, nil, finding{false, "destination", "Invalid Attribute Value", testDestination}},
		"bare destination, region of the provider": {object{"destination": object{"bucket": testDestinationBucket}}, nil, finding{false, "destination", "Invalid Attribute Value", testDestination}},
		"no such job":                              {object{"id": "none"}, nil, finding{false, "id", "COS Bucket Inventory Not Found", "or add depends_on with the resource"}},
		"no such destination":                      {object{"destination": object{"bucket": "qcs::cos:ap-guangzhou::missing-1250000000"}}, nil, finding{false, "destination", "Unable to Read COS Bucket Inventory Report", "COS delivers no report until"}},
		"may not read the job":                     {nil, denied(opGet), finding{false, "", "Unable to Read COS Bucket Inventory", "name/cos:GetBucketInventory"}},
		"may not list":                             {object{"destination": destination}, denied(listObjects), finding{false, "", "Unable to Read COS Bucket Inventory Report", "name/cos:GetBucket on bucket reports-1250000000"}},
		"may not read":                             {object{"destination": destination, "date": "20260101"}, denied(getObject), finding{false, "", "Unable to Read COS Bucket Inventory Report", "name/cos:GetObject on bucket reports-1250000000"}},
		"a proxy's 404":                            {object{"destination": destination, "date": "20260101"}, &fakecos.Fault{Op: getObject, Status: 404, Body: new("<html>")}, finding{false, "", "Unable to Read COS Bucket Inventory Report", "not one of COS"}},
		"circular listing":                         {object{"destination": destination}, &fakecos.Fault{Op: listObjects, Body: new("<ListBucketResult><IsTruncated>true</IsTruncated><NextMarker>a</NextMarker></ListBucketResult>")}, finding{false, "", "Unable to Read COS Bucket Inventory Report", "the listing does not go on"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fakecos.Options{})
			w.Seed(testBucket, "nightly", nightlyDocument)
			if test.fault != nil {
				w.Inject(*test.fault)
			}
			_, found := w.configured().readReport(test.members)
			expectFindings(t, found, test.want)
		})
	}
}
