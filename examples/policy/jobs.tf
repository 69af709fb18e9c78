variable "destination" {
  type    = string
  default = "qcs::cos:ap-guangzhou::reports-1250000000"
}

variable "is_encrypted" {
  type    = bool
  default = true
}

variable "frequency" {
  type    = string
  default = "Weekly"
}

resource "cos_bucket_inventory" "report" {
  bucket                   = "examplebucket-1250000000"
  id                       = "report"
  included_object_versions = "Current"
  schedule                 = { frequency = var.frequency, monthly_date = var.frequency == "Monthly" ? 1 : null }

  destination = {
    bucket     = var.destination
    encryption = var.is_encrypted ? { sse_cos = {} } : null
  }
}

output "report_prefix" {
  value = cos_bucket_inventory.report.report_prefix
}
