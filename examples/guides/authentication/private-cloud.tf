variable "services" {
  description = "The address of the private cloud's services, such as https://cloud.example.com."
  type        = string
}

provider "cos" {
  alias           = "private"
  region          = "ap-guangzhou"
  cos_domain      = var.services
  sts_domain      = var.services
  metadata_domain = var.services
  max_retries     = 10
}
