# In the place of the resource in the old configuration: the state forgets the jobs, and COS keeps them.
removed {
  from = cos_bucket_inventory.all

  lifecycle {
    destroy = false
  }
}
