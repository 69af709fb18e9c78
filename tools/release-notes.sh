#!/bin/sh
# Prints what CHANGELOG.md says of a version, such as 1.2.0. A version that it does not have cannot be released.
set -eu
cd "$(dirname "$0")/.."

notes=$(awk -v version="$1" '/^## / { found = $2 == version; next } found' CHANGELOG.md)
[ -n "$notes" ] || {
	echo "CHANGELOG.md has no section of version $1" >&2
	exit 1
}
echo "$notes"
