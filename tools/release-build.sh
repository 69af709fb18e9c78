#!/bin/sh
# Builds the version whose tag the commit has into dist/release: what is published, but for the signature, and notes.md, its section of the
# change log. It needs no secret. TAG says which tag, if the commit has several.
set -eu
cd "$(dirname "$0")/.."

tag=${TAG:-$(git describe --tags --exact-match)}
sh tools/check-version.sh "${tag#v}"
[ "$(git rev-parse --verify --quiet "refs/tags/$tag^{commit}")" = "$(git rev-parse HEAD)" ] || {
	echo 'release-build: the tag is not that of the commit at hand' >&2
	exit 1
}
GORELEASER_CURRENT_TAG=$tag go tool -modfile=tools/release/go.mod goreleaser release --clean --skip=sign,publish

mkdir dist/release
cp dist/*.zip dist/*.cdx.json dist/*_SHA256SUMS dist/release/
cp terraform-registry-manifest.json "dist/release/terraform-provider-cos_${tag#v}_manifest.json"
sh tools/release-notes.sh "${tag#v}" >dist/notes.md
(cd dist/release && sha256sum --check --quiet ./*_SHA256SUMS)
