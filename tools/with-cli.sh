#!/bin/sh
# Runs a command with a Terraform CLI chosen: $COS_TEST_CLI, else terraform or tofu on PATH, else an OpenTofu built into bin/.
# The tests therefore never skip for want of a CLI, and terraform-plugin-testing never downloads one.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)

# A developer's own CLI configuration (mirrors, overrides) must not decide a test, nor a version check reach out.
export TF_CLI_CONFIG_FILE=/dev/null
export CHECKPOINT_DISABLE=1

if [ -n "${COS_TEST_CLI:-}" ]; then
	cli=$(command -v "$COS_TEST_CLI") || {
		echo "COS_TEST_CLI names no program: $COS_TEST_CLI" >&2
		exit 1
	}
elif ! cli=$(command -v terraform || command -v tofu); then
	"${MAKE:-make}" -s -C "$root" bin/tofu >&2
	cli=$root/bin/tofu
fi
case $cli in
/*) ;;
*) cli=$PWD/$cli ;;
esac

# https://developer.hashicorp.com/terraform/plugin/testing/acceptance-tests#environment-variables
export COS_TEST_CLI="$cli"
export TF_ACC_TERRAFORM_PATH="$cli"
case $("$cli" version) in
*OpenTofu*) export TF_ACC_PROVIDER_HOST=registry.opentofu.org ;;
esac

exec "$@"
