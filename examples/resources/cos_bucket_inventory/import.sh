# <bucket>/<id>, for a job in the provider's region.
terraform import cos_bucket_inventory.weekly examplebucket-1250000000/weekly

# <bucket>/<id>@<region>, for a job in another region.
terraform import cos_bucket_inventory.weekly examplebucket-1250000000/weekly@ap-shanghai
