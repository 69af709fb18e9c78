#!/bin/sh
# Signs what tools/release-build.sh has built, with the key of GPG_FINGERPRINT, and publishes it as the release of TAG. It compiles nothing,
# so that no dependency of the build comes near the key.
set -eu
cd "$(dirname "$0")/../dist/release"

sums=terraform-provider-cos_${TAG#v}_SHA256SUMS
sha256sum --check --quiet "$sums"
gpg --batch --local-user "$GPG_FINGERPRINT" --output "$sums.sig" --detach-sign "$sums"
gpg --batch --verify "$sums.sig" "$sums"

set --
case $TAG in
*-*) set -- --prerelease ;;
esac
gh release create "$TAG" --verify-tag --title "$TAG" --notes-file ../notes.md "$@" ./*
