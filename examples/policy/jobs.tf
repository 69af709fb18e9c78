variable "job" {
  type = object({
    destination  = optional(string, "qcs::cos:ap-guangzhou::reports-1250000000")
    is_encrypted = optional(bool, true)
    frequency    = optional(string, "Weekly")
  })
  default = {}
}

resource "cos_bucket_inventory" "report" {
  bucket                   = "examplebucket-1250000000"
  id                       = "report"
  included_object_versions = "Current"
  schedule                 = { frequency = var.job.frequency, monthly_date = var.job.frequency == "Monthly" ? 1 : null }

  destination = {
    bucket     = var.job.destination
    encryption = var.job.is_encrypted ? { sse_cos = {} } : null
  }
}

output "report_prefix" {
  value = cos_bucket_inventory.report.report_prefix
}
