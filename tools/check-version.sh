#!/bin/sh
# check-version.sh <version>: fails unless it is harmless in a command and in the linker's flags.
# check-version.sh release <tag>: fails unless it is that of a release, v<version>, with nothing before or after.
set -eu

fail() {
	echo "$1" >&2
	exit 1
}

for text in "$@"; do :; done
case $text in
'' | *[!0-9A-Za-z.+-]*) fail "the version may have letters, digits, '.', '+' and '-' only" ;;
esac
[ $# -eq 1 ] || printf '%s\n' "$text" | grep -Eqx 'v(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*)){2}(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?' ||
	fail "$text is not v and a version, such as v1.2.0 or v1.2.0-rc.1"
