resource "cos_bucket_inventory" "daily" {
  bucket                   = "examplebucket-1250000000"
  id                       = "daily"
  included_object_versions = "Current"
  optional_fields          = ["Size", "StorageClass"]
  schedule                 = { frequency = "Daily" }

  destination = {
    bucket = "qcs::cos:ap-guangzhou::reports-1250000000"
    prefix = "inventory"
  }
}

check "daily_report" {
  data "cos_bucket_inventory_report" "daily" {
    bucket = cos_bucket_inventory.daily.bucket
    id     = cos_bucket_inventory.daily.id
  }

  assert {
    # A daily report comes every 24 hours; two more are for a late one.
    condition     = try(timecmp(timeadd(data.cos_bucket_inventory_report.daily.delivered_at, "26h"), plantimestamp()) > 0, false)
    error_message = try("The newest inventory report is of ${data.cos_bucket_inventory_report.daily.delivered_at}: the next one is late.", "The job has delivered no inventory report yet.")
  }
}
