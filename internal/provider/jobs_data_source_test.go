// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

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

// Import blocks go through every page of a bucket's jobs.
func TestBucketInventoriesDataSource_importsAll(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{PageSize: 2})
	w.seedJobs(5)
	c := newCLI(t, w)
	c.write("main.tf", fmt.Sprintf(`
data "cos_bucket_inventories" "all" {
  bucket = %[1]q
}

import {
  for_each = toset(data.cos_bucket_inventories.all.ids)
  to       = cos_bucket_inventory.all[each.value]
  id       = "%[1]s/${each.value}"
}

resource "cos_bucket_inventory" "all" {
  for_each                 = toset(data.cos_bucket_inventories.all.ids)
  bucket                   = %[1]q
  id                       = each.value
  included_object_versions = "Current"
  schedule                 = { frequency = "Daily" }
  destination              = { bucket = %[2]q }
}
`, testBucket, testDestination))
	output := c.mustRun("apply", "-auto-approve", "-no-color")
	if want := "5 imported, 0 added, 0 changed, 0 destroyed"; !strings.Contains(output, want) {
		t.Errorf("the apply does not say %q:\n%s", want, output)
	}
	c.mustRun("plan", "-detailed-exitcode", "-no-color")
	w.expectWrites(t, 0, 0)
}

func TestBucketInventoriesDataSource(t *testing.T) {
	t.Parallel()
	const name = "cos_bucket_inventories"
	w := newWorld(t, fakecos.Options{})
	p := w.configured()

	resp, typ := p.dataSource(name, object{"bucket": testBucket})
	none := newValue(t, typ, object{"bucket": testBucket, "region": testRegion})
	members := map[string]tftypes.Value{}
	if err := none.As(&members); err != nil {
		t.Fatal(err)
	}
	for _, listName := range []string{"ids", "inventories", "unreadable_jobs"} {
		members[listName] = tftypes.NewValue(members[listName].Type(), []tftypes.Value{})
	}
	members["buckets"] = newValue(t, members["buckets"].Type(), []any{object{"bucket": testBucket, "region": testRegion, "ids": []any{}}})
	if got, err := resp.State.Unmarshal(typ); err != nil || !got.Equal(tftypes.NewValue(typ, members)) || len(resp.Diagnostics) > 0 {
		t.Errorf("no jobs: %s, %v, %+v", got, err, resp.Diagnostics)
	}

	w.seedJobs(250)
	resp, _ = p.dataSource(name, object{"bucket": testBucket, "region": testRegion})
	got, err := resp.State.Unmarshal(typ)
	if err != nil || len(resp.Diagnostics) > 0 {
		t.Fatal(err, resp.Diagnostics)
	}
	var ids, inventories []tftypes.Value
	if got.As(&members) != nil || members["ids"].As(&ids) != nil || members["inventories"].As(&inventories) != nil {
		t.Fatalf("state %s", got)
	}
	if len(ids) != 250 || len(inventories) != 250 || !slices.IsSortedFunc(ids, func(a, b tftypes.Value) int { return strings.Compare(a.String(), b.String()) }) {
		t.Errorf("%d ids, %d jobs, or not in order", len(ids), len(inventories))
	}
	want := storedJob(object{"id": "job-0007", "report_prefix": "1250000000/examplebucket/job-0007/"})
	if !inventories[7].Equal(newValue(t, inventories[7].Type(), want)) {
		t.Errorf("job 7: %s", inventories[7])
	}

	w.Inject(fakecos.Fault{Op: string(cos.ListInventories), Skip: 1, Status: http.StatusForbidden, Code: cos.CodeAccessDenied})
	resp, _ = p.dataSource(name, object{"bucket": testBucket})
	if found := findings(t, resp.Diagnostics); len(found) != 1 || !strings.Contains(found[0].detail, "could not be listed") {
		t.Errorf("an error on the second page: %+v", found)
	}
}
