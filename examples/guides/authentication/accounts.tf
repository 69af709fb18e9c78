provider "cos" {
  alias               = "guarded"
  region              = "ap-guangzhou"
  allowed_account_ids = ["100000000001"]
}
