provider "cos" {
  alias               = "guarded"
  region              = "ap-guangzhou"
  allowed_account_ids = ["100000000001"]
}

provider "cos" {
  alias                 = "sandbox"
  region                = "ap-guangzhou"
  forbidden_account_ids = ["100000000003"]
}
