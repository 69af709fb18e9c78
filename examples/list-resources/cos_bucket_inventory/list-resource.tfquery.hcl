list "cos_bucket_inventory" "all" {
  provider = cos

  config {
    bucket = "examplebucket-1250000000"
  }
}
