// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// stateFile is a state file of the tencentcloud provider.
func stateFile(t testing.TB, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("testdata", "state", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// A job is imported in every way that the CLI has, and each finds what the create left in the
// state.
func TestBucketInventoryResource_importMatrix(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	config := jobConfig(`filter = { prefix = "logs/" }`, `optional_fields = ["Size"]`)
	create := resource.TestStep{Config: config}
	imports := []resource.TestStep{
		{ImportStateKind: resource.ImportCommandWithID, ImportStateId: testBucket + "/nightly", ImportStateVerify: true},
		{ImportStateKind: resource.ImportBlockWithID, ImportStateId: testBucket + "/nightly"},
	}
	if newCLI(t, w).has(12, 12) {
		create.ConfigStateChecks = []statecheck.StateCheck{
			statecheck.ExpectIdentity(testAddress, members{"bucket": text(testBucket), "id": text("nightly"), "region": text(testRegion)}),
		}
		imports = append(imports, resource.TestStep{ImportStateKind: resource.ImportBlockWithResourceIdentity})
	}
	steps := []resource.TestStep{create}
	for _, step := range imports {
		step.ResourceName, step.ImportState = testAddress, true
		if step.ImportStateKind != resource.ImportCommandWithID {
			step.ImportPlanChecks.PreApply = []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}
		}
		steps = append(steps, step)
	}
	resource.UnitTest(t, resource.TestCase{ProtoV6ProviderFactories: w.factories(), Steps: steps})
	w.expectWrites(t, 1, 1)
}

const (
	movedBucket      = "src-1250000000"
	movedDestination = "qcs::cos:ap-beijing::dst-1250000000"
	movedRegion      = "ap-beijing"
)

// movedJob is a job of the tencentcloud provider: its state file, what COS holds, and the
// configuration that says the same here.
type movedJob struct {
	id, state string
	stored    wireJob
	config    []string
}

func movedJobFull() movedJob {
	return movedJob{
		id: "moved-full", state: "tencentcloud-full.tfstate",
		stored: wireJob{
			versions: "All", filter: "<Prefix>p/q</Prefix><Period><StartTime>1687276800</StartTime><EndTime>1687363200</EndTime></Period>",
			fields: "<Field>Crc64</Field><Field>ETag</Field><Field>Size</Field>", schedule: "<Frequency>Weekly</Frequency>",
			bucket: movedDestination, account: "100000000001", prefix: "front", encrypted: true,
		},
		config: []string{
			`included_object_versions = "All"`,
			`filter = { prefix = "p/q", period = { start_time = 1687276800, end_time = 1687363200 } }`,
			`optional_fields = ["Crc64", "ETag", "Size"]`,
			`schedule = { frequency = "Weekly" }`,
			fmt.Sprintf(`destination = { bucket = %q, account_id = "100000000001", prefix = "front", encryption = { sse_cos = {} } }`, movedDestination),
		},
	}
}

func movedJobMinimal() movedJob {
	return movedJob{
		id: "moved-minimal", state: "tencentcloud-minimal.tfstate",
		stored: wireJob{disabled: true, bucket: movedDestination},
		config: []string{"is_enabled = false", fmt.Sprintf("destination = { bucket = %q }", movedDestination)},
	}
}

// newMovedCLI is a CLI whose state is the other provider's and whose configuration moves the job
// here. The other provider only has to be there.
func newMovedCLI(t *testing.T, w *world, job movedJob, region string, lines ...string) *cli {
	t.Helper()
	w.AddBucket(movedRegion, movedBucket)
	w.Seed(movedBucket, job.id, job.stored.document(job.id))
	c := newCLI(t, w)
	c.env = append(c.env, envRegion+"="+region)
	c.offer("terraform-provider-cos/cos", "tencentcloudstack/tencentcloud")
	c.write("terraform.tfstate", stateFile(t, job.state))
	lines = slices.Concat(job.config, []string{fmt.Sprintf("bucket = %q", movedBucket)}, lines)
	c.write("main.tf", "moved {\n  from = tencentcloud_cos_bucket_inventory.x\n  to = cos_bucket_inventory.test\n}\n"+namedJobConfig("test", job.id, lines...))
	return c
}

// After a move, an equal configuration changes nothing: neither in the plan that moves nor in the
// one after it.
func TestBucketInventoryMove_cli(t *testing.T) {
	t.Parallel()
	for _, job := range []movedJob{movedJobFull(), movedJobMinimal()} {
		t.Run(job.id, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fakecos.Options{})
			c := newMovedCLI(t, w, job, movedRegion)
			unread := c.mustRun("plan", "-no-color", "-refresh=false") // shows what the move itself makes of the state
			planned := c.mustRun("plan", "-no-color", "-out=moved.tfplan")
			for _, want := range []string{
				"# tencentcloud_cos_bucket_inventory.x has moved to cos_bucket_inventory.test", "0 to add, 0 to change, 0 to destroy",
			} {
				for _, output := range []string{unread, planned} {
					if !strings.Contains(unwrapped(output), want) {
						t.Errorf("the plan does not say %q:\n%s", want, output)
					}
				}
			}
			c.mustRun("apply", "-no-color", "moved.tfplan")
			c.mustRun("plan", "-no-color", "-detailed-exitcode")
			// OpenTofu 1.10 writes it without spaces.
			state := strings.ReplaceAll(c.read("terraform.tfstate"), `": "`, `":"`)
			if strings.Contains(state, "tencentcloud_") || !strings.Contains(state, `"region":"`+movedRegion+`"`) {
				t.Errorf("the state is:\n%s", state)
			}
			w.expectWrites(t, 0, 0)
		})
	}
}

