// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"os"
	"path/filepath"
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

// newMovedWorld holds a job of the tencentcloud provider.
func newMovedWorld(t *testing.T, id string, job wireJob) *world {
	t.Helper()
	w := newWorld(t, fakecos.Options{})
	w.AddBucket(movedRegion, movedBucket)
	job.bucket = movedDestination
	w.Seed(movedBucket, id, job.document(id))
	return w
}

// After a move, an equal configuration changes nothing: neither in the plan that moves nor in the
// one after it.
func TestBucketInventoryMove_cli(t *testing.T) {
	t.Parallel()
	w := newMovedWorld(t, "moved-full", wireJob{
		versions: "All", filter: "<Prefix>p/q</Prefix><Period><StartTime>1687276800</StartTime><EndTime>1687363200</EndTime></Period>",
		fields: "<Field>Crc64</Field><Field>ETag</Field><Field>Size</Field>", schedule: "<Frequency>Weekly</Frequency>",
		account: "100000000001", prefix: "front", encrypted: true,
	})
	c := newCLI(t, w)
	c.env = append(c.env, envRegion+"="+movedRegion)
	c.offer("terraform-provider-cos/cos", "tencentcloudstack/tencentcloud") // which only has to be there
	c.write("terraform.tfstate", stateFile(t, "tencentcloud-full.tfstate"))
	c.write("main.tf", "moved {\n  from = tencentcloud_cos_bucket_inventory.x\n  to = cos_bucket_inventory.test\n}\n"+namedJobConfig("test", "moved-full",
		`included_object_versions = "All"`,
		`filter = { prefix = "p/q", period = { start_time = 1687276800, end_time = 1687363200 } }`,
		`optional_fields = ["Crc64", "ETag", "Size"]`,
		`schedule = { frequency = "Weekly" }`,
		fmt.Sprintf(`destination = { bucket = %q, account_id = "100000000001", prefix = "front", encryption = { sse_cos = {} } }`, movedDestination),
		fmt.Sprintf("bucket = %q", movedBucket),
	))
	planned := c.mustRun("plan", "-no-color", "-out=moved.tfplan")
	for _, want := range []string{
		"# tencentcloud_cos_bucket_inventory.x has moved to cos_bucket_inventory.test", "0 to add, 0 to change, 0 to destroy",
	} {
		if !strings.Contains(unwrapped(planned), want) {
			t.Errorf("the plan does not say %q:\n%s", want, planned)
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
}

// A state that was just moved names no region. A read takes the provider's, for want of another,
// and then the job may seem to be gone. A plan without a read, and an apply, take the configuration's.
func TestBucketInventoryMove_region(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		region string // the provider's
		want   []finding
	}{
		"the provider's":            {movedRegion, nil},
		"not the provider's":        {testRegion, []finding{{warning: true, path: "bucket", summary: "COS Bucket Not Found", detail: movedBucket}}},
		"where the provider has no": {"", []finding{{summary: "Missing Region", detail: `job "moved-minimal" of bucket src-1250000000, which was moved here, names no region`}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newMovedWorld(t, "moved-minimal", wireJob{disabled: true})
			w.setenv(envRegion, test.region)
			p := w.configured()
			response := call(p, p.server.MoveResourceState, moveRequest(stateOf(t, "tencentcloud-minimal.tfstate")))
			moved := kept{p.known(response.TargetState), response.TargetPrivate}
			config := sumOf(movedMinimal, object{"region": movedRegion, "report_prefix": nil})
			complete := newValue(t, p.typ(), config)
			if test.region == movedRegion {
				config["region"] = nil
			}
			same := newValue(t, p.typ(), config)
			read, ds := p.refresh(t.Context(), moved)
			expectFindings(t, findings(t, ds), test.want...)
			planned, ds := p.change(moved, same)
			expectFindings(t, findings(t, ds))
			switch test.region {
			case movedRegion:
				p.expectState(read, complete)
				p.expectNoDrift(read, same)
				p.expectState(planned, moved.state) // a region alone is no change
			case testRegion:
				p.expectState(read, p.none())
				p.expectState(planned, complete)
			default:
				p.expectState(planned, complete)
			}
			w.expectWrites(t, 0, 0)

			config["schedule"] = object{"frequency": "Weekly"}
			weekly := newValue(t, p.typ(), config)
			changed, ds := p.apply(t.Context(), moved, weekly)
			expectFindings(t, findings(t, ds))
			config["region"] = movedRegion
			p.expectState(changed, newValue(t, p.typ(), config))
			p.expectNoDrift(changed, weekly)
			if prefix := p.member(p.dynamic(changed.state), "report_prefix"); prefix.String() != `tftypes.String<"1250000000/src/moved-minimal/">` {
				t.Errorf("report_prefix is %s", prefix)
			}
			w.expectWrites(t, 1, 0)
		})
	}
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
	code, output := c.run("apply", "-auto-approve", "-no-color")
	for _, want := range []string{"Error: Unknown Provider Configuration", "(terraform apply -target=…)", "terraform destroy -refresh=false"} {
		if code != 1 || !strings.Contains(unwrapped(output), want) {
			t.Errorf("exit code %d, and not %q:\n%s", code, want, output)
		}
	}
	c.mustRun("apply", "-auto-approve", "-target=terraform_data.region")
	c.mustRun("apply", "-auto-approve")
	w.expectWrites(t, 1, 0)
	c.write("main.tf", config("2"))
	c.mustRun("destroy", "-auto-approve", "-refresh=false")
	w.expectWrites(t, 1, 1)
}
