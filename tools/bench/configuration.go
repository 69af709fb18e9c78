// SPDX-License-Identifier: MPL-2.0

package main

import "fmt"

const (
	region = "ap-guangzhou"
	appID  = "1250000000"
)

// shape is how many jobs there are, in how many buckets.
type shape struct{ buckets, jobs int }

// jobID is the id of the n-th job.
func jobID(n int) string { return fmt.Sprintf("job-%04d", n) }

// bucket is the name of the n-th bucket.
func (shape) bucket(n int) string { return fmt.Sprintf("source-%03d-%s", n, appID) }

// arguments are a job's, for the resource itself and for the floor's input. They are the same for
// every job but for names.
func (s shape) arguments() string {
	return fmt.Sprintf(`
    bucket                   = format("source-%%03d-%s", floor(count.index * %d / %d))
    id                       = format("job-%%04d", count.index)
    included_object_versions = "Current"
    filter                   = { prefix = "data/${count.index}/" }
    optional_fields          = ["ETag", "LastModifiedDate", "Size", "StorageClass"]
    schedule                 = { frequency = "Weekly" }
    destination = {
      bucket     = "qcs::cos:%s::reports-%s"
      prefix     = "inventory"
      encryption = { sse_cos = {} }
    }
`, appID, s.buckets, s.jobs, region, appID)
}

// jobsConfiguration is one of inventory jobs. It counts them because for_each takes the CLI longer
// with each of them.
func (s shape) jobsConfiguration() string {
	return fmt.Sprintf(`terraform {
  required_providers {
    cos = { source = "terraform-provider-cos/cos" }
  }
}

resource "cos_bucket_inventory" "job" {
  count = %d
%s}
`, s.jobs, s.arguments())
}

// accountConfiguration reads the jobs of all buckets, and counts them.
const accountConfiguration = `terraform {
  required_providers {
    cos = { source = "terraform-provider-cos/cos" }
  }
}

data "cos_bucket_inventories" "all" {}

output "jobs" {
  value = length(data.cos_bucket_inventories.all.inventories)
}
`

// floorConfiguration is one that gives the CLI as much to do, and a provider nothing:
// terraform_data is built into the CLI.
func (s shape) floorConfiguration() string {
	return fmt.Sprintf("resource \"terraform_data\" \"job\" {\n  count = %d\n  input = {%s  }\n}\n", s.jobs, s.arguments())
}
