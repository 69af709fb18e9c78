#!/bin/sh
# Publishes the version whose tag the commit has, signed with the key of GPG_FINGERPRINT, with its section of the change log as the notes.
set -eu
cd "$(dirname "$0")/.."

tag=$(git describe --tags --exact-match)
mkdir -p bin
sh tools/release-notes.sh "${tag#v}" >bin/release-notes.md
go tool -modfile=tools/release/go.mod goreleaser release --clean --release-notes bin/release-notes.md
