variable "purge" {
  type        = string
  default     = "2026-11"
  description = "A new value purges again."
}

# What deletes objects. The report of what was there comes first: without it, nothing is deleted.
resource "terraform_data" "purge" {
  triggers_replace = var.purge

  provisioner "local-exec" {
    command = "coscli rm cos://examplebucket-1250000000/tmp/ --recursive --force"
  }

  lifecycle {
    action_trigger {
      events  = [before_create]
      actions = [action.cos_bucket_inventory_run.before_purge]
    }
  }
}

action "cos_bucket_inventory_run" "before_purge" {
  config {
    bucket                   = "examplebucket-1250000000"
    id                       = "before-purge-${var.purge}"
    included_object_versions = "All"
    filter                   = { prefix = "tmp/" }
    optional_fields          = ["Size", "LastModifiedDate"]
    wait_for_report          = true

    destination = { bucket = "qcs::cos:ap-guangzhou::reports-1250000000" }
    timeouts    = { invoke = "2h" }
  }
}
