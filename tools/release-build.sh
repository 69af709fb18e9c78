#!/bin/sh
# Builds the version whose tag the commit has into dist/release: what is published, but for the signature. It needs no secret. TAG says which
# tag, if the commit has several.
set -eu
cd "$(dirname "$0")/.."

tag=${TAG:-$(git describe --tags --exact-match)}
sh tools/release-notes.sh "$tag" >/dev/null
GORELEASER_CURRENT_TAG=$tag go tool -modfile=tools/release/go.mod goreleaser release --clean --skip=sign,publish

mkdir dist/release
cp dist/*.zip dist/*.cdx.json dist/*_SHA256SUMS dist/release/
cp terraform-registry-manifest.json "dist/release/terraform-provider-cos_${tag#v}_manifest.json"
(cd dist/release && sha256sum --check --quiet ./*_SHA256SUMS)
