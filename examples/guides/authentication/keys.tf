variable "keys" {
  type      = object({ secret_id = string, secret_key = string, security_token = optional(string) })
  sensitive = true
}

provider "cos" {
  alias          = "keys"
  region         = "ap-guangzhou"
  secret_id      = var.keys.secret_id
  secret_key     = var.keys.secret_key
  security_token = var.keys.security_token # null, unless the keys are temporary
}
