// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

func TestBucketRegions(t *testing.T) {
	t.Parallel()
	here, there := cos.Bucket{Region: testRegion, Name: testBucket}, cos.Bucket{Region: secondRegion, Name: testBucket}
	state := func(text string) func(*bucketRegions) {
		return func(b *bucketRegions) { b.see(jobOfState(&tfprotov6.RawState{JSON: []byte(text)}).Bucket) }
	}
	for name, test := range map[string]struct {
		events  []func(*bucketRegions)
		region  string
		deleted bool
	}{
		"nothing":              {nil, "", false},
		"seen":                 {[]func(*bucketRegions){func(b *bucketRegions) { b.see(there) }}, secondRegion, false},
		"seen without region":  {[]func(*bucketRegions){func(b *bucketRegions) { b.see(cos.Bucket{Name: testBucket}) }}, "", false},
		"deleted":              {[]func(*bucketRegions){func(b *bucketRegions) { b.see(here); b.delete(there) }}, secondRegion, true},
		"forgotten":            {[]func(*bucketRegions){func(b *bucketRegions) { b.see(there); b.forget(there) }}, "", false},
		"another is forgotten": {[]func(*bucketRegions){func(b *bucketRegions) { b.see(there); b.forget(here) }}, secondRegion, false},
		"a state":              {[]func(*bucketRegions){state(`{"bucket":"` + testBucket + `","region":"ap-shanghai","id":"a"}`)}, secondRegion, false},
		"a state without":      {[]func(*bucketRegions){state(`{"bucket":"` + testBucket + `","region":null}`)}, "", false},
		"no state":             {[]func(*bucketRegions){state(`null`), state(`[]`), func(b *bucketRegions) { b.see(jobOfState(nil).Bucket) }}, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var b bucketRegions
			for _, event := range test.events {
				event(&b)
			}
			if region, deleted := b.of(testBucket); region != test.region || deleted != test.deleted {
				t.Errorf("in %q, deleted there: %t", region, deleted)
			}
		})
	}
}

// A read records the bucket of an imported job, which has had no prior state, and forgets a bucket
// that is gone from its region: it may be made again in another one in the same run.
func TestBucketRegions_ofARead(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	w.AddBucket(secondRegion, secondBucket)
	w.Seed(secondBucket, "nightly", nightlyDocument)
	p := w.configured()
	replacement := p.complete(object{"bucket": secondBucket, "region": nil})

	imported := kept{state: p.complete(object{"bucket": secondBucket, "region": secondRegion})}
	if _, ds := p.refresh(t.Context(), imported); ds.errors() != "" {
		t.Fatal(ds)
	}
	if _, ds := p.change(p.nothing(), replacement); !strings.Contains(ds.errors(), `Set region = "ap-shanghai" here`) {
		t.Errorf("the job's replacement: %s", ds)
	}

	w.RemoveBucket(secondBucket)
	if read, ds := p.refresh(t.Context(), imported); !read.state.IsNull() || !strings.Contains(ds.warnings(), "COS Bucket Not Found") {
		t.Errorf("the bucket is gone: %s, %s", read.state, ds)
	}
	if _, ds := p.change(p.nothing(), replacement); ds.errors() != "" {
		t.Errorf("a job in a new bucket of that name: %s", ds)
	}
}
