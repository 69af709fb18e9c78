variable "run" {
  type        = string
  default     = "before-migration"
  description = "An id that no scheduled job of the bucket has, and no one-time job had today."
}

# Run it with: terraform apply -invoke=action.cos_bucket_inventory_run.now
action "cos_bucket_inventory_run" "now" {
  config {
    bucket                   = "examplebucket-1250000000"
    id                       = var.run
    included_object_versions = "Current"
    optional_fields          = ["Size", "StorageClass"]
    destination              = { bucket = "qcs::cos:ap-guangzhou::reports-1250000000", prefix = "once" }
  }
}

# The settings of a scheduled job, run now. It ends when the report is delivered.
action "cos_bucket_inventory_run" "weekly_now" {
  config {
    bucket          = "examplebucket-1250000000"
    job_id          = "weekly"
    wait_for_report = true
    timeouts        = { invoke = "1h" }
  }
}
