# The current version of every object, each week, as CSV.
resource "cos_bucket_inventory" "weekly" {
  bucket                   = "examplebucket-1250000000"
  id                       = "weekly"
  included_object_versions = "Current"
  schedule                 = { frequency = "Weekly" }
  destination              = { bucket = "qcs::cos:ap-guangzhou::reports-1250000000" }
}

# All versions of some objects, on the first of each month, in an encrypted report.
resource "cos_bucket_inventory" "audit" {
  bucket                   = "examplebucket-1250000000"
  id                       = "audit"
  included_object_versions = "All"
  optional_fields          = ["ETag", "LastModifiedDate", "Size", "StorageClass", "Tag", "x-cos-meta-owner"]
  schedule                 = { frequency = "Monthly", monthly_date = 1 }

  filter = {
    prefix = "invoices/"
    tags   = { department = "finance" }
    period = { start_time = 1767225600 } # 2026-01-01 00:00:00 UTC
  }

  destination = {
    bucket     = "qcs::cos:ap-guangzhou::reports-1250000000"
    prefix     = "inventory"
    encryption = { sse_cos = {} }
  }
}
