check "encrypted" {
  assert {
    condition     = cos_bucket_inventory.report.destination.encryption != null
    error_message = "The reports are not encrypted."
  }
}

check "allowed_account" {
  assert {
    condition     = endswith(cos_bucket_inventory.report.destination.bucket, "-1250000000")
    error_message = "The reports go to a bucket that is not in an allowed account."
  }
}

check "frequent" {
  assert {
    condition     = cos_bucket_inventory.report.is_enabled && contains(["Daily", "Weekly"], cos_bucket_inventory.report.schedule.frequency)
    error_message = "No enabled job runs every day or every week."
  }
}
