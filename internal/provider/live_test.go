// SPDX-License-Identifier: MPL-2.0

//go:build live

package provider

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
)

const (
	envLiveBucket      = "COS_LIVE_BUCKET"
	envLiveDestination = "COS_LIVE_DESTINATION_BUCKET"
)

// live is one job of a test on real buckets, under an id that nobody else has.
type live struct {
	job         cos.Job
	destination string
	client      *cos.Client
}

// newLive fails without its variables, rather than to pass for a test that ran.
func newLive(t *testing.T) *live {
	t.Helper()
	var missing []string
	for _, name := range []string{"TF_ACC", envLiveBucket, envLiveDestination, envRegion, envSecretID, envSecretKey} {
		if os.Getenv(name) == "" {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		t.Fatalf("the live tests create and delete inventory jobs on real buckets, and need in the environment: %s", strings.Join(missing, ", "))
	}
	p := cosProvider{getenv: os.Getenv}
	settings, diags := p.settings(providerModel{})
	if diags.HasError() {
		t.Fatal(diags)
	}
	return &live{
		job:         cos.Bucket{Region: settings.region, Name: os.Getenv(envLiveBucket)}.Job("tf-live-" + strings.ToLower(rand.Text())),
		destination: cos.Bucket{Region: settings.region, Name: os.Getenv(envLiveDestination)}.QCS(),
		client: cos.New(cos.Config{
			Credentials: settings.credentials.Source, Domain: settings.domain, MaxRetries: settings.maxRetries, UserAgent: "terraform-provider-cos/live",
		}),
	}
}

func liveFactories() map[string]func() (tfprotov6.ProviderServer, error) {
	return map[string]func() (tfprotov6.ProviderServer, error){"cos": providerserver.NewProtocol6WithError(New("live")())}
}

// config is the job with these lines beside the ones that name it.
func (l *live) config(lines ...string) string {
	lines = slices.Concat([]string{
		fmt.Sprintf("bucket = %q", l.job.Name),
		fmt.Sprintf("id = %q", l.job.ID),
	}, lines)
	return "resource \"cos_bucket_inventory\" \"test\" {\n  " + strings.Join(lines, "\n  ") + "\n}\n"
}

func (l *live) minimal() string {
	return l.config(
		`included_object_versions = "Current"`,
		`schedule = { frequency = "Weekly" }`,
		fmt.Sprintf("destination = { bucket = %q }", l.destination),
	)
}

// full is every attribute, switched off: the test wants no reports.
func (l *live) full() string {
	return l.config(
		`is_enabled = false`,
		`included_object_versions = "All"`,
		`filter = { prefix = "logs/", tags = { "team" = "data" }, period = { start_time = 1700000000, end_time = 1800000000 } }`,
		`optional_fields = ["Size", "LastModifiedDate", "StorageClass", "ETag", "IsMultipartUploaded", "ReplicationStatus", "Tag", "Crc64", "x-cos-meta-owner"]`,
		`schedule = { frequency = "Monthly", monthly_date = 15 }`,
		fmt.Sprintf("destination = { bucket = %q, prefix = %q, format = \"CSV\", encryption = { sse_cos = {} } }", l.destination, l.job.ID),
	)
}

// destroyed reports a job that outlived its resource.
func (l *live) destroyed(*terraform.State) error {
	switch _, err := l.client.GetInventory(context.Background(), l.job); {
	case err == nil:
		return fmt.Errorf("%s is still there", l.job)
	case cos.IsNotFound(err) && !cos.IsNoSuchBucket(err):
		return nil
	default:
		return errors.Join(fmt.Errorf("%s may still be there", l.job), err)
	}
}

// step applies a configuration and demands that it then plans no change, which the test framework
// checks by itself.
func step(config string, action plancheck.ResourceActionType, checks ...statecheck.StateCheck) resource.TestStep {
	return resource.TestStep{
		Config: config,
		ConfigPlanChecks: resource.ConfigPlanChecks{
			PreApply:             []plancheck.PlanCheck{plancheck.ExpectResourceAction(testAddress, action)},
			PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
		},
		ConfigStateChecks: checks,
	}
}

func (l *live) imported() resource.TestStep {
	return resource.TestStep{
		ResourceName: testAddress, ImportState: true, ImportStateVerify: true,
		ImportStateId: l.job.Name + "/" + l.job.ID + "@" + l.job.Region,
	}
}

// A job gets every setting, loses all that it need not have, and gets them again.
func TestLiveBucketInventoryResource(t *testing.T) {
	t.Parallel()
	l := newLive(t)
	filter, encryption := tfjsonpath.New("filter"), tfjsonpath.New("destination").AtMapKey("encryption")
	full := []statecheck.StateCheck{
		statecheck.ExpectKnownValue(testAddress, tfjsonpath.New("region"), knownvalue.StringExact(l.job.Region)),
		statecheck.ExpectKnownValue(testAddress, tfjsonpath.New("is_enabled"), knownvalue.Bool(false)),
		statecheck.ExpectKnownValue(testAddress, filter.AtMapKey("prefix"), knownvalue.StringExact("logs/")),
		statecheck.ExpectKnownValue(testAddress, filter.AtMapKey("tags"), knownvalue.MapExact(map[string]knownvalue.Check{"team": knownvalue.StringExact("data")})),
		statecheck.ExpectKnownValue(testAddress, tfjsonpath.New("optional_fields"), knownvalue.SetSizeExact(9)),
		statecheck.ExpectKnownValue(testAddress, tfjsonpath.New("schedule").AtMapKey("monthly_date"), knownvalue.Int64Exact(15)),
		statecheck.ExpectKnownValue(testAddress, encryption, knownvalue.ObjectExact(map[string]knownvalue.Check{"sse_cos": knownvalue.NotNull()})),
	}
	minimal := []statecheck.StateCheck{
		statecheck.ExpectKnownValue(testAddress, tfjsonpath.New("is_enabled"), knownvalue.Bool(true)),
		statecheck.ExpectKnownValue(testAddress, filter, knownvalue.Null()),
		statecheck.ExpectKnownValue(testAddress, tfjsonpath.New("optional_fields"), knownvalue.Null()),
		statecheck.ExpectKnownValue(testAddress, encryption, knownvalue.Null()),
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: liveFactories(),
		CheckDestroy:             l.destroyed,
		Steps: []resource.TestStep{
			step(l.full(), plancheck.ResourceActionCreate, full...), l.imported(),
			step(l.minimal(), plancheck.ResourceActionUpdate, minimal...), l.imported(),
			step(l.full(), plancheck.ResourceActionUpdate, full...), l.imported(),
		},
	})
}

