# With a mock, nothing of the provider runs, and the CLI knows none of its defaults: they stand here. OpenTofu refuses one
# for destination.format; with Terraform, destination = { format = "CSV" } gives it.
mock_provider "cos" {
  mock_resource "cos_bucket_inventory" {
    defaults = {
      region        = "ap-guangzhou"
      is_enabled    = true
      report_prefix = "1250000000/examplebucket/report/"
    }
  }
}

run "mocked" {
  assert {
    condition     = cos_bucket_inventory.report.is_enabled && output.report_prefix == "1250000000/examplebucket/report/"
    error_message = "The mock has other defaults."
  }
}
