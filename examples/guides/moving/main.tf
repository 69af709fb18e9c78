moved {
  from = tencentcloud_cos_bucket_inventory.weekly
  to   = cos_bucket_inventory.weekly
}

resource "cos_bucket_inventory" "weekly" {
  bucket                   = "examplebucket-1250000000"
  id                       = "weekly"
  included_object_versions = "All"

  filter = {
    prefix = "logs/"
    period = {
      start_time = 1687276800
    }
  }

  optional_fields = ["ETag", "Size"]
  schedule        = { frequency = "Weekly" }

  destination = {
    bucket     = "qcs::cos:ap-guangzhou::reports-1250000000"
    encryption = { sse_cos = {} }
  }
}
