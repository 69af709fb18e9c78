resource "cos_bucket_inventory" "nowhere" {
  bucket                   = "examplebucket-1250000000"
  id                       = "nowhere"
  included_object_versions = "Current"
  schedule                 = { frequency = "Daily" }
  destination              = { bucket = "qcs::cos:ap-guangzhou::missing-1250000000" }
}
