// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"strings"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// A bucket that cannot be read for a while deletes no job, also with ignore_inaccessible_buckets
// and a for_each over the result.
func TestBucketInventories_expiredDeletesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	for _, bucket := range []string{"a-1250000000", "b-1250000000", "c-1250000000"} {
		w.AddBucket(testRegion, bucket)
		w.Seed(bucket, "daily", wireJob{}.document("daily"))
	}
	c := newCLI(t, w)
	c.write("main.tf", `data "cos_bucket_inventories" "all" {
  ignore_inaccessible_buckets = true
}
locals {
  jobs = { for job in data.cos_bucket_inventories.all.inventories : "${job.bucket}/${job.id}@${job.region}" => job }
}
import {
  for_each = local.jobs
  to       = cos_bucket_inventory.all[each.key]
  id       = each.key
}
resource "cos_bucket_inventory" "all" {
  for_each                 = local.jobs
  bucket                   = each.value.bucket
  region                   = each.value.region
  id                       = each.value.id
  included_object_versions = each.value.included_object_versions
  schedule                 = each.value.schedule
  destination              = each.value.destination
}
`)
	if output := c.mustRun("apply", "-auto-approve", "-no-color"); !strings.Contains(output, "3 imported, 0 added, 0 changed, 0 destroyed") {
		t.Fatal(output)
	}
	w.Inject(fakecos.Fault{Op: string(cos.ListInventories), Bucket: "b-1250000000", Status: 403, Code: cos.CodeAccessDenied, Message: "Request has expired"})
	code, output := c.run("apply", "-auto-approve", "-no-color")
	for _, want := range []string{"Error: Unable to List COS Bucket Inventories", "b-1250000000 in region ap-guangzhou", "Request has expired"} {
		if code != 1 || !strings.Contains(unwrapped(output), want) {
			t.Errorf("exit code %d, without %q:\n%s", code, want, output)
		}
	}
	w.expectWrites(t, 0, 0)

	// A refusal of permission is a warning that names the bucket.
	w.ClearFaults()
	w.Inject(fakecos.Fault{Op: string(cos.ListInventories), Bucket: "b-1250000000", Status: 403, Code: cos.CodeAccessDenied, Message: "Access Denied."})
	output = unwrapped(c.mustRun("plan", "-no-color"))
	for _, want := range []string{"Warning: COS Buckets Not Listed", "b-1250000000 in region ap-guangzhou", "it would delete them"} {
		if !strings.Contains(output, want) {
			t.Errorf("the plan does not say %q:\n%s", want, output)
		}
	}
}

// A query that ends at its limit, or leaves something out, says so.
func TestBucketInventoryList_limitShown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	c := newCLI(t, w)
	if !c.has(14, never) {
		return // TestBucketInventoryList_generated shows what such a CLI says
	}
	w.seedJobs(120)
	w.Seed(testBucket, "job-0007", "<InventoryConfiguration><Id>job-0007</Id></InventoryConfiguration>")
	config := func(more string) string {
		return "list \"cos_bucket_inventory\" \"all\" {\n  provider = cos\n" + more + "\n  config {\n    bucket = \"" + testBucket + "\"\n    timeouts = { list = \"5m\" }\n  }\n}\n"
	}
	const cut, odd = "Warning: Query Limit Reached", "Warning: COS Bucket Inventory Not Listed"
	for more, wantCut := range map[string]bool{"": true, "  limit = 119": false} {
		c.write("main.tfquery.hcl", config(more))
		c.write("main.tf", "provider \"cos\" {}\n")
		output := c.mustRun("query", "-no-color")
		if got := strings.Contains(output, cut); got != wantCut || !strings.Contains(output, odd) || !strings.Contains(output, "job-0007") {
			t.Errorf("%q: cut %t:\n%s", more, got, output)
		}
	}
}
