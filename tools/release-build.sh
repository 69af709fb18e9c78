#!/bin/sh
# Builds the version whose tag the commit has into dist/release: what is published, but for the signature, and notes.md, its section of the
# change log. It needs no secret.
set -eu
cd "$(dirname "$0")/.."

tag=$(git describe --tags --exact-match)
go tool -modfile=tools/release/go.mod goreleaser release --clean --skip=sign,publish

mkdir dist/release
cp dist/*.zip dist/*.cdx.json dist/*_SHA256SUMS dist/release/
cp terraform-registry-manifest.json "dist/release/terraform-provider-cos_${tag#v}_manifest.json"
sh tools/release-notes.sh "${tag#v}" >dist/notes.md
(cd dist/release && sha256sum --check --quiet ./*_SHA256SUMS)
