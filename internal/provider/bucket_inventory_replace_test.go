// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"strings"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

const (
	secondBucket = "elsewhere-1250000000"
	secondRegion = "ap-shanghai"

	secondDestination = "qcs::cos:ap-shanghai::archive-1250000000"
)

// After terraform taint, Terraform plans the job without its private state too.
func TestBucketInventoryResource_taintedElsewhere(t *testing.T) {
	t.Parallel()
	for name, flags := range map[string][]string{"refreshed": nil, "not refreshed": {"-refresh=false"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fakecos.Options{})
			w.AddBucket(secondRegion, secondBucket)
			c := newCLI(t, w)
			config := func(lines ...string) string {
				return namedJobConfig("test", "nightly", append(lines, `bucket = "`+secondBucket+`"`)...)
			}
			c.write("main.tf", config(`region = "ap-shanghai"`))
			c.mustRun("apply", "-auto-approve")
			c.write("main.tf", config())
			c.mustRun("taint", testAddress)
			w.ResetRequests()
			code, output := c.run(append([]string{"apply", "-auto-approve", "-no-color"}, flags...)...)
			if code == 0 || !strings.Contains(unwrapped(output), `Set region = "ap-shanghai" here`) {
				t.Errorf("exit code %d\n%s", code, output)
			}
			w.expectWrites(t, 0, 0)
			c.write("main.tf", config(`region = "ap-shanghai"`))
			c.mustRun(append([]string{"apply", "-auto-approve"}, flags...)...)
			w.expectWrites(t, 1, 1)
		})
	}
}

// A bucket that is known only when the old job is gone may be the same one, in another region than
// the provider's. The region is left open until then.
func TestBucketInventoryResource_replaceInUnknownBucket(t *testing.T) {
	t.Parallel()
	config := func(bucket, trigger string, lines ...string) string {
		return `resource "terraform_data" "bucket" {
  input            = "` + bucket + `"
  triggers_replace = "` + trigger + `"
}
` + namedJobConfig("test", "nightly", append(lines, "bucket = terraform_data.bucket.output")...)
	}
	const there = `region = "ap-shanghai"`
	const createFirst = "lifecycle { create_before_destroy = true }"
	for name, test := range map[string]struct {
		bucket string
		lines  []string
		taint  bool
		region string // of the job afterwards; "" for a refusal that deletes nothing
	}{
		"the same bucket":               {bucket: secondBucket, region: secondRegion},
		"the same bucket, tainted":      {bucket: secondBucket, taint: true, region: secondRegion},
		"a bucket in the own region":    {bucket: testBucket, region: testRegion},
		"the same bucket, create first": {bucket: secondBucket, lines: []string{createFirst, `id = "weekly"`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fakecos.Options{})
			w.AddBucket(secondRegion, secondBucket)
			c := newCLI(t, w)
			c.write("main.tf", config(secondBucket, "1", there))
			c.mustRun("apply", "-auto-approve")
			if test.taint {
				c.mustRun("taint", testAddress)
			}
			c.write("main.tf", config(test.bucket, "2", test.lines...))
			w.ResetRequests()
			code, output := c.run("apply", "-auto-approve", "-no-color")
			if test.region == "" {
				if code != 1 || len(w.Jobs(secondBucket)) != 1 {
					t.Errorf("want a refusal that deletes nothing, not exit code %d and %q:\n%s", code, w.Jobs(secondBucket), output)
				}
				w.expectWrites(t, 0, 0)
				return
			}
			if code != 0 || len(w.Jobs(test.bucket)) != 1 || !strings.Contains(c.read("terraform.tfstate"), `"region": "`+test.region+`"`) {
				t.Errorf("exit code %d, COS holds %q:\n%s", code, w.Jobs(test.bucket), output)
			}
			w.expectWrites(t, 1, 1)
			c.mustRun("plan", "-detailed-exitcode", "-no-color")
		})
	}
}

// The replacement would be created first, under the id of the job that it replaces.
func TestBucketInventoryResource_replaceCreatesFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	c := newCLI(t, w)
	c.write("main.tf", jobConfig("lifecycle { create_before_destroy = true }"))
	c.mustRun("apply", "-auto-approve")
	w.ResetRequests()
	code, output := c.run("apply", "-auto-approve", "-no-color", "-replace="+testAddress)
	if code != 1 || !strings.Contains(unwrapped(output), "If this resource replaces its own job with create_before_destroy, do not import it") {
		t.Errorf("exit code %d\n%s", code, output)
	}
	w.expectWrites(t, 0, 0)
	c.write("main.tf", jobConfig("lifecycle { create_before_destroy = true }", `id = "hourly"`)) // the advice holds
	c.mustRun("apply", "-auto-approve")
	w.expectWrites(t, 1, 1)
}
