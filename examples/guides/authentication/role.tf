provider "cos" {
  alias  = "archive"
  region = "ap-guangzhou"

  assume_role = {
    role_arn     = "qcs::cam::uin/100000000002:roleName/inventory"
    session_name = "terraform"
    external_id  = "archive-team"
  }
}
