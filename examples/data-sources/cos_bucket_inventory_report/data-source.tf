data "cos_bucket_inventory_report" "weekly" {
  bucket = "examplebucket-1250000000"
  id     = "weekly"
}

# null until the first report is delivered
output "newest_report" {
  value = data.cos_bucket_inventory_report.weekly.manifest_key
}

# What a COS Batch job needs to go through the objects of the report.
output "manifest" {
  value = {
    key  = data.cos_bucket_inventory_report.weekly.manifest_key
    etag = data.cos_bucket_inventory_report.weekly.manifest_etag
  }
}
