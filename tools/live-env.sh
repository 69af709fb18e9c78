#!/bin/sh
# Says what the live tests need, or what they are about to do.
set -eu

missing=
for name in TENCENTCLOUD_SECRET_ID TENCENTCLOUD_SECRET_KEY TENCENTCLOUD_REGION COS_LIVE_BUCKET COS_LIVE_DESTINATION_BUCKET; do
	eval "value=\${$name:-}"
	[ -n "$value" ] || missing="$missing $name"
done
if [ -z "$missing" ]; then
	cat <<-EOF
	This makes, changes and deletes inventory jobs tf-live-* in $COS_LIVE_BUCKET ($TENCENTCLOUD_REGION), and no others.
	It runs one of them once, which COS bills by the objects of that bucket, and which delivers a report to $COS_LIVE_DESTINATION_BUCKET.
	It takes some five minutes and 150 requests. The report stays there. Interrupted or killed, the run may leave such jobs behind, too:
	they are named tf-live-*, and the console deletes them.
	EOF
	exit
fi

cat >&2 <<EOF
make testacc-live asks real COS what its pages leave open. It needs these variables, of which are unset:$missing
  TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY   credentials with the permissions below
  TENCENTCLOUD_REGION                               the region of both buckets, such as ap-guangzhou
  COS_LIVE_BUCKET                                   the bucket to list, such as examplebucket-1250000000: one of few objects
  COS_LIVE_DESTINATION_BUCKET                       the bucket that receives the reports, without jobs of its own
The permissions: name/cos:PutBucketInventory, GetBucketInventory, ListBucketInventory, DeleteBucketInventory, PostBucketInventory
and HeadBucket on both buckets; name/cos:GetBucket, GetObject and PutObject on the destination. For the report, COS needs the
role COS_QcsRole (the guide complete-example makes it). To try it without an account:
  go run ./internal/fakecos/cmd/fakecos serve -run-delay 1s -env-file /tmp/fakecos.env & . /tmp/fakecos.env
  COS_LIVE_BUCKET=examplebucket-1250000000 COS_LIVE_DESTINATION_BUCKET=reports-1250000000 make testacc-live
EOF
exit 1
