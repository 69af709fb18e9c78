terraform {
  backend "cos" {
    region = "ap-guangzhou"
    bucket = "terraform-state-1250000000"
    prefix = "inventories"
  }
}
