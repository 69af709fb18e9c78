provider "cos" {
  alias  = "pipeline"
  region = "ap-guangzhou"

  assume_role_with_web_identity = {
    role_arn                = "qcs::cam::uin/100000000001:roleName/pipeline"
    provider_id             = "gitlab"
    web_identity_token_file = "token.jwt"
  }
}
