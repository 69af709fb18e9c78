// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-cos/terraform-provider-cos/internal/fakecos"
)

// Each mistake is shown on the line of its attribute, whose comment has what the text says. The
// resource's own bucket and its first line are never shown for another attribute.
const mistakesByLine = `
resource "cos_bucket_inventory" "a" {
  bucket                   = "examplebucket-1250000000"
  id                       = "a"
  included_object_versions = "All"
  optional_fields          = ["Tag", "x-cos-meta-"] # "x-cos-meta-" lacks the name
  filter                   = { tags = { a = "\u0001" } } # filter.tags["a"]: "\x01": the character U+0001
  schedule                 = { frequency = "Daily", monthly_date = 3 } # schedule.monthly_date: A Daily job
  destination              = { bucket = "reports" } # destination.bucket = "reports": a destination bucket
  timeouts                 = { create = "5" } # timeouts.create = "5"
}

resource "cos_bucket_inventory" "b" {
  bucket                   = "examplebucket-1250000000"
  id                       = "b"
  region                   = "guangzhou" # "guangzhou": a region
  included_object_versions = "All"
  filter                   = { period = { start_time = 2, end_time = 1 } } # filter.period.end_time: The period ends at 1
  schedule                 = { frequency = "Hourly" } # schedule.frequency: COS does not know "Hourly"
  destination              = { bucket = "qcs::cos:ap-guangzhou::reports-1250000000", format = "TXT" } # destination.format: The provider does not know "TXT"
}

resource "cos_bucket_inventory" "c" {
  bucket                   = "examplebucket-1250000000"
  id                       = "c"
  included_object_versions = "All"
  schedule                 = { frequency = "Monthly", monthly_date = 1.5 } # schedule.monthly_date is 1.5
  destination              = { bucket = "qcs::cos:ap-guangzhou::reports-1250000000" }
  filter                   = { period = { start_time = -1 } } # Attribute filter.period.start_time value must be at least 1
}

resource "cos_bucket_inventory" "passed_on" {
  bucket                   = "examplebucket-1250000000"
  id                       = "d"
  region                   = "" # "": a region is named in lowercase letters and digits, with at least one hyphen between them, such as ap-guangzhou. Pass null
  included_object_versions = "All"
  optional_fields          = ["Size", null] # optional_fields contains null. Leave nulls out with compact()
  schedule                 = { frequency = "Daily" }
  destination              = { bucket = "reports-1250000000", encryption = { sse_cos = null } } # destination.encryption needs sse_cos
  timeouts                 = { create = "" } # timeouts.create = "": a timeout is a number with a unit, such as 90s or 5m. Pass null
  filter                   = { storage_class = "" } # filter.storage_class = "": the text is empty. Pass null
}

data "cos_bucket_inventory_report" "d" {
  bucket      = "examplebucket-1250000000"
  id          = "a"
  destination = { bucket = "reports" } # destination.bucket = "reports": a destination bucket
}
`

const mistakesOfProvider = `
provider "cos" {
  region      = "ap-guangzhou"
  assume_role = { role_arn = "x" } # assume_role.role_arn = "x": a role ARN
}
`

const mistakesOfAction = `
action "cos_bucket_inventory_run" "e" {
  config {
    bucket                   = "examplebucket-1250000000"
    id                       = "e"
    included_object_versions = "All"
    destination              = { bucket = "reports" } # destination.bucket = "reports": a destination bucket
  }
}
`

func TestAttributeLines(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]string{
		"resources": mistakesByLine, "provider": mistakesOfProvider + jobConfig(), "action": mistakesOfAction,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCLI(t, newWorld(t, fakecos.Options{}))
			if name == "action" && !c.has(14, never) {
				return // TestBucketInventoryRun_form does without a CLI
			}
			c.write("main.tf", config)
			_, output := c.run("validate", "-json")
			var result struct {
				Diagnostics []struct {
					Detail string
					Range  struct {
						Filename string
						Start    struct{ Line int }
					}
				}
			}
			if err := json.Unmarshal([]byte(output), &result); err != nil {
				t.Fatalf("%v\n%s", err, output)
			}
			var shown []string
			for _, d := range result.Diagnostics {
				if d.Range.Filename == "main.tf" { // others are about the CLI's settings
					shown = append(shown, fmt.Sprintf("%02d %s", d.Range.Start.Line, d.Detail))
				}
			}
			slices.Sort(shown)
			var want []string
			for i, line := range strings.Split(config, "\n") {
				if _, comment, ok := strings.Cut(line, " # "); ok {
					want = append(want, fmt.Sprintf("%02d %s", i+1, comment))
				}
			}
			if !slices.EqualFunc(shown, want, strings.HasPrefix) {
				t.Errorf("shown:\n%s\nwant:\n%s", strings.Join(shown, "\n"), strings.Join(want, "\n"))
			}
		})
	}
}
