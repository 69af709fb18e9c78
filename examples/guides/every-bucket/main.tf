variable "destinations" {
  description = "The bucket that receives the reports, by region."
  type        = map(string)
  default     = { "ap-guangzhou" = "reports-1250000000" }
}

variable "excluded" {
  description = "Buckets without a job, such as those with metadata acceleration (OFS). The destinations have none, either."
  type        = set(string)
  default     = []
}

locals {
  # The buckets of the account, with their regions: a file in the repository, which people review.
  account  = jsondecode(file("${path.module}/buckets.json"))
  excluded = setunion(var.excluded, values(var.destinations))
  buckets  = { for bucket, region in local.account : bucket => region if !contains(local.excluded, bucket) }
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
  managed   = [for job in cos_bucket_inventory.all : "${job.bucket}/${job.id}"]
  unmanaged = [for job in data.cos_bucket_inventories.account.inventories : "${job.bucket}/${job.id}" if !contains(local.managed, "${job.bucket}/${job.id}")]
  new       = [for bucket in data.cos_bucket_inventories.account.buckets : bucket.bucket if !contains(keys(local.account), bucket.bucket)]
}

check "everything_is_managed" {
  assert {
    condition     = length(local.new) == 0
    error_message = "These buckets of the account are not in buckets.json: ${join(", ", local.new)}."
  }

  assert {
    condition     = length(local.unmanaged) == 0
    error_message = "These jobs are not managed here: ${join(", ", local.unmanaged)}."
  }
}
