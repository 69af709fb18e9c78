// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
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

func noSuchBucketOnce(op string, skip int) fakecos.Fault {
	return fakecos.Fault{Op: op, Skip: skip, Times: 1, Status: http.StatusNotFound, Code: cos.CodeNoSuchBucket}
}

// COS may not show a job for a moment. A refresh looks again before the job leaves the state.
func TestBucketInventoryResource_passingNoSuchJob(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	p := w.configured()
	config := p.complete(nil)
	job := p.create(config)
	w.Inject(fakecos.Fault{Op: opGet, Times: 1, Status: http.StatusNotFound, Code: "InventoryConfigurationNotFoundError"})
	p.expectNoDrift(job, config)
}

// A single NoSuchBucket takes no job out of the state, neither on a refresh nor on a deletion.
func TestBucketInventoryResource_passingNoSuchBucket(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	p := w.configured()
	config := p.complete(nil)
	job := p.create(config)
	w.Inject(noSuchBucketOnce(opGet, 0))
	read, ds := p.refresh(t.Context(), job)
	if len(ds) > 0 {
		t.Errorf("reading: %s", ds)
	}
	p.expectState(read, config)

	w.Inject(noSuchBucketOnce(opDelete, 0))
	gone, ds := p.destroy(t.Context(), job)
	if len(ds) > 0 {
		t.Errorf("deleting: %s", ds)
	}
	p.expectState(gone, p.none())
	if jobs := w.Jobs(testBucket); len(jobs) > 0 {
		t.Errorf("COS still has %q", jobs)
	}
}

// A bucket that was created moments ago may not be known everywhere: each call of a create is made
// again.
func TestBucketInventoryResource_createInNewBucket(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]fakecos.Fault{
		"the look before": noSuchBucketOnce(opGet, 0),
		"the write":       noSuchBucketOnce(opPut, 0),
		"the look after":  noSuchBucketOnce(opGet, 1),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fakecos.Options{})
			p := w.configured()
			config := p.complete(nil)
			w.Inject(fault)
			p.expectState(p.create(config), config)
			w.document("nightly")
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
