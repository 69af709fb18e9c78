data "cos_bucket_inventories" "account" {
  ignore_inaccessible_buckets = true # what is refused is named in a warning

  # region     = "ap-guangzhou"                      # only the buckets of this region
  # bucket_tag = { key = "inventory", value = "on" } # only the buckets with this tag
}

output "buckets" { # regions, by bucket
  value = { for bucket in data.cos_bucket_inventories.account.buckets : bucket.bucket => bucket.region }
}
