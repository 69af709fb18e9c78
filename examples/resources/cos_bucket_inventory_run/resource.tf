variable "release" {
  type        = string
  default     = "2026-11"
  description = "A new value runs the job again."
}

# Settings of its own. COS takes an id once a day, so it has the release in it.
resource "cos_bucket_inventory_run" "release" {
  bucket                   = "examplebucket-1250000000"
  id                       = "release-${var.release}"
  included_object_versions = "Current"
  optional_fields          = ["Size", "StorageClass"]
  destination              = { bucket = "qcs::cos:ap-guangzhou::reports-1250000000", prefix = "once" }
}

# The settings of a scheduled job. The apply ends when the report is delivered.
resource "cos_bucket_inventory_run" "weekly" {
  bucket          = "examplebucket-1250000000"
  job_id          = "weekly"
  wait_for_report = true

  triggers = { release = var.release }
  timeouts = { create = "1h" }
}

output "weekly_manifest" {
  value = cos_bucket_inventory_run.weekly.manifest_key
}
