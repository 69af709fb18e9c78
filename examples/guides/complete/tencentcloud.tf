terraform {
  required_providers {
    cos          = { source = "terraform-provider-cos/cos" }
    tencentcloud = { source = "tencentcloudstack/tencentcloud" }
  }
}

# Both providers read credentials and region from the same environment variables.
provider "cos" {}
provider "tencentcloud" {}

variable "source_bucket" {
  type        = string
  default     = "examplebucket-1250000000"
  description = "The bucket whose objects are listed, as <name>-<appid>."
}

variable "region" {
  type        = string
  default     = "ap-guangzhou"
  description = "The region of the source bucket, and the provider's: the destination is in it, too."
}

locals {
  appid = regex("[0-9]+$", var.source_bucket)
}

# The destination. Reports expire: the rule covers <destination.prefix>/, and with it the data files,
# which are beside the days' manifests.
resource "tencentcloud_cos_bucket" "reports" {
  bucket = "reports-${local.appid}"
  acl    = "private"

  lifecycle_rules {
    id            = "reports"
    filter_prefix = "inventory/"

    expiration {
      days = 90
    }
  }
}

# The role with which COS delivers, one per account, with exactly this name. If the account has it
# already, because the console made it, import it first.
resource "tencentcloud_cam_role" "cos" {
  name = "COS_QcsRole"
  document = jsonencode({
    version = "2.0"
    statement = [{
      action    = "name/sts:AssumeRole"
      effect    = "allow"
      principal = { service = "cos.cloud.tencent.com" }
    }]
  })
}

resource "tencentcloud_cam_role_policy_attachment_by_name" "cos" {
  role_name   = tencentcloud_cam_role.cos.name
  policy_name = "QcloudCOSFullAccess"
}
