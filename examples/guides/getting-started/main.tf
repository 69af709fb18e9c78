terraform {
  required_providers {
    cos = { source = "terraform-provider-cos/cos" }
  }
}

provider "cos" {
  region = "ap-guangzhou"
}

resource "cos_bucket_inventory" "weekly" {
  bucket                   = "examplebucket-1250000000"
  id                       = "weekly"
  included_object_versions = "Current"
  optional_fields          = ["Size", "StorageClass"]
  schedule                 = { frequency = "Weekly" }
  destination              = { bucket = "qcs::cos:ap-guangzhou::reports-1250000000" }
}
