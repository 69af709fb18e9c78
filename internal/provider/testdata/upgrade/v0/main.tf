resource "cos_bucket_inventory" "minimal" {
  bucket                   = "examplebucket-1250000000"
  id                       = "minimal"
  included_object_versions = "Current"

  schedule = {
    frequency = "Daily"
  }

  destination = {
    bucket = "qcs::cos:ap-guangzhou::reports-1250000000"
  }
}

resource "cos_bucket_inventory" "full" {
  bucket                   = "examplebucket-1250000000"
  id                       = "full"
  region                   = "ap-guangzhou"
  is_enabled               = false
  included_object_versions = "All"
  optional_fields          = ["Size", "Tag", "x-cos-meta-owner"]

  filter = {
    prefix        = "invoices/"
    storage_class = "STANDARD_IA"
    tags = {
      department = "finance"
    }
    period = {
      start_time = 1767225600
      end_time   = 1798761600
    }
  }

  schedule = {
    frequency    = "Monthly"
    monthly_date = 1
  }

  destination = {
    bucket     = "qcs::cos:ap-guangzhou::reports-1250000000"
    account_id = "100000000001"
    format     = "CSV"
    prefix     = "inventory"
    encryption = {
      sse_cos = {}
    }
  }

  timeouts = {
    create = "5m"
    read   = "5m"
    update = "5m"
    delete = "5m"
  }
}
