// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

const (
	wireFolder      = "../cos/testdata/wire"
	wireDestination = "qcs::cos:ap-shanghai::reports-1258888888"
)

// wireSample is a job that another tool made, and the state that it is read into.
type wireSample struct {
	id          string
	members     object // other than those of a minimal job
	destination object // beside bucket and format
}

// wireSamples holds one for each document under [wireFolder] that has a job.
func wireSamples() map[string]wireSample {
	encryption := object{"sse_cos": object{}}
	return map[string]wireSample{
		"get-everything": {
			id: "audit.2026_q4-v1",
			members: object{
				"is_enabled":               false,
				"included_object_versions": "All",
				"filter": object{
					"prefix": "data/<raw> & cooked/", "tags": object{"age": "18", "团队": ""}, "storage_class": "STANDARD_IA",
					"period": object{"start_time": 1767225600, "end_time": 1798761599},
				},
				"optional_fields": []any{
					"Size", "LastModifiedDate", "StorageClass", "ETag", "IsMultipartUploaded", "ReplicationStatus", "Tag", "Crc64", "x-cos-meta-owner", "x-cos-meta-*",
				},
				"schedule": object{"frequency": "Monthly", "monthly_date": 15},
			},
			destination: object{"account_id": "100000000042", "prefix": "inv", "encryption": encryption},
		},
		"get-empty-containers": {id: "bare"},
		"get-prefix-and": {
			id:      "nightly",
			members: object{"filter": object{"prefix": "logs/"}, "optional_fields": []any{"Size"}, "schedule": object{"frequency": "Weekly"}},
		},
		"get-prefix-plain": {
			id:          "nightly",
			members:     object{"included_object_versions": "All", "filter": object{"prefix": "logs/"}, "optional_fields": []any{"ETag", "Size"}},
			destination: object{"account_id": "100000000042", "prefix": "inv/nightly", "encryption": encryption},
		},
		"get-unknown-elements": {id: "tomorrow", members: object{"filter": object{"prefix": "a/"}}},
		"list-page-1": {
			id:          "list1",
			members:     object{"included_object_versions": "All", "filter": object{"prefix": "my/"}, "optional_fields": []any{"Size", "IsMultipartUpload"}},
			destination: object{"account_id": "100000000042", "prefix": "list1", "encryption": encryption},
		},
		"list-last-page": {id: "list2", members: object{"is_enabled": false, "schedule": object{"frequency": "Weekly"}}},
	}
}

// job returns the sample's state, and the shortest configuration that says the same.
func (s wireSample) job(name string) (state, config object) {
	destination, shortest := object{"bucket": wireDestination, "format": "CSV"}, object{"bucket": wireDestination}
	for member, value := range s.destination {
		if destination[member] = value; member != "account_id" {
			shortest[member] = value
		}
	}
	prefix := "1258888888/" + name + "/" + s.id + "/"
	if under, ok := destination["prefix"].(string); ok {
		prefix = under + "/" + prefix
	}
	names := object{"bucket": wireBucketOf(name), "id": s.id}
	state, config = storedJob(names), jobObject(names)
	maps.Copy(state, s.members)
	maps.Copy(config, s.members)
	state["destination"], config["destination"] = destination, shortest
	state["region"], state["report_prefix"] = secondRegion, prefix
	return state, config
}

var wireInventory = regexp.MustCompile(`(?s)<InventoryConfiguration.*</InventoryConfiguration>`)

