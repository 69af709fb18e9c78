terraform {
  required_providers {
    cos = { source = "terraform-provider-cos/cos" }
  }
}

variable "jobs" {
  type        = any
  description = "The jobs of this part, by <bucket>/<id>, as jobs.json has them."
}
