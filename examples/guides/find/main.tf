data "cos_bucket_inventories" "account" {
  # bucket                      = "examplebucket-1250000000"          # only this bucket
  # region                      = "ap-guangzhou"                      # only the buckets of this region
  # bucket_tag                  = { key = "team", value = "storage" } # only the buckets with this tag
  # ignore_inaccessible_buckets = true                                # warn of what cannot be read, and go on
}

locals {
  jobs    = { for job in data.cos_bucket_inventories.account.inventories : "${job.bucket}/${job.id}" => job }
  buckets = { for bucket in data.cos_bucket_inventories.account.buckets : bucket.bucket => bucket.region }
}

# JSON with a line for each job, and for each bucket: people read the difference.
output "jobs" {
  value = "{\n${join(",\n", [for name, job in local.jobs : "${jsonencode(name)}: ${jsonencode(job)}"])}\n}\n"
}

output "buckets" {
  value = "{\n${join(",\n", [for name, region in local.buckets : "${jsonencode(name)}: ${jsonencode(region)}"])}\n}\n"
}
