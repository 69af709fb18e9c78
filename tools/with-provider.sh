#!/bin/sh
# Runs a command with a CLI configuration by which the CLI installs bin/terraform-provider-cos as it would a release.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)

mirror=$(mktemp -d)
trap 'rm -rf "$mirror"' EXIT
trap 'exit 130' INT TERM

sh "$root/tools/mirror.sh" "$mirror" 0.0.1
printf 'provider_installation {\n  filesystem_mirror { path = "%s" }\n}\n' "$mirror" >"$mirror/cli.tfrc"

export TF_CLI_CONFIG_FILE="$mirror/cli.tfrc" CHECKPOINT_DISABLE=1 TF_IN_AUTOMATION=1 TF_INPUT=0
"$@"
