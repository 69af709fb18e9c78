variable "archive_keys" {
  type      = object({ secret_id = string, secret_key = string })
  sensitive = true
}

provider "cos" {
  alias      = "archive"
  region     = "ap-shanghai"
  secret_id  = var.archive_keys.secret_id
  secret_key = var.archive_keys.secret_key
}

resource "cos_bucket_inventory" "archive" {
  provider                 = cos.archive
  bucket                   = "archive-1259999999"
  id                       = "archive"
  included_object_versions = "Current"
  schedule                 = { frequency = "Weekly" }
  destination              = { bucket = "qcs::cos:ap-shanghai::reports-1259999999" }
}
