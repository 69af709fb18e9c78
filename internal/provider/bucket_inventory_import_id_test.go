// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

func TestImportID(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		job            cos.Job
		providerRegion string
		want           string
	}{
		{cos.Bucket{Region: "ap-guangzhou", Name: "a-1"}.Job("nightly"), "ap-guangzhou", "a-1/nightly"},
		{cos.Bucket{Region: "ap-guangzhou", Name: "a-1"}.Job("nightly"), "ap-shanghai", "a-1/nightly@ap-guangzhou"},
		{cos.Bucket{Region: "ap-guangzhou", Name: "a-1"}.Job("nightly"), "", "a-1/nightly@ap-guangzhou"},
		{cos.Bucket{Region: "ap-guangzhou", Name: "a-b-1"}.Job("-_.9"), "", "a-b-1/-_.9@ap-guangzhou"},
	} {
		got := importID(test.job, test.providerRegion)
		if got != test.want {
			t.Errorf("importID(%+v, %q) is %q, want %q", test.job, test.providerRegion, got, test.want)
		}
		want := test.job
		if want.Region == test.providerRegion {
			want.Region = ""
		}
		if parsed, err := parseImportID(got); err != nil || parsed != want {
			t.Errorf("parseImportID(%q) is %+v, %v, want %+v", got, parsed, err, want)
		}
	}
}

// FuzzParseImportID: what is accepted names a job that can be asked for, and is the only way to
// write it.
func FuzzParseImportID(f *testing.F) {
	for _, seed := range []string{
		"", "/", "@", "a-1/b", "a-1/b@ap-guangzhou", "a-1/b@", "a-1/b@ap-a@ap-b", "a-1/b/c", "a-1@ap-a/b", "../a-1/b", "a-1/..", "桶-1/每夜@广州", "a-1/b\n", "a-1/b@ap-a\x00",
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
		if written := importID(job, ""); written != s {
			t.Errorf("%q is written %q", s, written)
		}
		if cos.CheckBucket(job.Name) != nil || cos.CheckID(job.ID) != nil || job.Region != "" && cos.CheckRegion(job.Region) != nil {
			t.Errorf("accepted as %+v", job)
		}
	})
}
