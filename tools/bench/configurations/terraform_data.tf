# What Terraform itself takes: the resources are built into the CLI, and have the values of the jobs.
variable "jobs" { type = number }
variable "buckets" { type = number }

resource "terraform_data" "job" {
  count = var.jobs
  input = {
    bucket                   = format("source-%03d-1250000000", floor(count.index * var.buckets / var.jobs))
    id                       = format("job-%04d", count.index)
    included_object_versions = "Current"
    filter                   = { prefix = "data/${count.index}/" }
    optional_fields          = ["ETag", "LastModifiedDate", "Size", "StorageClass"]
    schedule                 = { frequency = "Weekly" }
    destination = {
      bucket     = "qcs::cos:ap-guangzhou::reports-1250000000"
      prefix     = "inventory"
      encryption = { sse_cos = {} }
    }
  }
}
