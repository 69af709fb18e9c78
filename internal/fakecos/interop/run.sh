#!/bin/sh
# Drives the fake COS with the vendor's SDKs, and queries its reports with DuckDB. Needs go, node and npm; works in a
# folder of its own under TMPDIR and leaves nothing behind.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
for tool in go node npm; do
	command -v "$tool" >/dev/null || { echo "interop: $tool is not on PATH" >&2; exit 1; }
done

work=$(mktemp -d)
server=
cleanup() {
	status=$?
	trap - EXIT
	if [ -n "$server" ]; then
		kill "$server" 2>/dev/null || true
		wait "$server" || status=1
	fi
	rm -rf "$work"
	exit "$status"
}
trap cleanup EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

cp "$here/package.json" "$here/package-lock.json" "$here/.npmrc" "$here/interop.js" "$here/query.mjs" "$work"
# What the lock file names, byte for byte, and nothing that a package would run.
(cd "$work" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)

(cd "$here" && go build -o "$work/fakecos" ../cmd/fakecos)
"$work/fakecos" serve -skew delete-absent-204 -env-file "$work/fakecos.env" \
	-object "examplebucket-1250000000/logs/a b+c, \"d\".txt" -object examplebucket-1250000000/logs/中文.txt \
	-object examplebucket-1250000000/tmp/old >/dev/null &
server=$!
while [ ! -f "$work/fakecos.env" ]; do # put in place whole, once the service listens
	kill -0 "$server" || { echo "interop: the fake did not start" >&2; exit 1; }
	sleep 0.1
done
. "$work/fakecos.env"
export COS_BUCKET=examplebucket-1250000000 COS_INVENTORY_ID=from-javascript

node "$work/interop.js"

sh "$here/suites.sh" "$work" >"$work/suites.log" || { cat "$work/suites.log"; exit 1; }

# The provider takes over the jobs that the SDKs made, and has nothing to change in them.
mkdir "$work/config"
cd "$work/config"
cat >versions.tf <<'EOF'
terraform {
  required_providers {
    cos = { source = "terraform-provider-cos/cos" }
  }
}
EOF
for made in ${COS_PYTHON_SDK:+from-python} "$COS_INVENTORY_ID"; do
	cat >>import.tf <<EOF
import {
  to = cos_bucket_inventory.$made
  id = "$COS_BUCKET/$made"
}
EOF
done
cli=${COS_TEST_CLI:?"run this with: make interop"}
"$cli" init -no-color >init.log || { cat init.log; exit 1; }
"$cli" plan -no-color -generate-config-out=jobs.tf
"$cli" apply -no-color -auto-approve
"$cli" plan -no-color -detailed-exitcode

# The guide "Query a report", as it stands, with a report that the fake delivers.
mkdir "$work/query"
cd "$work/query"
cat >weekly.xml <<'EOF'
<InventoryConfiguration><Id>weekly</Id><IsEnabled>true</IsEnabled><IncludedObjectVersions>Current</IncludedObjectVersions><OptionalFields><Field>Size</Field><Field>StorageClass</Field><Field>ETag</Field><Field>LastModifiedDate</Field></OptionalFields><Schedule><Frequency>Weekly</Frequency></Schedule><Destination><COSBucketDestination><Bucket>qcs::cos:ap-guangzhou::reports-1250000000</Bucket><Format>CSV</Format></COSBucketDestination></Destination></InventoryConfiguration>
EOF
"$work/fakecos" call PUT -bucket "$COS_BUCKET" -id weekly -file weekly.xml
"$work/fakecos" deliver >/dev/null
cp "$work/config/versions.tf" "$here/../../../examples/guides/query/main.tf" .
"$cli" init -no-color >init.log || { cat init.log; exit 1; }
"$cli" apply -no-color -auto-approve >apply.log || { cat apply.log; exit 1; }
"$cli" output -raw duckdb >view.sql
"$cli" output -raw download >download.sh
node "$work/query.mjs" "$here/../../../examples/guides/query/queries.sql"

cat "$work/suites.log"
