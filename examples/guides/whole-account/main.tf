data "cos_bucket_inventories" "all" {
  # region     = "ap-guangzhou"                      # only the buckets of this region
  # bucket_tag = { key = "team", value = "storage" } # only the buckets with this tag
}

locals {
  # By <bucket>/<id>, which is unique in the account. The state keeps each job's region.
  jobs = { for job in data.cos_bucket_inventories.all.inventories : "${job.bucket}/${job.id}" => job }
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
