provider "cos" {
  alias   = "profile"
  profile = "prod"
}
