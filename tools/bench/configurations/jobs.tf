# The jobs are counted, since for_each takes the CLI longer with each resource.
terraform {
  required_providers {
    cos = { source = "terraform-provider-cos/cos" }
  }
}

variable "jobs" { type = number }
variable "buckets" { type = number }

resource "cos_bucket_inventory" "job" {
  count                    = var.jobs
  bucket                   = format("source-%03d-1250000000", floor(count.index * var.buckets / var.jobs))
  id                       = format("job-%04d", count.index)
  included_object_versions = "Current"
  filter                   = { prefix = "data/${count.index}/" }
  optional_fields          = ["ETag", "LastModifiedDate", "Size", "StorageClass"]
  schedule                 = { frequency = "Weekly" }
  destination = {
    bucket     = "qcs::cos:ap-guangzhou::reports-1250000000"
    prefix     = "inventory"
    encryption = { sse_cos = {} }
  }
}
