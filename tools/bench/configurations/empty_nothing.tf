# What any plugin takes.
terraform {
  required_providers {
    empty = { source = "terraform-provider-cos/empty" }
  }
}

variable "jobs" { type = number }

resource "empty_nothing" "job" {
  count = var.jobs
  id    = format("job-%04d", count.index)
}
