variable "secret_id" {
  type = string
}

variable "secret_key" {
  type      = string
  sensitive = true
}

variable "security_token" {
  description = "Null, unless the keys are temporary."
  type        = string
  default     = null
  sensitive   = true
}

provider "cos" {
  alias          = "keys"
  region         = "ap-guangzhou"
  secret_id      = var.secret_id
  secret_key     = var.secret_key
  security_token = var.security_token
}
