#!/bin/sh
# Builds a release of the commit at hand twice and fails unless both are the same, byte for byte: once as it comes, once in another folder
# with an empty build cache, where nothing can be left over from the first, elsewhere in the world, for a user who keeps things private. Then
# the CLI installs it. Before that, the tests show what signing and publishing refuse.
# PLATFORMS="linux_amd64 …" narrows it to some platforms.
set -eu
cd "$(dirname "$0")/.."
root=$PWD

work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

fail() {
	echo "release-check: $*" >&2
	exit 1
}

# safe.directory: a checkout may belong to another user than the one who checks it.
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0='*'
[ -z "$(git status --porcelain)" ] || echo 'release-check: what is not committed is not in the release' >&2

go test -count=1 -v -run '^TestRelease' .
goreleaser=$(go tool -modfile=tools/release/go.mod -n goreleaser)

# release builds the commit in a folder of its own.
release() {
	git clone --quiet --no-hardlinks "$root" "$1"
	(
		cd "$1"
		config=.goreleaser.yml
		if [ -n "${PLATFORMS:-}" ]; then
			config=$work/some.yml
			awk -v some=" $PLATFORMS " '!/^      - [a-z]+_[a-z0-9]+$/ || index(some, " " $2 " ")' .goreleaser.yml >"$config"
		fi
		"$goreleaser" check --quiet --config "$config"
		"$goreleaser" release --snapshot --clean --skip=sign,publish --config "$config"
		# goreleaser's notes to itself hold the time and the folder.
		rm dist/artifacts.json dist/config.yaml dist/metadata.json
	)
}

release "$work/once"
(
	umask 077
	GOCACHE="$work/cache" TZ=Asia/Shanghai release "$work/in/another/folder"
)
diff -r "$work/once/dist" "$work/in/another/folder/dist" || fail 'two builds of one commit differ'

# terraform and tofu look into their own registry's folder for archives that are named as in a release.
dist=$work/once/dist
for host in registry.terraform.io registry.opentofu.org; do
	mkdir -p "$work/mirror/$host/terraform-provider-cos/cos"
	cp "$dist"/*.zip "$work/mirror/$host/terraform-provider-cos/cos/"
done
printf 'provider_installation {\n  filesystem_mirror { path = "%s" }\n}\n' "$work/mirror" >"$work/cli.tfrc"
mkdir "$work/configuration"
set -- "$dist"/*_SHA256SUMS
version=${1#"$dist/terraform-provider-cos_"}
version=${version%_SHA256SUMS}
cat >"$work/configuration/main.tf" <<TF
terraform {
  required_providers {
    cos = {
      source  = "terraform-provider-cos/cos"
      version = "$version"
    }
  }
}
TF
export TF_CLI_CONFIG_FILE="$work/cli.tfrc"
"$COS_TEST_CLI" -chdir="$work/configuration" init -input=false -no-color
"$COS_TEST_CLI" -chdir="$work/configuration" validate -no-color

set -- "$dist"/*.zip
echo "$# archives of $version, twice the same"