// A state that was just moved names no region. A read takes the provider's, for want of another,
// and then the job may seem to be gone.
func TestBucketInventoryMove_region(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		region string // the provider's
		args   []string
		code   int
		want   []string
	}{
		"the provider's":            {movedRegion, nil, 2, []string{"has moved to", "0 to add, 0 to change, 0 to destroy"}},
		"the provider's, unread":    {movedRegion, []string{"-refresh=false"}, 2, []string{"0 to add, 1 to change, 0 to destroy"}},
		"not the provider's":        {testRegion, nil, 2, []string{"COS Bucket Not Found", "1 to add, 0 to change, 0 to destroy"}},
		"where the provider has no": {"", nil, 1, []string{"Missing Region", `job "moved-minimal" of bucket src-1250000000, which was moved here, names no region`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fakecos.Options{})
			c := newMovedCLI(t, w, movedJobMinimal(), test.region, fmt.Sprintf("region = %q", movedRegion))
			code, output := c.run(append([]string{"plan", "-no-color", "-detailed-exitcode"}, test.args...)...)
			for _, want := range test.want {
				if !strings.Contains(unwrapped(output), want) {
					t.Errorf("the plan does not say %q:\n%s", want, output)
				}
			}
			if code != test.code {
				t.Errorf("exit code %d, want %d:\n%s", code, test.code, output)
			}
			w.expectWrites(t, 0, 0)
		})
	}
}

// A moved state has no region yet when it is not refreshed. A change of the job completes it.
func TestBucketInventoryMove_changedUnread(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	c := newMovedCLI(t, w, movedJobMinimal(), movedRegion, `schedule = { frequency = "Weekly" }`)
	c.mustRun("apply", "-auto-approve", "-no-color", "-refresh=false")
	state := strings.ReplaceAll(c.read("terraform.tfstate"), `": "`, `":"`)
	if !strings.Contains(state, `"region":"`+movedRegion+`"`) || !strings.Contains(state, `"report_prefix":"1250000000/src/moved-minimal/"`) {
		t.Errorf("the state is:\n%s", state)
	}
	w.expectWrites(t, 1, 0)
	c.mustRun("plan", "-no-color", "-detailed-exitcode")
}

// A provider argument that is known only after other resources have been applied stops a plan, and
// says the ways around it. Both work.
func TestProvider_unknownArgument(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	c := newCLI(t, w)
	config := func(trigger string) string {
		return `resource "terraform_data" "region" {
  input            = "` + testRegion + `"
  triggers_replace = "` + trigger + `"
}
provider "cos" { region = terraform_data.region.output }
` + jobConfig()
	}
	c.write("main.tf", config("1"))
	stopped := func(args ...string) {
		t.Helper()
		code, output := c.run(append(args, "-auto-approve", "-no-color")...)
		for _, want := range []string{"Error: Unknown Provider Configuration", "(terraform apply -target=…)", "terraform destroy -refresh=false"} {
			if code != 1 || !strings.Contains(unwrapped(output), want) {
				t.Errorf("%s: exit code %d, and not %q:\n%s", args, code, want, output)
			}
		}
	}
	stopped("apply")
	c.mustRun("apply", "-auto-approve", "-target=terraform_data.region")
	c.mustRun("apply", "-auto-approve")
	w.expectWrites(t, 1, 0)
	c.write("main.tf", config("2"))
	stopped("destroy")
	c.mustRun("destroy", "-auto-approve", "-refresh=false")
	w.expectWrites(t, 1, 1)
}
