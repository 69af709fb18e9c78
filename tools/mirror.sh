#!/bin/sh
# Puts bin/terraform-provider-cos as the given version into a folder from which the CLIs install:
# https://developer.hashicorp.com/terraform/cli/config/config-file#filesystem_mirror
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
suffix=$(go env GOEXE)

# terraform and tofu look under their own registry's name.
for host in registry.terraform.io registry.opentofu.org; do
	folder=$1/$host/terraform-provider-cos/cos/$2/$(go env GOOS)_$(go env GOARCH)
	mkdir -p "$folder"
	cp "$root/bin/terraform-provider-cos$suffix" "$folder/terraform-provider-cos_v$2$suffix"
done
