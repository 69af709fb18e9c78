locals {
  buckets = {
    "examplebucket-1250000000" = "ap-guangzhou"
    "archive-1250000000"       = "ap-shanghai"
  }
}

resource "cos_bucket_inventory" "weekly" {
  for_each = local.buckets

  bucket                   = each.key
  region                   = each.value
  id                       = "weekly"
  included_object_versions = "Current"
  schedule                 = { frequency = "Weekly" }

  # Reports stay in the region of what they list.
  destination = {
    bucket = provider::cos::bucket_qcs(each.value, each.key)
    prefix = "inventory"
  }
}
