resource "cos_bucket_inventory" "weekly" {
  bucket                   = var.source_bucket
  region                   = var.region
  id                       = "weekly"
  included_object_versions = "Current"
  optional_fields          = ["Size", "LastModifiedDate", "StorageClass", "ETag"]
  schedule                 = { frequency = "Weekly" }

  destination = {
    bucket = provider::cos::bucket_qcs(var.region, tencentcloud_cos_bucket.reports.bucket)
    prefix = "inventory"
  }

  # Without the role, COS accepts the job and never delivers.
  depends_on = [tencentcloud_cam_role_policy_attachment_by_name.cos]
}
