// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

const (
	opPut    = string(cos.PutInventory)
	opGet    = string(cos.GetInventory)
	opList   = string(cos.ListInventories)
	opDelete = string(cos.DeleteInventory)
)

func TestBucketInventoryResource_deletedOutside(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: w.factories(),
		Steps: []resource.TestStep{
			{Config: jobConfig()},
			{
				PreConfig: func() { w.Remove(testBucket, "nightly"); w.ResetRequests() },
				Config:    jobConfig(),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(testAddress, plancheck.ResourceActionCreate),
				}},
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(testAddress, tfjsonpath.New("id"), knownvalue.StringExact("nightly")),
				},
			},
		},
	})
	if got := w.sent(); got[opPut] != 1 || got[opDelete] != 1 {
		t.Errorf("after the job was deleted, one PUT and the final DELETE are wanted, not %v", got)
	}
	if jobs := w.Jobs(testBucket); len(jobs) != 0 {
		t.Errorf("destroy left %q", jobs)
	}
}

// A bucket that answers from another region is gone from the one that was asked.
func TestBucketInventoryResource_bucketGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	p := w.configured()
	config := p.complete(nil)
	job := p.create(config)
	w.AddBucket("ap-shanghai", testBucket)
	w.ResetRequests()

	expectWarning := func(ds diagnostics) {
		t.Helper()
		warnings := ds.warnings()
		if ds.errors() != "" || len(ds) != 1 || !strings.Contains(warnings, testBucket) || !strings.Contains(warnings, testRegion) || !strings.Contains(warnings, cos.CodeNoSuchBucket) {
			t.Errorf("want one warning that names the bucket, the region and the code, not %s", ds)
		}
	}
	read, ds := p.refresh(t.Context(), job)
	expectWarning(ds)
	p.expectState(read, p.none())
	planned, ds := p.change(read, config)
	if len(ds) > 0 {
		t.Errorf("planning to create it again says %s", ds)
	}
	p.expectState(planned, config)

	deleted, ds := p.destroy(t.Context(), job)
	expectWarning(ds)
	p.expectState(deleted, p.none())

	created, ds := p.apply(t.Context(), read, config)
	if !strings.Contains(ds.errors(), cos.CodeNoSuchBucket) || ds.warnings() != "" {
		t.Errorf("creating a job in a bucket that is gone: want an error, not %s", ds)
	}
	p.expectState(created, p.none())
	// COS is asked twice before it is believed, once for each bucket and run, and once more for a create,
	// which waits longer.
	if got := w.sent(); got[opGet] != 4 || got[opDelete] != 1 || got[opPut] != 0 {
		t.Errorf("want four reads and one delete, not %v", got)
	}
}

func TestBucketInventoryResource_oddAnswerToRefresh(t *testing.T) {
	t.Parallel()
	for _, answer := range oddReads("nightly") {
		t.Run(answer.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fakecos.Options{})
			p := w.configured()
			config := p.complete(nil)
			job := p.create(config)
			w.ResetRequests()

			w.Inject(answer.at(opGet, 0))
			read, ds := p.refresh(t.Context(), job)
			expectFailure(t, ds, answer)
			p.expectState(read, job.state)
			if got := w.sent(); !answer.counted(got[opGet]) || len(got) != 1 {
				t.Errorf("want %d reads and nothing else, not %v", answer.sent, got)
			}
			w.ClearFaults()
			p.expectNoDrift(read, config)
		})
	}
}

// Where nobody can say whether the job exists, it is not created.
func TestBucketInventoryResource_oddAnswerBeforeCreate(t *testing.T) {
	t.Parallel()
	for _, answer := range oddReads("nightly") {
		t.Run(answer.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fakecos.Options{})
			p := w.configured()
			config := p.complete(nil)

			w.Inject(answer.at(opGet, 0))
			job, ds := p.apply(t.Context(), p.nothing(), config)
			expectFailure(t, ds, answer)
			p.expectState(job, p.none())
			if got := w.sent(); !answer.counted(got[opGet]) || got[opList] != 1 || len(got) != 2 {
				t.Errorf("want a look for the plan, %d reads and nothing else, not %v", answer.sent, got)
			}
			w.ClearFaults()
			p.expectNoDrift(p.create(config), config)
		})
	}
}

