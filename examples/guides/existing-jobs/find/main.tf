data "cos_bucket_inventories" "all" {
  bucket = "examplebucket-1250000000"
}

output "jobs" {
  value = { for job in data.cos_bucket_inventories.all.inventories : job.id => job }
}
