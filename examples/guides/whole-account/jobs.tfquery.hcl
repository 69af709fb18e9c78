list "cos_bucket_inventory" "all" {
  provider         = cos
  include_resource = true
  limit            = 10000

  config {
    # region     = "ap-guangzhou"                      # only the buckets of this region
    # bucket_tag = { key = "team", value = "storage" } # only the buckets with this tag
  }
}
