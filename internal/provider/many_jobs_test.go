// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/cos"
	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// What a plan and an apply of many jobs cost in requests and connections, and that a plan shows the
// same whether or not it may list.
func TestManyJobs(t *testing.T) {
	t.Parallel()
	const (
		jobs  = 120
		pages = 2
		get   = string(cos.GetInventory)
		list  = string(cos.ListInventories)
	)
	w := newWorld(t, fakecos.Options{})
	c := newCLI(t, w)
	c.write("main.tf", `resource "cos_bucket_inventory" "many" {
  count                    = 120
  bucket                   = "`+testBucket+`"
  id                       = format("job-%04d", count.index)
  included_object_versions = "Current"
  filter                   = { prefix = "logs/${count.index}/" }
  optional_fields          = ["Size", "ETag"]
  schedule                 = { frequency = "Daily" }
  destination              = { bucket = "`+testDestination+`" }
}`)

	// Each job is looked for, written and read back. No listing is trusted before a write: the plan,
	// and the apply until its first write, look for jobs that exist.
	before := w.Connections()
	c.mustRun("apply", "-auto-approve", "-no-color")
	if sent := w.sent(); sent[string(cos.PutInventory)] != jobs || sent[get] != 2*jobs || sent[list] != 2 {
		t.Errorf("the apply sent %v", sent)
	}
	w.expectConnectionsReused(before)

	plan := func(wantCode int, want map[string]int) string {
		t.Helper()
		w.ResetRequests()
		before := w.Connections()
		code, output := c.run("plan", "-detailed-exitcode", "-no-color")
		if code != wantCode {
			t.Fatalf("exit code %d, want %d\n%s", code, wantCode, output)
		}
		sent := w.sent()
		if sent[list] > want[list] || sent[get] > want[get] || sent[get]+sent[list] != len(w.Requests()) {
			t.Errorf("the plan sent %v, want at most %v", sent, want)
		}
		w.expectConnectionsReused(before)
		return output
	}
	plan(0, map[string]int{get: 1, list: pages})

	// What changed, and what went, is read by itself and shown.
	w.Seed(testBucket, "job-0042", strings.Replace(w.document("job-0042"), "Daily", "Weekly", 1))
	w.Remove(testBucket, "job-0099")
	drift := plan(2, map[string]int{get: 3, list: pages})
	for _, want := range []string{
		`cos_bucket_inventory.many[42] will be updated in-place`, `"Weekly" -> "Daily"`,
		`cos_bucket_inventory.many[99] will be created`, `Plan: 1 to add, 1 to change, 0 to destroy.`,
	} {
		if !strings.Contains(drift, want) {
			t.Errorf("the plan does not say %q:\n%s", want, drift)
		}
	}

	// A caller who may not list sees the same, with a GET for each job, and one more for the job that
	// is to be created again.
	w.Inject(fakecos.Fault{Op: list, Status: http.StatusForbidden, Code: cos.CodeAccessDenied})
	alone := plan(2, map[string]int{get: jobs + 1, list: 1})
	if changes(alone) != changes(drift) {
		t.Errorf("without a listing, the plan is\n%s\nwith one\n%s", changes(alone), changes(drift))
	}
}

// expectConnectionsReused compares the connections since before with the requests since the last
// reset. On a busy machine a call that is about to open a connection may be overtaken by one that
// becomes free, so there are some more than calls at a time; without reuse there would be one for
// each request.
func (w *world) expectConnectionsReused(before int) {
	w.t.Helper()
	const parallelism = 10 // Terraform's own
	requests := len(w.Requests())
	if n := w.Connections() - before; n > max(parallelism, requests/5) {
		w.t.Errorf("%d requests took %d connections", requests, n)
	}
}

// changes is a plan's output from where it shows the changes.
func changes(output string) string {
	_, changes, _ := strings.Cut(output, "Terraform will perform")
	return changes
}
