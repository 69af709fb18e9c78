data "cos_bucket_inventories" "all" {
  bucket = "examplebucket-1250000000"
}

locals {
  jobs = { for job in data.cos_bucket_inventories.all.inventories : job.id => job }
}

import {
  for_each = local.jobs
  to       = cos_bucket_inventory.all[each.key]
  id       = "${each.value.bucket}/${each.key}@${each.value.region}"
}

resource "cos_bucket_inventory" "all" {
  for_each = local.jobs

  bucket                   = each.value.bucket
  id                       = each.key
  is_enabled               = each.value.is_enabled
  included_object_versions = each.value.included_object_versions
  filter                   = each.value.filter
  optional_fields          = each.value.optional_fields
  schedule                 = each.value.schedule
  destination              = each.value.destination
}
