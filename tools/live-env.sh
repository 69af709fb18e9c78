#!/bin/sh
# Checks the environment of the live tests, which create and delete inventory jobs on a real bucket.
set -eu

missing=
for name in TENCENTCLOUD_SECRET_ID TENCENTCLOUD_SECRET_KEY TENCENTCLOUD_REGION COS_LIVE_BUCKET COS_LIVE_DESTINATION_BUCKET; do
	eval "value=\${$name:-}"
	[ -n "$value" ] || missing="$missing $name"
done
[ -z "$missing" ] && exit

cat >&2 <<EOF
make testacc-live needs these variables, of which are unset:$missing
  TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY   credentials with the permissions of docs/index.md on both buckets
  TENCENTCLOUD_REGION                               the region of both buckets, such as ap-guangzhou
  COS_LIVE_BUCKET                                   the bucket to list, such as examplebucket-1250000000
  COS_LIVE_DESTINATION_BUCKET                       the bucket that receives the reports
EOF
exit 1
