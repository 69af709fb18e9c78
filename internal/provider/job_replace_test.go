// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

const (
	secondBucket = "elsewhere-1250000000"
	secondRegion = "ap-shanghai"

	secondDestination = "qcs::cos:ap-shanghai::archive-1250000000"
)

// After terraform taint, Terraform plans the job without its prior state, and without its private state
// too. What the state says of the bucket's region is remembered from the first call of a run.
func TestBucketInventoryResource_taintedElsewhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	w.noLooks()
	config := object{"bucket": secondBucket, "destination": object{"bucket": secondDestination}}
	p := w.configured()
	expectFindings(t, p.planNew("nightly", config), deliveredNowhere(secondRegion, testRegion))
	p.inState(cos.Bucket{Region: secondRegion, Name: secondBucket}.Job("nightly"))
	expectFindings(t, p.planNew("nightly", config), finding{path: "region", summary: "Missing Region", detail: `Set region = "ap-shanghai" here`})
	there := object{"bucket": secondBucket, "destination": object{"bucket": secondDestination}, "region": secondRegion}
	expectFindings(t, p.planNew("nightly", there))
	// A bucket that is gone there may be made again in another region.
	w.ClearFaults()
	p.refresh(t.Context(), kept{state: p.value(storedJob(there))})
	w.noLooks()
	expectFindings(t, p.planNew("nightly", config), deliveredNowhere(secondRegion, testRegion))
}

// A bucket that is known only when the old job is gone may be the same one, in another region than
// the provider's. The region is left open until then.
func TestBucketInventoryResource_replaceInUnknownBucket(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		bucket       string
		taint        bool
		createsFirst bool
		region       string // of the job afterwards; "" for a refusal that deletes nothing
	}{
		"the same bucket":               {bucket: secondBucket, region: secondRegion},
		"the same bucket, tainted":      {bucket: secondBucket, taint: true, region: secondRegion},
		"a bucket in the own region":    {bucket: testBucket, region: testRegion},
		"the same bucket, create first": {bucket: secondBucket, createsFirst: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fakecos.Options{})
			w.AddBucket(secondRegion, secondBucket)
			p := w.configured()
			there := p.complete(object{"bucket": secondBucket, "region": secondRegion})
			old := p.create(there)
			config := func(bucket any) tftypes.Value {
				return p.complete(object{"bucket": bucket, "region": nil, "id": "weekly"})
			}
			prior := old
			if test.taint {
				prior = p.nothing()
			}
			p = w.configured()
			p.inState(cos.Bucket{Region: secondRegion, Name: secondBucket}.Job("nightly"))
			first, ds := p.change(prior, config(unknown{}))
			if ds.errors() != "" {
				t.Fatalf("planning: %s", ds)
			}
			w.ResetRequests()
			p = w.configured() // for the apply, which begins with the change
			if test.createsFirst {
				if _, ds := p.apply(t.Context(), p.nothing(), config(test.bucket)); !strings.Contains(ds.errors(), "set region if it is in another region") {
					t.Errorf("want a refusal, not %s", ds)
				}
				w.expectWrites(t, 0, 0)
				return
			}
			p.destroy(t.Context(), old)
			second, ds := p.change(p.nothing(), config(test.bucket))
			if ds.errors() != "" {
				t.Fatalf("planning again: %s", ds)
			}
			expectCompatible(t, first.state, second.state)
			if region := newValue(t, tftypes.String, test.region); !p.member(p.dynamic(second.state), "region").Equal(region) {
				t.Errorf("planned as %s, want region %s", second.state, test.region)
			}
			if _, ds := p.applyPlanned(p.nothing(), second, config(test.bucket)); ds.errors() != "" || len(w.Jobs(test.bucket)) != 1 {
				t.Errorf("COS holds %q: %s", w.Jobs(test.bucket), ds)
			}
		})
	}
}

// COS may not show a job for a moment, nor know a bucket everywhere that was created moments ago. One
// such answer ends no call, and takes no job out of the state.
func TestBucketInventoryResource_passingAbsence(t *testing.T) {
	t.Parallel()
	once := func(code, op string, skip int) fakecos.Fault {
		return fakecos.Fault{Op: op, Skip: skip, Times: 1, Status: http.StatusNotFound, Code: code}
	}
	for name, fault := range map[string]fakecos.Fault{
		"no bucket, in the look before a create": once(cos.CodeNoSuchBucket, opGet, 0),
		"no bucket, in the write":                once(cos.CodeNoSuchBucket, opPut, 0),
		"no bucket, in the look after it":        once(cos.CodeNoSuchBucket, opGet, 1),
		"no bucket, in a refresh":                once(cos.CodeNoSuchBucket, opGet, 2),
		"no job, in a refresh":                   once("InventoryConfigurationNotFoundError", opGet, 2),
		"no bucket, in the deletion":             once(cos.CodeNoSuchBucket, opDelete, 0),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fakecos.Options{})
			p := w.configured()
			config := p.complete(nil)
			w.Inject(fault)
			job := p.create(config)
			p.expectState(job, config)
			w.document("nightly")
			p.expectNoDrift(job, config)
			gone, ds := p.destroy(t.Context(), job)
			if jobs := w.Jobs(testBucket); len(ds) > 0 || len(jobs) > 0 {
				t.Errorf("COS still has %q: %s", jobs, ds)
			}
			p.expectState(gone, p.none())
			if struck := slices.DeleteFunc(w.work(), func(r fakecos.Request) bool { return !r.Fault }); len(struck) != 1 {
				t.Errorf("%d requests were answered so", len(struck))
			}
		})
	}
}

// A bucket with metadata acceleration is refused before anything is written.
func TestBucketInventoryResource_bucketIsOFS(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	w.AddOFSBucket(testRegion, testBucket)
	p := w.configured()
	for _, id := range []string{"a", "b"} {
		job, ds := p.apply(t.Context(), p.nothing(), p.complete(object{"id": id}))
		if !strings.Contains(ds.errors(), "has metadata acceleration (OFS)") || len(ds) != 1 {
			t.Errorf("want one error, not %s", ds)
		}
		p.expectState(job, p.none())
	}
	_, found := p.invoke(runObject(object{}))
	if len(found) != 1 || found[0].warning || found[0].path != "bucket" || found[0].summary != "Unsupported COS Bucket" {
		t.Errorf("the one-time job: want one error, not %+v", found)
	}
	heads := 0
	for _, r := range w.Requests() {
		switch r.Op {
		case opPut, string(cos.PostInventory):
			t.Errorf("%s was sent", r.Op)
		case string(cos.HeadBucket):
			heads++
		}
	}
	if heads != 3 { // the bucket may be made again, as one of the usual kind
		t.Errorf("want a look for each job, not %d", heads)
	}
}
