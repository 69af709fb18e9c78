output "by_region" {
  value = {
    for region in distinct([for job in data.cos_bucket_inventories.all.inventories : job.region]) :
    region => [for job in data.cos_bucket_inventories.all.inventories : "${job.bucket}/${job.id}" if job.region == region]
  }
}