// A job that is there already is left as it is.
func TestLiveBucketInventoryResource_exists(t *testing.T) {
	t.Parallel()
	l := newLive(t)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: liveFactories(),
		CheckDestroy:             l.destroyed,
		Steps: []resource.TestStep{
			step(l.minimal(), plancheck.ResourceActionCreate),
			{
				Config:      l.minimal() + strings.Replace(l.full(), `"test"`, `"second"`, 1),
				ExpectError: pattern("COS Bucket Inventory Already Exists", l.job.ID),
			},
			step(l.minimal(), plancheck.ResourceActionNoop),
		},
	})
}

// A job that somebody deletes is planned anew.
func TestLiveBucketInventoryResource_disappears(t *testing.T) {
	t.Parallel()
	l := newLive(t)
	again := step(l.minimal(), plancheck.ResourceActionCreate)
	again.PreConfig = func() {
		if err := l.client.DeleteInventory(t.Context(), l.job); err != nil {
			t.Fatal(err)
		}
		toTheEnd := func(cos.Inventory) cos.Patience { return cos.ToTheEnd }
		if _, err := l.client.AwaitInventory(t.Context(), l.job, cos.Wait{Shown: toTheEnd}); !cos.IsNotFound(err) {
			t.Fatal(err)
		}
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: liveFactories(),
		CheckDestroy:             l.destroyed,
		Steps:                    []resource.TestStep{step(l.minimal(), plancheck.ResourceActionCreate), again},
	})
}
