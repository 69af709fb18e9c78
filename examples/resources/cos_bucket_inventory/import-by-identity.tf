import {
  to = cos_bucket_inventory.weekly
  identity = {
    bucket = "examplebucket-1250000000"
    id     = "weekly"
    region = "ap-guangzhou" # may be left out: the provider's
  }
}
