#!/bin/sh
# Generates docs/ from the provider's schemas, templates/ and examples/, with neither a CLI nor the network.
# "write" replaces docs/; "check" fails when docs/ differs from what "write" would leave, in a file missing, stale or new.
set -eu
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Its log is a line for every step; it matters only when one fails.
tfplugindocs() {
	go tool -modfile=tools/go.mod tfplugindocs "$@" --provider-dir "$work" --provider-name cos \
		--providers-schema "$work/schema.json" >"$work/log" 2>&1 || {
		cat "$work/log" >&2
		exit 1
	}
}

go run tools/schema/*.go >"$work/schema.json"

# tfplugindocs reads and writes under one folder only; a copy keeps it away from the tree.
for source in templates examples; do
	[ ! -d "$source" ] || cp -R "$source" "$work/"
done
tfplugindocs generate
tfplugindocs validate

# Between nested schemas, tfplugindocs leaves blank lines without an end.
find "$work/docs" -name '*.md' | while read -r page; do
	cat -s "$page" >"$work/page"
	mv "$work/page" "$page"
done

case $1 in
write)
	rm -rf docs
	cp -R "$work/docs" docs
	;;
check)
	if ! diff -ru docs "$work/docs"; then
		echo 'docs/ is out of date: run make docs' >&2
		exit 1
	fi
	;;
*)
	echo "usage: $0 write|check" >&2
	exit 2
	;;
esac
