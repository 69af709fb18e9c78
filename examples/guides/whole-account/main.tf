locals {
  jobs = jsondecode(file("${path.module}/jobs.json"))
}

import {
  for_each = local.jobs
  to       = cos_bucket_inventory.all[each.key]
  id       = "${each.key}@${each.value.region}"
}

resource "cos_bucket_inventory" "all" {
  for_each = local.jobs

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
