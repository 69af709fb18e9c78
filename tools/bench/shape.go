// SPDX-License-Identifier: MPL-2.0

package main

import "fmt"

const (
	region = "ap-guangzhou"
	appID  = "1250000000"
)

// shape is how many jobs there are, in how many buckets.
type shape struct{ buckets, jobs int }

func jobID(n int) string { return fmt.Sprintf("job-%04d", n) }

func bucketName(n int) string { return fmt.Sprintf("source-%03d-%s", n, appID) }

// bucketOf is the bucket of the n-th job.
func (s shape) bucketOf(n int) string { return bucketName(n * s.buckets / s.jobs) }

const cosProvider = `terraform {
  required_providers {
    cos = { source = "terraform-provider-cos/cos" }
  }
}
`

// peerConfiguration has the same jobs, but for the encryption: that provider plans a change of it each
// time.
const peerConfiguration = `terraform {
  required_providers {
    tencentcloud = { source = "tencentcloudstack/tencentcloud" }
  }
}
resource "tencentcloud_cos_bucket_inventory" "job" {
  count                    = %d
  bucket                   = format("source-%%03d-%s", floor(count.index * %d / %d))
  name                     = format("job-%%04d", count.index)
  is_enabled               = "true"
  included_object_versions = "Current"
  filter {
    prefix = "data/${count.index}/"
  }
  optional_fields {
    fields = ["ETag", "LastModifiedDate", "Size", "StorageClass"]
  }
  schedule {
    frequency = "Weekly"
  }
  destination {
    bucket = "qcs::cos:%s::reports-%s"
    prefix = "inventory"
    format = "CSV"
  }
}
`

// configuration is what the CLI runs. It counts resources because for_each takes the CLI longer
// with each of them. The floor's resources are built into the CLI and have the same values.
func (k kind) configuration(s shape) string {
	job := fmt.Sprintf(`
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
	switch k {
	case peer:
		return fmt.Sprintf(peerConfiguration, s.jobs, appID, s.buckets, s.jobs, region, appID)
	case floor:
		return fmt.Sprintf("resource \"terraform_data\" \"job\" {\n  count = %d\n  input = {%s  }\n}\n", s.jobs, job)
	case emptyProvider:
		return cosProvider + fmt.Sprintf("resource \"cos_nothing\" \"job\" {\n  count = %d\n  id    = format(\"job-%%04d\", count.index)\n}\n", s.jobs)
	case dataSource:
		return cosProvider + "data \"cos_bucket_inventories\" \"all\" {}\noutput \"jobs\" { value = length(data.cos_bucket_inventories.all.inventories) }\n"
	default:
		return cosProvider + fmt.Sprintf("resource \"cos_bucket_inventory\" \"job\" {\n  count = %d\n%s}\n", s.jobs, job)
	}
}
