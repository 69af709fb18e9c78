terraform {
  required_version = ">= 1.8"

  required_providers {
    cos = {
      source  = "terraform-provider-cos/cos"
      version = ">= 0.0.1"
    }
  }
}

variable "jobs" {
  type        = any
  description = "The jobs of this part, by <bucket>/<id>, as jobs.json has them."
}

resource "cos_bucket_inventory" "all" {
  for_each = var.jobs

  bucket                   = each.value.bucket
  region                   = each.value.region
  id                       = each.value.id
  is_enabled               = each.value.is_enabled
  included_object_versions = each.value.included_object_versions
  filter                   = each.value.filter
  optional_fields          = each.value.optional_fields
  schedule                 = each.value.schedule
  destination              = each.value.destination
}
