// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// Both are café. Terraform keeps the first form of any text.
const composed, decomposed = "caf\u00e9", "cafe\u0301"

const notKept = " (not in Unicode NFC, the only form that Terraform keeps)"

// Every text of a job's document is an attribute, and is named if it is not in the form that
// Terraform keeps.
func TestUnsupported_everyText(t *testing.T) {
	t.Parallel()
	inv := cos.Inventory{
		ID: decomposed, IncludedObjectVersions: decomposed, OptionalFields: []string{"Size", decomposed, decomposed},
		Filter:      &cos.Filter{Prefix: decomposed, StorageClass: decomposed, Tags: map[string]string{decomposed: decomposed}},
		Schedule:    cos.Schedule{Frequency: decomposed},
		Destination: cos.Destination{Bucket: decomposed, AccountID: decomposed, Prefix: decomposed, Format: decomposed},
		Unmodelled:  []string{"Filter/And/" + decomposed},
	}
	// bucket and region are not in the document, report_prefix is computed from the others.
	attributes := omit(bucketInventorySchema(t.Context()).Attributes, "bucket", "region", "report_prefix", "timeouts")
	want := append(textAttributes("", attributes), "Filter/And/"+decomposed)
	slices.Sort(want)
	got := unsupported(inv)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func textAttributes(prefix string, attributes map[string]schema.Attribute) (names []string) {
	for name, attribute := range attributes {
		switch a := attribute.(type) {
		case schema.StringAttribute, schema.SetAttribute, schema.MapAttribute:
			names = append(names, prefix+name+notKept)
		case schema.SingleNestedAttribute:
			names = append(names, textAttributes(prefix+name+".", a.Attributes)...)
		}
	}
	return names
}

func TestUnsupported(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		inv  cos.Inventory
		want []string
	}{
		"composed":      {cos.Inventory{Filter: &cos.Filter{Prefix: composed + "/", Tags: map[string]string{composed: composed}}}, nil},
		"no filter":     {cos.Inventory{}, nil},
		"key of a tag":  {cos.Inventory{Filter: &cos.Filter{Tags: map[string]string{decomposed: ""}}}, []string{"filter.tags" + notKept}},
		"one tag twice": {cos.Inventory{Filter: &cos.Filter{Tags: map[string]string{decomposed: "a", composed: "b"}}}, []string{"filter.tags" + notKept}},
		"value":         {cos.Inventory{Filter: &cos.Filter{Tags: map[string]string{"a": decomposed}}}, []string{"filter.tags" + notKept}},
		"with others":   {cos.Inventory{Unmodelled: []string{"New"}, Destination: cos.Destination{Prefix: decomposed}}, []string{"New", "destination.prefix" + notKept}},
	} {
		if got := unsupported(test.inv); !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

// otherFormDocument is job "nightly" as another client has written it.
var otherFormDocument = strings.NewReplacer(
	"<Schedule>", "<Filter><And><Prefix>"+decomposed+"/</Prefix><Tag><Key>"+decomposed+"</Key><Value>a</Value></Tag>"+
		"<Tag><Key>"+composed+"</Key><Value>b</Value></Tag></And></Filter>"+
		"<OptionalFields><Field>Tag</Field></OptionalFields><Schedule>",
	"<COSBucketDestination>", "<COSBucketDestination><Prefix>"+decomposed+"</Prefix>",
).Replace(nightlyDocument)

const otherFormPaths = "destination.prefix" + notKept + ", filter.prefix" + notKept + ", filter.tags" + notKept + "."

// A read names the texts that Terraform changes, as often as it sees them. A LIST result does not
// confirm a job that has some. A change that would rewrite such a text says so before it does.
func TestBucketInventoryResource_readOtherForms(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	p := w.configured()
	w.Seed(testBucket, "nightly", otherFormDocument)
	state := storedJob(object{
		"filter":      object{"prefix": composed + "/", "tags": object{composed: "b"}},
		"destination": object{"bucket": testDestination, "prefix": composed, "format": "CSV"}, "optional_fields": []any{"Tag"},
		"report_prefix": composed + "/1250000000/examplebucket/nightly/",
	})
	var read kept
	var ds diagnostics
	for range 3 { // the first read of a bucket never uses a LIST result
		read, ds = p.refresh(t.Context(), kept{state: p.value(state)})
		if !strings.Contains(ds.warnings(), "does not support: "+otherFormPaths) {
			t.Fatalf("a refresh says %s", ds)
		}
		if tags := p.member(p.dynamic(read.state), "filter", "tags"); !tags.Equal(newValue(t, tags.Type(), object{composed: "b"})) {
			t.Errorf("the tags are %s", tags)
		}
	}
	read.state = p.value(state) // as Terraform keeps it
	delete(state, "report_prefix")
	config := p.value(state)
	if planned, ds := p.change(read, config); len(ds) > 0 || !planned.state.Equal(read.state) {
		t.Errorf("without a change, the plan is %s: %s", planned.state, ds)
	}
	state["is_enabled"] = false
	config = p.value(state)
	planned, ds := p.change(read, config)
	if !strings.Contains(ds.warnings(), "Settings Would Be Lost") || !strings.Contains(ds.warnings(), "removes or rewrites them: "+otherFormPaths) {
		t.Errorf("the change of is_enabled is planned with %s", ds)
	}
	w.expectWrites(t, 0, 0)
	changed, ds := p.applyPlanned(read, planned, config)
	if len(ds) > 0 {
		t.Errorf("the change of is_enabled says %s", ds)
	}
	w.expectWritten(t, "nightly", wireJob{
		disabled: true, prefix: composed, fields: "<Field>Tag</Field>",
		filter: "<And><Prefix>" + composed + "/</Prefix><Tag><Key>" + composed + "</Key><Value>b</Value></Tag></And>",
	})
	p.expectNoDrift(changed, config)
}

// Elements beside the settings, which COS may show of each job, take no listing's confirmation away.
// A plan of changes warns of them once, and counts the jobs.
func TestBucketInventoryResource_extraElements(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{Skew: "create-time"})
	p := w.configured()
	jobs := map[string]kept{}
	for _, id := range []string{"a", "b", "c"} {
		jobs[id] = p.create(p.complete(object{"id": id}))
	}
	p = w.configured()
	w.ResetRequests()
	for id, job := range jobs {
		read, ds := p.refresh(t.Context(), job)
		if jobs[id] = read; len(ds) > 0 {
			t.Errorf("a refresh says: %s", ds)
		}
	}
	if got := w.sent(); got[opList] != 1 || len(got) != 1 {
		t.Errorf("sent %v", got)
	}
	told := ""
	for id, job := range jobs {
		_, ds := p.change(job, p.complete(object{"id": id, "is_enabled": false}))
		told += ds.warnings()
	}
	if strings.Count(told, "Unknown Elements Would Be Lost") != 1 || !strings.Contains(told, ": CreateTime.") || !strings.Contains(told, "3 jobs") {
		t.Errorf("the plans say %s", told)
	}
}

// privateKeys is a private state.
type privateKeys map[string][]byte

func (p privateKeys) GetKey(_ context.Context, key string) ([]byte, diag.Diagnostics) {
	return p[key], nil
}

func (p privateKeys) SetKey(_ context.Context, key string, value []byte) diag.Diagnostics {
	p[key] = value
	return nil
}

// What a read has recorded is compared with what COS shows later: it comes back as it was.
func TestRecordedPaths_comeBack(t *testing.T) {
	t.Parallel()
	private := privateKeys{}
	var paths []string
	for n := range 500 {
		paths = append(paths, fmt.Sprintf("Filter/New%03d", n))
	}
	diags := recordPaths(t.Context(), private, keyUnmodelled, paths)
	got, d := recordedPaths(t.Context(), private, keyUnmodelled)
	if diags.Append(d...); diags.HasError() || !slices.Equal(got, paths) {
		t.Errorf("%d paths came back, %v", len(got), diags)
	}
}

// What was recorded of a job ends with it: no plan warns of what COS has no more, and no update takes
// its end for somebody's change.
func TestRecordedPaths_areCleared(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*world, *protocol, kept) kept{
		"by an update": func(_ *world, p *protocol, job kept) kept {
			job, ds := p.apply(t.Context(), job, p.complete(object{"included_object_versions": "All"}))
			if len(ds) > 0 {
				t.Errorf("the update says %s", ds)
			}
			return job
		},
		"by somebody else": func(w *world, _ *protocol, job kept) kept {
			w.Seed(testBucket, "nightly", nightlyDocument)
			job, _ = w.configured().refresh(t.Context(), job)
			return job
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fakecos.Options{})
			p := w.configured()
			w.Seed(testBucket, "nightly", strings.Replace(nightlyDocument, "<Schedule>", "<Schedule><Zone/>", 1))
			job, ds := p.refresh(t.Context(), kept{state: p.value(storedJob(nil))})
			changed := p.complete(object{"is_enabled": false})
			if _, planned := p.change(job, changed); !strings.Contains(planned.warnings(), "Settings Would Be Lost") {
				t.Errorf("before: %s\n%s", ds, planned)
			}
			job = end(w, p, job)
			if _, ds := p.apply(t.Context(), job, changed); len(ds) > 0 {
				t.Errorf("after: %s", ds)
			}
			if _, planned := p.change(job, changed); len(planned) > 0 {
				t.Errorf("the plan says %s", planned)
			}
		})
	}
}

// An update that changes no more than a spelling is done only when COS shows the job without the
// settings that it takes away.
func TestUpdate_untilSettingsAreGone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, _, end := newMemoryWorld(t, fakecos.Options{Skew: "prefix-slash", VisibilityLag: 2 * time.Second})
		defer end()
		w.AddBucket(testRegion, "reports-1250000000")
		w.Seed(testBucket, "nightly", strings.NewReplacer("<Schedule>", "<Schedule><Zone/>", "<Format>", "<Prefix>inv</Prefix><Format>").Replace(nightlyDocument))
		time.Sleep(time.Minute)
		p := w.configured()
		destination := func(prefix string) object {
			return object{"bucket": testDestination, "prefix": prefix, "format": "CSV"}
		}
		job, _ := p.refresh(t.Context(), kept{state: p.value(storedJob(object{"destination": destination("inv/"), "report_prefix": "inv//1250000000/examplebucket/nightly/"}))})
		config := p.complete(object{"destination": destination("inv")})
		if job, ds := p.apply(t.Context(), job, config); len(ds) > 0 {
			t.Errorf("the update says %s", ds)
		} else {
			p.expectNoDrift(job, config)
		}
	})
}
