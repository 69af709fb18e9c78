#!/bin/sh
# Runs `go test` with the given arguments and closes with a line that counts the tests. A run that matched no test fails.
set -u
cd "$(dirname "$0")/.." || exit

events=$(mktemp) || exit
trap 'rm -f "$events"' EXIT

go tool -modfile=tools/go.mod gotestsum --format pkgname --jsonfile "$events" -- "$@"
status=$?

count() {
	grep '"Test":' "$events" | grep -c "\"Action\":\"$1\""
}
passed=$(count pass)
failed=$(count fail)
if [ "$passed" -eq 0 ] && [ "$status" -eq 0 ]; then
	echo 'no test matched' >&2
	status=1
fi
# A package that does not build or exits early fails without a test of that name: it is counted itself.
if [ "$failed" -eq 0 ] && [ "$status" -ne 0 ]; then
	failed=$(grep -v '"Test":' "$events" | grep -c '"Action":"fail"')
fi
echo "$passed passed, $failed failed"
exit "$status"
