#!/bin/sh
# Runs the benchmark with the providers installed: ours, the empty one, and that of PEER, the tencentcloud provider's binary.
set -eu
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

go build -C tools/bench -trimpath -buildvcs=false -ldflags '-s -w' -o "$work/" . ./empty
mirror="filesystem_mirror { path = \"$work/mirror\" }"
overrides=

# provider installs one, and for a metered run the benchmark's own binary in its place, beside it.
provider() {
	sh tools/mirror.sh "$work/mirror" 0.0.1 "$1" "$2"
	mkdir -p "$work/meters/$2"
	cp "$1" "$work/meters/$2/provider"
	cp "$work/bench" "$work/meters/$2/terraform-provider-${2#*/}"
	overrides="$overrides\"$2\" = \"$work/meters/$2\"
"
}
provider bin/terraform-provider-cos terraform-provider-cos/cos
provider "$work/empty" terraform-provider-cos/empty
[ -z "${PEER:-}" ] || provider "$PEER" tencentcloudstack/tencentcloud
printf 'provider_installation {\n%s\n}\n' "$mirror" >"$work/cli.tfrc"
printf 'provider_installation {\ndev_overrides {\n%s}\n%s\n}\n' "$overrides" "$mirror" >"$work/metered.tfrc"
"$work/bench" -work "$work" ${PEER:+-peer "$(basename "$PEER")"} "$@"