// wireWorld is a COS that holds the jobs of all samples, each in a bucket of its own: some have the
// same id.
func wireWorld(t *testing.T) (*world, map[string]wireSample) {
	t.Helper()
	samples := wireSamples()
	w := newWorld(t, fakecos.Options{})
	files, err := filepath.Glob(filepath.Join(wireFolder, "*.xml"))
	if err != nil {
		t.Fatal(err)
	}
	seeded := 0
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		document := string(content)
		name := strings.TrimSuffix(filepath.Base(file), ".xml")
		if strings.HasPrefix(name, "list-") {
			document = wireInventory.FindString(document)
		}
		if !wireInventory.MatchString(document) {
			continue
		}
		sample, ok := samples[name]
		if !ok {
			t.Errorf("no sample says what %s holds", file)
		}
		w.AddBucket(secondRegion, wireBucketOf(name))
		w.Seed(wireBucketOf(name), sample.id, document)
		seeded++
	}
	if seeded != len(samples) {
		t.Errorf("%d documents for %d samples", seeded, len(samples))
	}
	return w, samples
}

func wireBucketOf(name string) string { return name + "-1258888888" }

func importBlock(name, id string) string {
	return fmt.Sprintf("import {\n  to = cos_bucket_inventory.%s\n  id = %q\n}\n", name, id)
}

func (s wireSample) importID(name string) string {
	return wireBucketOf(name) + "/" + s.id + "@" + secondRegion
}

// importRead imports a job, and reads it as Terraform does next.
func (p *protocol) importRead(id string) (kept, diagnostics) {
	p.t.Helper()
	found, jobs := p.importResource(id)
	expectFindings(p.t, found)
	return p.refresh(p.t.Context(), kept{p.known(jobs[0].State), jobs[0].Private})
}

// A configuration that says what a job of another tool says changes nothing.
func TestBucketInventoryResource_importWire(t *testing.T) {
	t.Parallel()
	w, samples := wireWorld(t)
	p := w.configured()
	for name, sample := range samples {
		state, config := sample.job(name)
		read, ds := p.importRead(sample.importID(name))
		if ds.errors() != "" || !read.state.Equal(p.value(state)) {
			t.Errorf("%s is imported as %s, not as %v: %s", name, read.state, state, ds)
		}
		planned, ds := p.change(read, p.value(config))
		if len(ds) > 0 || !planned.state.Equal(read.state) {
			t.Errorf("%s is planned as %s: %s", name, planned.state, ds)
		}
	}
	w.expectWrites(t, 0, 0)
}

// oddValues are documents with values that a configuration cannot hold, by their ids. Other tools
// write them: a time of 0 for none, a day of the month beside Daily and Weekly.
func oddValues() map[string]string {
	documents := map[string]string{}
	for id, edit := range map[string][2]string{
		"start-of-zero":  {"<Schedule>", "<Filter><Period><StartTime>0</StartTime><EndTime>1798761599</EndTime></Period></Filter><Schedule>"},
		"end-of-zero":    {"<Schedule>", "<Filter><Prefix>a/</Prefix><Period><StartTime>1767225600</StartTime><EndTime>0</EndTime></Period></Filter><Schedule>"},
		"only-zeros":     {"<Schedule>", "<Filter><Period><StartTime>0</StartTime><EndTime>0</EndTime></Period></Filter><Schedule>"},
		"daily-with-day": {"</Frequency>", "</Frequency><MonthlyDate>15</MonthlyDate>"},
		"daily-with-0":   {"</Frequency>", "</Frequency><MonthlyDate>0</MonthlyDate>"},
		"weekly-empty":   {"Daily</Frequency>", "Weekly</Frequency><MonthlyDate></MonthlyDate>"},
	} {
		documents[id] = strings.Replace(strings.Replace(nightlyDocument, "nightly", id, 1), edit[0], edit[1], 1)
	}
	return documents
}

// A day that is dropped is named.
func TestBucketInventoryResource_importOddValues(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	p := w.configured()
	for id, document := range oddValues() {
		w.Seed(testBucket, id, document)
		_, ds := p.importRead(testBucket + "/" + id)
		if dropsDay := id == "daily-with-day"; ds.errors() != "" || strings.Contains(ds.warnings(), "Schedule/MonthlyDate of a Daily job") != dropsDay || len(ds) > 0 != dropsDay {
			t.Errorf("importing %s says %s", id, ds)
		}
	}
}