// After a write, an error would taint a job that is there: reading it back ends in a warning at
// most.
func TestBucketInventoryResource_oddAnswerAfterWrite(t *testing.T) {
	t.Parallel()
	answers := append(oddReads("nightly"),
		oddAnswer{"no such bucket", fakecos.Fault{Status: 404, Code: cos.CodeNoSuchBucket}, cos.CodeNoSuchBucket, 2}) // asked again before it is believed
	for _, answer := range answers {
		t.Run(answer.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fakecos.Options{})
			p := w.configured()
			config := p.complete(nil)

			w.Inject(answer.at(opGet, 1)) // the first GET finds that there is no such job
			created, ds := p.apply(t.Context(), p.nothing(), config)
			expectUnconfirmed(t, ds, answer)
			p.expectState(created, config)
			if got := w.sent(); got[opPut] != 1 || !answer.counted(got[opGet]-1) {
				t.Errorf("create: want one PUT and %d reads, not %v", 1+answer.sent, got)
			}
			w.ClearFaults()
			p.expectNoDrift(created, config)

			w.ResetRequests()
			w.Inject(answer.at(opGet, 1)) // the first GET finds the job as it was planned
			changed := p.complete(object{"is_enabled": false})
			updated, ds := p.apply(t.Context(), created, changed)
			expectUnconfirmed(t, ds, answer)
			p.expectState(updated, changed)
			if got := w.sent(); got[opPut] != 1 || !answer.counted(got[opGet]-1) {
				t.Errorf("update: want one PUT and %d reads, not %v", 1+answer.sent, got)
			}
			w.ClearFaults()
			p.expectNoDrift(updated, changed)

			w.ResetRequests()
			w.Inject(answer.at(opGet, 0))
			deleted, ds := p.destroy(t.Context(), updated)
			if answer.name != "no such bucket" { // which is gone, too
				expectUnconfirmed(t, ds, answer)
			}
			p.expectState(deleted, p.none())
			if got := w.sent(); got[opDelete] != 1 || !answer.counted(got[opGet]) {
				t.Errorf("delete: want one DELETE and %d reads, not %v", answer.sent, got)
			}
			if jobs := w.Jobs(testBucket); len(jobs) != 0 {
				t.Errorf("COS still holds %q", jobs)
			}
		})
	}
}

// The state file is the user's: a failed run leaves it as it was to the byte.
func TestBucketInventoryResource_stateFileSurvives(t *testing.T) {
	t.Parallel()
	w := newWorld(t, fakecos.Options{})
	c := newCLI(t, w)
	c.write("main.tf", jobConfig())
	c.mustRun("apply", "-auto-approve", "-no-color")
	before := c.read("terraform.tfstate")

	c.write("main.tf", jobConfig("is_enabled = false"))
	for _, answer := range oddReads("nightly") {
		switch answer.name {
		case "HTML 404 of a proxy", "another job's document", "connection reset for ever":
		default:
			continue // the provider's part of them is tested without a CLI
		}
		w.Inject(answer.at(opGet, 0))
		if code, output := c.run("apply", "-auto-approve", "-no-color"); code != 1 || !strings.Contains(unwrapped(output), answer.says) {
			t.Errorf("%s: want exit code 1 and %q, not %d:\n%s", answer.name, answer.says, code, output)
		}
		w.ClearFaults()
		if after := c.read("terraform.tfstate"); after != before {
			t.Errorf("%s: the state is now:\n%s", answer.name, after)
		}
	}
	if got := w.sent(); got[opPut] != 1 {
		t.Errorf("want the first PUT alone, not %v", got)
	}
	if output := c.mustRun("apply", "-auto-approve", "-no-color"); !strings.Contains(output, "0 added, 1 changed, 0 destroyed") {
		t.Errorf("with the faults gone, the change is not made:\n%s", output)
	}
}

func expectFailure(t *testing.T, ds diagnostics, answer oddAnswer) {
	t.Helper()
	if !strings.Contains(ds.errors(), answer.says) || len(ds) != 1 {
		t.Errorf("want one error that says %q, not %s", answer.says, ds)
	}
}

func expectUnconfirmed(t *testing.T, ds diagnostics, answer oddAnswer) {
	t.Helper()
	if ds.errors() != "" || len(ds) != 1 || !strings.Contains(ds.warnings(), answer.says) || !strings.Contains(ds.warnings(), "Not Confirmed") {
		t.Errorf("want one warning that says %q, not %s", answer.says, ds)
	}
}
