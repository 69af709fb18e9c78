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

check "weekly_report" {
  data "cos_bucket_inventory_report" "weekly" {
    bucket = cos_bucket_inventory.weekly.bucket
    region = cos_bucket_inventory.weekly.region
    id     = cos_bucket_inventory.weekly.id
  }

  assert {
    # A weekly report comes every 7 days; one more is for a late one.
    condition     = try(timecmp(timeadd(data.cos_bucket_inventory_report.weekly.delivered_at, "192h"), plantimestamp()) > 0, false)
    error_message = "The job has delivered no inventory report for 8 days."
  }
}
