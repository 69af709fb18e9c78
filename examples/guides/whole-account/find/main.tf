data "cos_bucket_inventories" "all" {
  # bucket     = "examplebucket-1250000000"          # only this bucket
  # region     = "ap-guangzhou"                      # only the buckets of this region
  # bucket_tag = { key = "team", value = "storage" } # only the buckets with this tag
}

output "jobs" { # by <bucket>/<id>, which is unique in the account
  value = { for job in data.cos_bucket_inventories.all.inventories : "${job.bucket}/${job.id}" => job }
}
