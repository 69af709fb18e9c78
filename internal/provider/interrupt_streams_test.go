// SPDX-License-Identifier: MPL-2.0

//go:build unix

package provider

import (
	"fmt"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// An action that is interrupted after COS has accepted its job, or while it does, fails the apply
// and says where the report will be.
func TestBucketInventoryRunAction_interrupted(t *testing.T) {
	t.Parallel()
	if !newCLI(t, newWorld(t, fakecos.Options{})).has(14, never) {
		return // the tests of the server's streams do without such a CLI
	}
	for name, test := range map[string]struct {
		signal  syscall.Signal
		posting bool // the signal comes before COS has answered the POST
		waits   bool

		// What Terraform shows before the signal. It crashes if it handles a progress message after
		// the signal, and the action then ends.
		shown string
		want  string
	}{
		"waiting":              {syscall.SIGTERM, false, true, "COS has accepted the inventory", "Inventory Report Not Delivered"},
		"posting, not to wait": {syscall.SIGINT, true, false, "Starting the one-time inventory", "One-Time Inventory Accepted"},
		"posting, to wait":     {syscall.SIGTERM, true, true, "Starting the one-time inventory", "Inventory Report Not Delivered"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			reached, cancelled := make(chan struct{}), make(chan struct{})
			reach := sync.OnceFunc(func() { close(reached) })
			w := newWorld(t, fakecos.Options{Log: func(r fakecos.Request) {
				switch {
				case test.posting && r.Op == opPost:
					reach()
					await(t, cancelled)
				case r.ID == "canary" && r.Status == 0:
					close(cancelled) // its hanging GET was
				}
			}})
			w.Intercept(func(r fakecos.Request) *fakecos.Fault {
				switch {
				case r.ID == "canary":
					return &fakecos.Fault{Hang: true}
				case r.Op == getObject && len(w.Runs(testBucket)) > 0:
					reach()
					return &fakecos.Fault{Hang: true}
				}
				return nil
			})
			c := newCLI(t, w)
			c.write("main.tf", jobConfig(`lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.cos_bucket_inventory_run.now]
    }
  }`)+fmt.Sprintf(`
action "cos_bucket_inventory_run" "now" {
  config {
    bucket          = %q
    job_id          = cos_bucket_inventory.test.id
    id              = "once"
    wait_for_report = %t
  }
}
`, testBucket, test.waits)+namedJobConfig("canary", "canary"))
			r := c.start("apply", "-auto-approve", "-no-color")
			shown, ready := r.output.shows(test.shown), make(chan struct{})
			go func() {
				await(t, shown)
				await(t, reached)
				close(ready)
			}()
			r.signal(ready, test.signal)
			code, output := r.wait()
			for _, want := range []string{test.want, `COS accepted the one-time job "once"`, "1250000000/examplebucket/once/", "Do not run the action again"} {
				if code != 1 || !strings.Contains(unwrapped(output), want) {
					t.Errorf("want exit code 1 and %q, not %d:\n%s", want, code, output)
				}
			}
			if n := len(w.Runs(testBucket)); n != 1 {
				t.Errorf("%d runs", n)
			}
		})
	}
}

// A query that is interrupted fails, whether it writes a configuration or not.
func TestBucketInventoryList_interrupted(t *testing.T) {
	t.Parallel()
	if !newCLI(t, newWorld(t, fakecos.Options{})).has(14, never) {
		return // the tests of the server's streams do without such a CLI
	}
	for signal, args := range map[syscall.Signal][]string{
		syscall.SIGINT:  {"query", "-no-color"},
		syscall.SIGTERM: {"query", "-no-color", "-generate-config-out=generated.tf"},
	} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, fakecos.Options{PageSize: 20})
			w.seedJobs(40)
			reached := w.hangsAtSecondPage()
			c := newCLI(t, w)
			c.write("main.tfquery.hcl", fmt.Sprintf("list \"cos_bucket_inventory\" \"all\" {\n  provider = cos\n  config {\n    bucket = %q\n  }\n}\n", testBucket))
			r := c.start(args...)
			r.signal(reached, signal)
			code, output := r.wait()
			if code != 1 || !strings.Contains(unwrapped(output), "the operation was cancelled") || strings.Count(output, "Error: ") != 1 {
				t.Errorf("want exit code 1 and one error, not %d:\n%s", code, output)
			}
		})
	}
}
