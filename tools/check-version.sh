#!/bin/sh
# Fails unless a version, which may be the name of a tag, is harmless in a command and in the linker's flags.
set -eu

case $1 in
'' | *[!0-9A-Za-z.+-]*)
	echo "the version may have letters, digits, '.', '+' and '-' only" >&2
	exit 1
	;;
esac
