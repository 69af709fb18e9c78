#!/bin/sh
# release-notes.sh <tag>: prints what CHANGELOG.md says of a release. It fails unless the tag is that of a release and of the commit that is
# checked out, and the change log has a section of it.
set -eu
cd "$(dirname "$0")/.."

fail() {
	echo "release: $1" >&2
	exit 1
}

sh tools/check-version.sh release "$1"
[ "$(git rev-parse --verify --quiet "refs/tags/$1^{commit}")" = "$(git rev-parse HEAD)" ] || fail "$1 is not a tag of the commit at hand"
notes=$(awk -v version="${1#v}" '/^## / { found = $2 == version; next } found' CHANGELOG.md)
[ -n "$notes" ] || fail "CHANGELOG.md has no section of version ${1#v}"
echo "$notes"
