import {
  to = cos_bucket_inventory.weekly
  id = "examplebucket-1250000000/weekly"
}
