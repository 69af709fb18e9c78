#!/bin/sh
# mirror.sh <folder> <version> [<binary> <source>]: puts a provider, by default ours, into a folder from which the CLIs install:
# https://developer.hashicorp.com/terraform/cli/config/config-file#filesystem_mirror
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
suffix=$(go env GOEXE)
sh "$root/tools/check-version.sh" release "v$2" 2>/dev/null || {
	echo "$2 is not a version, such as 1.2.3: no CLI would take it" >&2
	exit 1
}

binary=${3:-$root/bin/terraform-provider-cos$suffix}
source=${4:-terraform-provider-cos/cos}
# terraform and tofu look under their own registry's name.
for host in registry.terraform.io registry.opentofu.org; do
	folder=$1/$host/$source/$2/$(go env GOOS)_$(go env GOARCH)
	mkdir -p -- "$folder"
	cp -- "$binary" "$folder/terraform-provider-${source#*/}_v$2$suffix"
done
