resource "cos_bucket_inventory" "daily" {
  bucket                   = "examplebucket-1250000000"
  id                       = "daily"
  included_object_versions = "Current"
  schedule                 = { frequency = "Daily" }
  destination              = { bucket = "qcs::cos:ap-guangzhou::reports-1250000000" }

  lifecycle {
    action_trigger {
      events     = [before_destroy]
      actions    = [action.cos_bucket_inventory_run.last]
      on_failure = continue
    }
  }
}

# The job is still there when its settings are read.
action "cos_bucket_inventory_run" "last" {
  config {
    bucket = "examplebucket-1250000000"
    job_id = "daily"
  }
}
