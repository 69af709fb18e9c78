data "cos_bucket_inventories" "all" {
  bucket = "examplebucket-1250000000"
}

# The jobs that are switched off.
output "disabled" {
  value = [for job in data.cos_bucket_inventories.all.inventories : job.id if !job.is_enabled]
}
