provider "cos" {
  alias         = "instance"
  region        = "ap-guangzhou"
  cam_role_name = "inventory"
}
