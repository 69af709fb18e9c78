variable "destinations" {
  description = "The bucket that receives the reports, by region."
  type        = map(string)
  default     = { "ap-guangzhou" = "reports-1250000000" }
}

locals {
  # The buckets that have a job: a file in the repository, which people review.
  buckets = jsondecode(file("${path.module}/buckets.json"))
}

resource "cos_bucket_inventory" "all" {
  for_each                 = local.buckets
  bucket                   = each.key
  region                   = each.value
  id                       = "weekly"
  included_object_versions = "Current"
  optional_fields          = ["Size", "LastModifiedDate", "StorageClass"]
  schedule                 = { frequency = "Weekly" }

  destination = {
    bucket = provider::cos::bucket_qcs(each.value, var.destinations[each.value])
    prefix = "inventory"
  }

  lifecycle {
    precondition {
      condition     = contains(keys(var.destinations), each.value)
      error_message = "destinations has no bucket for region ${each.value}, where ${each.key} is."
    }
  }
}

# What the account has besides. Nothing is created or deleted because of it.
data "cos_bucket_inventories" "account" {
  ignore_inaccessible_buckets = true
}

locals {
  uncovered = [
    for bucket in data.cos_bucket_inventories.account.buckets : bucket.bucket
    if !contains(keys(local.buckets), bucket.bucket)
  ]
  unmanaged = [
    for job in data.cos_bucket_inventories.account.inventories : "${job.bucket}/${job.id}"
    if !(job.id == "weekly" && contains(keys(local.buckets), job.bucket))
  ]
}

check "every_bucket_has_its_job" {
  assert {
    condition     = length(local.uncovered) == 0
    error_message = "These buckets of the account are not in buckets.json: ${join(", ", local.uncovered)}."
  }
}

check "every_job_is_managed" {
  assert {
    condition     = length(local.unmanaged) == 0
    error_message = "These jobs are not managed here: ${join(", ", local.unmanaged)}."
  }
}
