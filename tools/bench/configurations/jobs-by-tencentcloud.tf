# The same jobs but for the encryption: the tencentcloud provider plans a change of it each time.
terraform {
  required_providers {
    tencentcloud = { source = "tencentcloudstack/tencentcloud" }
  }
}

variable "jobs" { type = number }
variable "buckets" { type = number }

resource "tencentcloud_cos_bucket_inventory" "job" {
  count                    = var.jobs
  bucket                   = format("source-%03d-1250000000", floor(count.index * var.buckets / var.jobs))
  name                     = format("job-%04d", count.index)
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
    bucket = "qcs::cos:ap-guangzhou::reports-1250000000"
    prefix = "inventory"
    format = "CSV"
  }
}
