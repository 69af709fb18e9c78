// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

func TestBucketRegions(t *testing.T) {
	t.Parallel()
	here, there := cos.Bucket{Region: testRegion, Name: testBucket}, cos.Bucket{Region: secondRegion, Name: testBucket}
	state := func(text string) func(*bucketRegions) {
		return func(b *bucketRegions) { b.seeState(&tfprotov6.RawState{JSON: []byte(text)}) }
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
		"no state":             {[]func(*bucketRegions){state(`null`), state(`[]`), func(b *bucketRegions) { b.seeState(nil) }}, "", false},
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
