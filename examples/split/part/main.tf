# The same file in each directory below parts. The directory's name is the region.
terraform {
  required_providers {
    cos = { source = "terraform-provider-cos/cos" }
  }

  # Each part has a state of its own. Here: the backend, with a key for each region.
}

locals {
  region = basename(abspath(path.module))
  jobs   = { for name, job in jsondecode(file("${path.module}/../../jobs.json")) : name => job if job.region == local.region }
}

provider "cos" {
  region = local.region
}

module "jobs" {
  source = "../../jobs"
  jobs   = local.jobs
}

# For the move alone: takes over the jobs of the old state. Remove it once every part has been applied.
import {
  for_each = local.jobs
  to       = module.jobs.cos_bucket_inventory.all[each.key]
  id       = each.key
}
