data "cos_bucket_inventory" "weekly" {
  bucket = "examplebucket-1250000000"
  id     = "weekly"
}

# Where to look for the reports.
output "reports" {
  value = "${data.cos_bucket_inventory.weekly.destination.bucket}/${data.cos_bucket_inventory.weekly.report_prefix}"
}
