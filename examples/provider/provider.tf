terraform {
  required_version = ">= 1.8"

  required_providers {
    cos = {
      source  = "terraform-provider-cos/cos"
      version = ">= 0.0.1"
    }
  }
}

# Credentials come from the environment: TENCENTCLOUD_SECRET_ID and
# TENCENTCLOUD_SECRET_KEY, with temporary ones also TENCENTCLOUD_SECURITY_TOKEN.
provider "cos" {
  region = "ap-guangzhou"
}
