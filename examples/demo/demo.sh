#!/bin/sh
# Shows the provider at work with a real CLI, against the fake COS that the
# repository brings. It leaves nothing behind but bin/. Run it with: make demo
set -eu
cd "$(dirname "$0")/../.."
root=$(pwd)
cli=${COS_TEST_CLI:?"run the demo with: make demo"}

work=$(mktemp -d)
fake=
finish() {
	[ -z "$fake" ] || kill "$fake" 2>/dev/null || true
	rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

export TF_CLI_ARGS=-no-color
bold= plain=
if [ -t 1 ]; then
	bold=$(printf '\033[1m') plain=$(printf '\033[0m')
fi
title() { printf '\n%s### %s%s\n' "$bold" "$*" "$plain"; }

# show runs a command, and prints it and what a sed script leaves of its output: all of it, if the
# command fails.
show() {
	script=$1
	shift
	printf '%s$ %s%s\n' "$bold" "$*" "$plain"
	"$@" >"$work/output" 2>&1 || { cat "$work/output"; exit 1; }
	sed -n "$script" "$work/output"
}
run() { show p "$@"; }
plan='/will be updated/,/^Plan:/p; /^No changes/p'
outcome='/^Plan:/,$p'
cos() { "$work/fakecos" call "$@"; }

terraform() { "$cli" "$@"; }

title "A fake COS on loopback"
go build -o "$work/fakecos" ./internal/fakecos/cmd/fakecos
"$work/fakecos" serve -bucket ap-guangzhou/examplebucket-1250000000 -bucket ap-guangzhou/reports-1250000000 \
	-object examplebucket-1250000000/logs/a.log -object examplebucket-1250000000/logs/b.log -object examplebucket-1250000000/data.csv \
	-env-file "$work/env" >"$work/fakecos.log" 2>&1 &
fake=$!
tries=0
until [ -s "$work/env" ]; do
	if [ $tries -eq 100 ] || ! kill -0 "$fake" 2>/dev/null; then
		cat "$work/fakecos.log" >&2
		exit 1
	fi
	tries=$((tries + 1))
	sleep 0.1
done
. "$work/env"
unset TENCENTCLOUD_SECURITY_TOKEN
echo "It serves at $TENCENTCLOUD_COS_DOMAIN; the provider takes address, region and credentials from the environment."

mkdir "$work/config"
cp examples/provider/provider.tf examples/resources/cos_bucket_inventory/resource.tf "$work/config"
cd "$work/config"

title "Apply the jobs of examples/resources/cos_bucket_inventory/resource.tf"
show /Installed/p terraform init
show "$outcome" terraform apply -auto-approve

title "What COS now holds"
run cos GET -bucket examplebucket-1250000000 -id audit

title "Somebody switches the audit off, with an API call"
cos GET -bucket examplebucket-1250000000 -id audit | sed -n '/<InventoryConfiguration/p' |
	sed 's|<IsEnabled>true</IsEnabled>|<IsEnabled>false</IsEnabled>|' >"$work/audit.xml"
run cos PUT -bucket examplebucket-1250000000 -id audit -file "$work/audit.xml"
echo "The plan shows it:"
show "$plan" terraform plan
echo "The next apply repairs it:"
show "$outcome" terraform apply -auto-approve

title "A job that a raw API call made is imported, its configuration generated"
cat >"$work/nightly.xml" <<'EOF'
<InventoryConfiguration><Id>nightly</Id><IsEnabled>true</IsEnabled><IncludedObjectVersions>Current</IncludedObjectVersions><Filter><Prefix>logs/</Prefix></Filter><OptionalFields><Field>Size</Field></OptionalFields><Schedule><Frequency>Daily</Frequency></Schedule><Destination><COSBucketDestination><Bucket>qcs::cos:ap-guangzhou::reports-1250000000</Bucket><Format>CSV</Format><Encryption><SSE-COS></SSE-COS></Encryption></COSBucketDestination></Destination></InventoryConfiguration>
EOF
run cos PUT -bucket examplebucket-1250000000 -id nightly -file "$work/nightly.xml"
cat >import.tf <<'EOF'
import {
  to = cos_bucket_inventory.nightly
  id = "examplebucket-1250000000/nightly"
}
EOF
run cat import.tf
show /^Plan:/p terraform plan -generate-config-out=nightly.tf
run cat nightly.tf
show "$outcome" terraform apply -auto-approve

title "Nothing is left to do"
show "$plan" terraform plan -detailed-exitcode

title "The next morning: has the job delivered?"
cp "$root/examples/guides/watching-delivery/main.tf" watch.tf
echo "A check warns until the first report is there:"
show "$outcome" terraform apply -auto-approve
echo "COS delivers at night. Here, a command stands for the night:"
run "$work/fakecos" deliver
echo "The check passes, and the data source shows the report:"
cat >report.tf <<'EOF'
data "cos_bucket_inventory_report" "newest" {
  bucket = "examplebucket-1250000000"
  id     = "daily"
}
output "report" {
  value = { for name in ["delivered_at", "list_object_count", "files", "manifest_url"] : name => data.cos_bucket_inventory_report.newest[name] }
}
EOF
show '/^Warning/,/^$/p; /^Apply/,$p' terraform apply -auto-approve

title "A job whose destination does not exist: COS accepts it, the provider warns"
cat >missing.tf <<'EOF'
resource "cos_bucket_inventory" "nowhere" {
  bucket                   = "examplebucket-1250000000"
  id                       = "nowhere"
  included_object_versions = "Current"
  schedule                 = { frequency = "Daily" }
  destination              = { bucket = "qcs::cos:ap-guangzhou::missing-1250000000" }
}
EOF
show '/^Plan:/,/^Apply/p' terraform apply -auto-approve

title "Destroy"
show /^Destroy/p terraform destroy -auto-approve
run cos LIST -bucket examplebucket-1250000000

title "Done"
