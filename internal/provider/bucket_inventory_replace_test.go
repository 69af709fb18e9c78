// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

const (
	secondBucket = "elsewhere-1250000000"
	secondRegion = "ap-shanghai"

	secondDestination = "qcs::cos:ap-shanghai::archive-1250000000"
)

// second is the state of a job of secondBucket.
func second(region, id string) members {
	return members{"bucket": text(secondBucket), "region": text(region), "report_prefix": text("1250000000/elsewhere/" + id + "/")}
}

func TestBucketInventoryResource_region(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	w.AddBucket(secondRegion, secondBucket)
	const (
		inherited = "cos_bucket_inventory.inherited"
		own       = "cos_bucket_inventory.own"
		moved     = `provider "cos" { region = "ap-shanghai" }` + "\n"
	)
	there := func(name string, lines ...string) string {
		return namedJobConfig(name, name, append(lines, `bucket = "`+secondBucket+`"`)...)
	}
	state := slices.Concat(
		expectState(inherited, "inherited", nil),
		expectState(own, "own", second(secondRegion, "own")),
	)
	region := func(address, region string) plancheck.PlanCheck {
		return plancheck.ExpectKnownValue(address, tfjsonpath.New("region"), text(region))
	}
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: w.factories(),
		Steps: []resource.TestStep{
			{
				Config:            namedJobConfig("inherited", "inherited") + there("own", `region = "ap-shanghai"`),
				ConfigPlanChecks:  resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{region(inherited, testRegion), region(own, secondRegion)}},
				ConfigStateChecks: state,
			},
			{ // neither what the provider says later nor what the resource no longer says moves a job
				Config: moved + namedJobConfig("inherited", "inherited") + there("own"),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectEmptyPlan(), region(inherited, testRegion), region(own, secondRegion),
				}},
				ConfigStateChecks: state,
			},
			{ // a new job goes where the provider says now, a change to where the job is
				Config: moved + namedJobConfig("inherited", "inherited", "is_enabled = false") + there("own") + there("new"),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					expectAction(inherited, plancheck.ResourceActionUpdate), region("cos_bucket_inventory.new", secondRegion),
				}},
				ConfigStateChecks: expectState("cos_bucket_inventory.new", "new", second(secondRegion, "new")),
			},
			{
				Config:   namedJobConfig("inherited", "inherited", `region = "ap-beijing"`) + there("own") + there("new"),
				PlanOnly: true, ExpectNonEmptyPlan: true,
				ConfigPlanChecks: resource.ConfigPlanChecks{PostApplyPreRefresh: []plancheck.PlanCheck{
					expectAction(inherited, plancheck.ResourceActionReplace), expectAction(own, plancheck.ResourceActionNoop),
				}},
			},
		},
	})
	w.expectWritten(t, "inherited", wireJob{}, wireJob{disabled: true})
	if left := append(w.Jobs(testBucket), w.Jobs(secondBucket)...); len(left) > 0 {
		t.Errorf("COS still holds %q", left)
	}
}

func TestBucketInventoryResource_replace(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	w.AddBucket(testRegion, secondBucket)
	const byBucket, byID = "cos_bucket_inventory.bucket", "cos_bucket_inventory.id"
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: w.factories(),
		Steps: []resource.TestStep{
			{Config: namedJobConfig("bucket", "one") + namedJobConfig("id", "two")},
			{
				Config: namedJobConfig("bucket", "one", `bucket = "`+secondBucket+`"`) + namedJobConfig("id", "three"),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					expectAction(byBucket, plancheck.ResourceActionReplace), expectAction(byID, plancheck.ResourceActionReplace),
				}},
				ConfigStateChecks: slices.Concat(expectState(byBucket, "one", second(testRegion, "one")), expectState(byID, "three", nil)),
				PostApplyFunc: func() {
					if here, there := w.Jobs(testBucket), w.Jobs(secondBucket); !slices.Equal(here, []string{"three"}) || !slices.Equal(there, []string{"one"}) {
						t.Errorf("COS holds %q and %q", here, there)
					}
				},
			},
		},
	})
	w.expectWrites(t, 4, 4)
}

// A job that is made anew at once, under the same id, does not stumble over the one that COS still
// shows.
func TestBucketInventoryResource_replaceSameID(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{Clock: steppingClock(100 * time.Millisecond), VisibilityLag: time.Second})
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: w.factories(),
		Steps: []resource.TestStep{
			{Config: jobConfig()},
			{
				PreConfig:         w.ResetRequests,
				Taint:             []string{testAddress},
				Config:            jobConfig(),
				ConfigPlanChecks:  resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{expectAction(testAddress, plancheck.ResourceActionReplace)}},
				ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue(testAddress, tfjsonpath.New("id"), text("nightly"))},
				PostApplyFunc: func() {
					w.expectWritten(t, "nightly", wireJob{})
					w.expectWrites(t, 1, 1)
					requests := w.work()
					put := slices.IndexFunc(requests, func(r fakecos.Request) bool { return r.Op == opPut })
					deleted := slices.IndexFunc(requests, func(r fakecos.Request) bool { return r.Op == opDelete })
					if deleted < 0 || put < deleted || requests[deleted+1].Status != 200 || requests[put-1].Status != 404 {
						t.Errorf("the job was not deleted, still seen, gone, and made anew, in this order: %+v", requests)
					}
				},
			},
		},
	})
}

// A job whose bucket is not in the provider's region is not made anew where the provider says: it
// would be deleted, and its bucket not be found.
func TestBucketInventoryResource_replaceElsewhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	w.AddBucket(secondRegion, secondBucket)
	job := func(id string, lines ...string) string {
		return namedJobConfig("test", id, append(lines, `bucket = "`+secondBucket+`"`)...)
	}
	const there = `region = "ap-shanghai"`
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: w.factories(),
		Steps: []resource.TestStep{
			{Config: job("nightly", there)},
			{
				Config:      job("hourly"),
				ExpectError: regexp.MustCompile(`(?s)Error: Missing Region.*bucket\s+` + secondBucket + `,.*Set\s+region\s+=\s+"ap-shanghai"\s+here`),
			},
			{ // the advice holds
				PreConfig:        func() { w.expectWrites(t, 1, 0) },
				Config:           job("hourly", there),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{expectAction(testAddress, plancheck.ResourceActionReplace)}},
			},
			{ // another bucket is looked for where the provider says
				Config:            jobConfig(),
				ConfigStateChecks: expectState(testAddress, "nightly", nil),
			},
		},
	})
	w.expectWrites(t, 3, 3)
}

// The same by command, where nothing in the configuration has changed.
func TestBucketInventoryResource_replaceElsewhereByCommand(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	w.AddBucket(secondRegion, secondBucket)
	w.Seed(secondBucket, "nightly", nightlyDocument)
	c := newCLI(t, w)
	config := func(lines ...string) string {
		return namedJobConfig("test", "nightly", append(lines, `bucket = "`+secondBucket+`"`)...)
	}
	c.write("main.tf", config())
	c.mustRun("import", testAddress, secondBucket+"/nightly@"+secondRegion)
	if code, output := c.run("apply", "-auto-approve", "-no-color", "-replace="+testAddress); code == 0 || !strings.Contains(unwrapped(output), `Set region = "ap-shanghai" here`) {
		t.Errorf("exit code %d\n%s", code, output)
	}
	w.expectWrites(t, 0, 0)
	c.write("main.tf", config(`region = "ap-shanghai"`))
	c.mustRun("apply", "-auto-approve", "-replace="+testAddress)
	w.expectWrites(t, 1, 1)
}

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
