#!/bin/sh
# Looks for known vulnerabilities that the packages of every module here can reach, and those of the tools that the modules name.
# VULNDB=file:///… asks another database than the public one.
set -eu
cd "$(dirname "$0")/.."
root=$PWD

govulncheck=$(go tool -modfile=tools/go.mod -n govulncheck)
checked=0
for file in $(git ls-files 'go.mod' '*/go.mod'); do
	module=$(dirname "$file")
	set -- ./...
	cd "$root/$module"
	! grep -q '^tool' go.mod || set -- "$@" tool
	for packages in "$@"; do
		[ -n "$(go list "$packages" 2>/dev/null)" ] || continue
		echo "== $module: $packages"
		"$govulncheck" ${VULNDB:+-db "$VULNDB"} "$packages"
		checked=$((checked + 1))
	done
done
[ "$checked" -gt 0 ]