// What Terraform writes of an imported job is a configuration as it stands, and changes nothing.
func TestBucketInventoryResource_importGenerated(t *testing.T) {
	t.Parallel()
	w, samples := wireWorld(t)
	c := newCLI(t, w)
	var blocks string
	for name, sample := range samples {
		blocks += importBlock(name, sample.importID(name))
	}
	documents := oddValues()
	documents["nightly"] = otherFormDocument
	for id, document := range documents {
		w.Seed(testBucket, id, document)
		blocks += importBlock(id, testBucket+"/"+id)
	}
	c.write("imports.tf", blocks)
	planned := c.mustRun("plan", "-no-color", "-generate-config-out=generated.tf")
	for _, want := range []string{
		"14 to import, 0 to add, 0 to change, 0 to destroy", "Unsupported Settings in COS Bucket Inventory",
		"Undocumented Report Field", `The provider does not know "IsMultipartUpload"`,
	} {
		if !strings.Contains(unwrapped(planned), want) {
			t.Errorf("the plan does not say %q:\n%s", want, planned)
		}
	}
	applied := c.mustRun("apply", "-no-color", "-auto-approve")
	if want := "14 imported, 0 added, 0 changed, 0 destroyed"; !strings.Contains(applied, want) {
		t.Errorf("the apply does not say %q:\n%s", want, applied)
	}
	c.mustRun("plan", "-no-color", "-detailed-exitcode")
	w.expectWrites(t, 0, 0)
}

// The error of an import says where the region comes from that was looked in.
func TestBucketInventoryResource_importNotFound(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		provider object
		id       string
		says     string
	}{
		"the environment's region": {object{}, testBucket + "/absent", "This is the provider's region, from the environment variable TENCENTCLOUD_REGION."},
		"the configured region":    {object{"region": "ap-shanghai"}, testBucket + "/absent", "This is the provider's region, from region in the provider's configuration."},
		"the import's region":      {object{}, testBucket + "/absent@ap-shanghai", "The import names this region."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newWorld(t, fakecos.Options{}).configuredWith(test.provider)
			_, ds := p.importRead(test.id)
			expectFindings(t, findings(t, ds), finding{summary: "COS Bucket Inventory Not Found", detail: test.says})
		})
	}
}

// importResource asks for an import and returns what it leaves to read.
func (p *protocol) importResource(id string) ([]finding, []*tfprotov6.ImportedResource) {
	p.t.Helper()
	response := call(p, p.server.ImportResourceState, &tfprotov6.ImportResourceStateRequest{TypeName: testType, ID: id})
	return findings(p.t, response.Diagnostics), response.ImportedResources
}

func TestBucketInventoryResource_importMalformed(t *testing.T) {
	t.Parallel()
	p := newWorld(t, fakecos.Options{}).configured()
	for id, problem := range map[string]string{
		"":                              "there is no / between bucket and id",
		"nightly":                       "there is no / between bucket and id",
		testBucket + "@ap-shanghai":     "there is no / between bucket and id",
		"/nightly":                      `"" is not a bucket`,
		testBucket + "/":                `"" is not a job's id`,
		"examplebucket/nightly":         `"examplebucket" is not a bucket`,
		testBucket + "/a/b":             `"a/b" is not a job's id`,
		testBucket + "/a b":             `"a b" is not a job's id`,
		testBucket + "/a&delete":        `"a&delete" is not a job's id`,
		testBucket + "/a\n":             `"a\n" is not a job's id`,
		testBucket + "/nightly@":        `"" is not a region`,
		testBucket + "/nightly@GZ":      `"GZ" is not a region`,
		testBucket + "/n@ap-a@ap-b":     `"ap-a@ap-b" is not a region`,
		testBucket + "/n@ap-a.evil.com": `"ap-a.evil.com" is not a region`,
		"ap-shanghai/" + testBucket:     `"ap-shanghai" is not a bucket`,
	} {
		found, _ := p.importResource(id)
		expectFindings(t, found, finding{summary: "Invalid Import ID", detail: fmt.Sprintf("%q cannot be imported: %s", id, problem)})
		if len(found) == 1 && !strings.Contains(found[0].detail, "A job is imported as <bucket>/<id>, such as examplebucket-1250000000/nightly, or as <bucket>/<id>@<region>") {
			t.Errorf("%q: the form is not shown: %s", id, found[0].detail)
		}
	}
}

