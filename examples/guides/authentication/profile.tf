provider "cos" {
  alias   = "profile"
  profile = "prod"
}

# A profile's files in a directory of their own: prod.credential and prod.configure.
provider "cos" {
  alias                  = "mounted"
  profile                = "prod"
  shared_credentials_dir = "credentials"
}
