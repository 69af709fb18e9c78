data "cos_bucket_inventory_report" "weekly" {
  bucket = "examplebucket-1250000000"
  id     = "weekly"
}

# null until the first report is delivered
output "newest_report" {
  value = data.cos_bucket_inventory_report.weekly.manifest_key
}

# What a COS Batch job (tencentcloud_cos_batch) needs to go through the objects of the report.
output "manifest" {
  value = {
    qcs  = data.cos_bucket_inventory_report.weekly.manifest_qcs
    etag = data.cos_bucket_inventory_report.weekly.manifest_etag
  }
}

# The report of an older day.
variable "day" {
  type        = string
  default     = null
  description = "The day as YYYYMMDD. Null: the newest report."
}

data "cos_bucket_inventory_report" "older" {
  bucket = "examplebucket-1250000000"
  id     = "weekly"
  date   = var.day
}
