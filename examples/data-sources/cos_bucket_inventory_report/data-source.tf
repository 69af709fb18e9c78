data "cos_bucket_inventory_report" "weekly" {
  bucket = "examplebucket-1250000000"
  id     = "weekly"
  # date = "20261122" # an older report, by its day
}

# null until the first report is delivered
output "newest_report" {
  value = data.cos_bucket_inventory_report.weekly.manifest_key
}

# What a COS Batch job (tencentcloud_cos_batch, format COSInventoryReport_CSV_V1) needs to go through the objects of the report.
output "manifest" {
  value = {
    qcs  = data.cos_bucket_inventory_report.weekly.manifest_qcs
    etag = data.cos_bucket_inventory_report.weekly.manifest_etag
  }
}