func TestBucketInventoryResource_importWithoutRegion(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	w.provider.getenv = environment{envCOSDomain: w.URL}.get
	p := w.configured()
	found, _ := p.importResource(testBucket + "/nightly")
	expectFindings(t, found, finding{
		summary: "Missing Region", detail: "Import the job as " + testBucket + "/nightly@<region>, or with region in its identity, " +
			"or set region in the provider's configuration or TENCENTCLOUD_REGION",
	})
	found, jobs := p.importResource(testBucket + "/nightly@ap-shanghai")
	expectFindings(t, found)
	for name, want := range map[string]string{"bucket": testBucket, "id": "nightly", "region": "ap-shanghai"} {
		var got string
		if err := p.member(jobs[0].State, name).As(&got); err != nil || got != want {
			t.Errorf("%s is %q, want %q (%v)", name, got, want, err)
		}
	}
}

// FuzzParseImportID: what is accepted names a job that can be asked for, and is the only way to
// write it. The provider's own region is left out.
func FuzzParseImportID(f *testing.F) {
	for _, seed := range []string{
		"", "/", "@", "a-1/b", "a-1/b@ap-guangzhou", "a-b-1/-_.9@ap-guangzhou", "a-1/b@", "a-1/b@ap-a@ap-b", "a-1/b/c", "a-1@ap-a/b", "../a-1/b", "a-1/..", "桶-1/每夜@广州", "a-1/b\n", "a-1/b@ap-a\x00",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		job, err := parseImportID(s)
		if err != nil {
			if err.Error() == "" || job != (cos.Job{}) {
				t.Errorf("refused as %+v with %q", job, err)
			}
			return
		}
		bucketAndID, _, _ := strings.Cut(s, "@")
		for region, want := range map[string]string{"": s, job.Region: bucketAndID} {
			if written := importID(job, region); written != want {
				t.Errorf("%q is written %q for region %q", s, written, region)
			}
		}
		if cos.CheckBucket(job.Name) != nil || cos.CheckID(job.ID) != nil || job.Region != "" && cos.CheckRegion(job.Region) != nil {
			t.Errorf("accepted as %+v", job)
		}
	})
}

// An import id and private state of any size make short messages.
func TestImport_hugeTexts(t *testing.T) {
	t.Parallel()
	huge := strings.Repeat("a\u202e", 1<<18)
	p := newWorld(t, fakecos.Options{}).configured()
	for _, id := range []string{huge, huge + "/a", testBucket + "/" + huge, testBucket + "/a@" + huge} {
		response := call(p, p.server.ImportResourceState, &tfprotov6.ImportResourceStateRequest{TypeName: testType, ID: id})
		if found := findings(t, response.Diagnostics); len(found) != 1 || len(found[0].detail) > 10_000 || strings.Contains(found[0].detail, "\u202e") {
			t.Errorf("%.300v", found)
		}
	}
	paths, err := json.Marshal([]string{huge, huge})
	if err != nil {
		t.Fatal(err)
	}
	private, err := json.Marshal(map[string][]byte{keyUnmodelled: paths})
	if err != nil {
		t.Fatal(err)
	}
	response := p.plan(storedJob(nil), storedJob(object{"is_enabled": false, "report_prefix": nil}), private)
	if found := findings(t, response.Diagnostics); len(found) != 1 || len(found[0].detail) > 10_000 || strings.Contains(found[0].detail, "\u202e") {
		t.Errorf("%.300v", found)
	}
}
