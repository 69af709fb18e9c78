#!/bin/sh
# Plans the module of examples/policy and evaluates its rules: they let it pass, and refuse it with refused.tfvars.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cli=${COS_TEST_CLI:?"run this with: make policy-check"}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

cp "$root"/examples/policy/*.tf "$root"/examples/policy/*.tfvars "$root"/examples/policy/rules.rego "$work"
cp "$root/examples/provider/provider.tf" "$work/versions.tf"
cd "$work"
"$cli" init -no-color >init.log || { cat init.log; exit 1; }

# refused evaluates the rules on a plan with these arguments, and prints what they refuse.
refused() {
	"$cli" plan -no-color -out=plan.tfplan "$@" >plan.log || { cat plan.log >&2; exit 1; }
	"$cli" show -json plan.tfplan >plan.json
	go -C "$root" tool -modfile=tools/opa/go.mod opa eval -f raw -d "$work/rules.rego" -i "$work/plan.json" 'concat("\n", data.main.deny)'
}

found=$(refused)
[ -z "$found" ] || { echo "policy: the rules refuse the module: $found" >&2; exit 1; }
found=$(refused -var-file=refused.tfvars)
count=$(printf '%s\n' "$found" | wc -l)
[ "$count" -eq 3 ] || { printf 'policy: want three refusals, not:\n%s\n' "$found" >&2; exit 1; }
printf 'The rules refuse the module with refused.tfvars:\n%s\n' "$found"
