#!/bin/sh
# Installs the provider for a user who has configured nothing, has the CLI find it, and uninstalls it.
set -eu
cd "$(dirname "$0")/.."

# Go's caches are not the user's configuration.
GOCACHE=$(go env GOCACHE)
GOMODCACHE=$(go env GOMODCACHE)
GOPATH=$(go env GOPATH)
export GOCACHE GOMODCACHE GOPATH

HOME=$(mktemp -d)
export HOME
trap 'rm -rf "$HOME"' EXIT
unset TF_CLI_CONFIG_FILE XDG_DATA_HOME XDG_CONFIG_HOME

mkdir "$HOME/configuration"
cp examples/provider/provider.tf "$HOME/configuration/"

"${MAKE:-make}" -s install
"$COS_TEST_CLI" -chdir="$HOME/configuration" init -input=false -no-color >/dev/null
"$COS_TEST_CLI" -chdir="$HOME/configuration" validate -no-color

"${MAKE:-make}" -s uninstall
left=$(find "$HOME/.terraform.d" -type f)
[ -z "$left" ] || {
	echo "make uninstall left $left" >&2
	exit 1
}
