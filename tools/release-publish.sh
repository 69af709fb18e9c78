#!/bin/sh
# Signs what tools/release-build.sh has built and the workflow has attested, with the key of GPG_FINGERPRINT, and publishes it as the release
# of TAG. It compiles nothing, so that no dependency of the build comes near the key.
set -eu
cd "$(dirname "$0")/.."
sh tools/release-notes.sh "$TAG" >dist/notes.md
commit=$(git rev-parse HEAD)
cd dist/release

# The workflow ran from the tagged commit: what another run of it has attested is not this release.
repository=terraform-provider-cos/terraform-provider-cos
files=terraform-provider-cos_${TAG#v}_
sums=${files}SHA256SUMS
gh attestation verify --repo "$repository" --signer-workflow "$repository/.github/workflows/release.yml" \
	--source-ref refs/heads/main --source-digest "$commit" -- "$sums"
sha256sum --check --strict --quiet -- "$sums"

# Only what the sums list is published: no other file that is here.
set -- "$sums" "$sums.sig"
while read -r _ name; do
	case $name in
	*[!0-9A-Za-z._-]*) ;;
	"$files"*)
		set -- "$@" "$name"
		continue
		;;
	esac
	echo "release: $sums lists $name, which is no file of $TAG" >&2
	exit 1
done <"$sums"
gpg --batch --local-user "$GPG_FINGERPRINT" --output "$sums.sig" --detach-sign -- "$sums"
gpg --batch --verify -- "$sums.sig" "$sums"

prerelease=
case $TAG in
*-*) prerelease=--prerelease ;;
esac
gh release create --verify-tag --title "$TAG" --notes-file ../notes.md $prerelease -- "$TAG" "$@"
