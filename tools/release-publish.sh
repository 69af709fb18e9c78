#!/bin/sh
# Signs what tools/release-build.sh has built and the workflow has attested, with the key of GPG_FINGERPRINT, and publishes it as the release
# of TAG. It compiles nothing, so that no dependency of the build comes near the key.
set -eu
cd "$(dirname "$0")/.."
sh tools/check-version.sh "${TAG#v}"
cd dist/release

repository=terraform-provider-cos/terraform-provider-cos
sums=terraform-provider-cos_${TAG#v}_SHA256SUMS
gh attestation verify "$sums" --repo "$repository" --signer-workflow "$repository/.github/workflows/release.yml" --source-ref refs/heads/main
sha256sum --check --strict --quiet "$sums"

# Only what the sums list is published: no other file that is here.
names=$(awk '{ print $2 }' "$sums")
if [ -z "$names" ] || printf '%s\n' "$names" | grep -Eqv '^terraform-provider-cos_[0-9A-Za-z._+-]+$'; then
	echo "release-publish: $sums lists what is no file of a release" >&2
	exit 1
fi
gpg --batch --local-user "$GPG_FINGERPRINT" --output "$sums.sig" --detach-sign "$sums"
gpg --batch --verify "$sums.sig" "$sums"

# No name has a blank: see above.
# shellcheck disable=SC2086
set -- $names "$sums" "$sums.sig"
case $TAG in
*-*) set -- --prerelease "$@" ;;
esac
gh release create "$TAG" --verify-tag --title "$TAG" --notes-file ../notes.md "$@"
