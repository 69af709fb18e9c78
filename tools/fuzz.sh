#!/bin/sh
# Runs every fuzz target of the module for the given time each; go test takes one target at a time.
# Minimizing is bounded: otherwise it takes most of the time.
set -eu
cd "$(dirname "$0")/.."

ran=0
packages=$(go list ./...)
for package in $packages; do
	listed=$(go test -list '^Fuzz' "$package")
	for target in $(echo "$listed" | grep '^Fuzz'); do
		echo "== $target ($package)"
		go test -run '^$' -fuzz "^$target\$" -fuzztime "$1" -fuzzminimizetime 20x "$package"
		ran=$((ran + 1))
	done
done
echo "$ran fuzz targets ran for $1 each"
[ "$ran" -gt 0 ]
