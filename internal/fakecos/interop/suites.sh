#!/bin/sh
# Runs the inventory tests of the vendor's own SDKs against the fake that the environment names, and prints which cases
# ran. Their sources are not part of this repository: COS_NODEJS_SDK and COS_PYTHON_SDK name the folders of
# cos-nodejs-sdk-v5 and cos-python-sdk-v5. The requests of the Java, .NET, Go and PHP SDKs' tests are cases of the
# fake's own tests (vendor_test.go), because their tool chains are not at hand everywhere.
#
# usage: suites.sh WORK, a folder with the npm packages of package.json
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
work=$1
export COS_SUITE_BUCKET=examplebucket-1250000000

summary=
say() {
	summary="$summary  $1
"
}

if [ -n "${COS_NODEJS_SDK-}" ]; then
	# The tests, beside the pinned package. What they need for the other calls is left out.
	mkdir -p "$work/nodejs/test" "$work/nodejs/demo" "$work/nodejs/node_modules"
	cp "$COS_NODEJS_SDK/test/test.js" "$work/nodejs/test"
	cp "$here/suite-index.js" "$work/nodejs/index.js"
	echo 'module.exports = {};' | tee "$work/nodejs/demo/util.js" >"$work/nodejs/node_modules/request.js"
	SecretId=$TENCENTCLOUD_SECRET_ID SecretKey=$TENCENTCLOUD_SECRET_KEY Bucket=$COS_SUITE_BUCKET Region=$TENCENTCLOUD_REGION \
		Uin=100000000001 nodejssdkStsUrl=http://127.0.0.1:1 \
		"$work/node_modules/.bin/mocha" --exit --fgrep BucketInventory "$work/nodejs/test/test.js" >"$work/nodejs.log" ||
		{ cat "$work/nodejs.log" >&2; exit 1; }
	cat "$work/nodejs.log"
	ran=$(sed -n 's/^ *\([0-9][0-9]*\) passing.*/\1/p' "$work/nodejs.log")
	# A renamed group would leave nothing to run.
	[ "${ran:-0}" -gt 0 ] || { echo "interop: cos-nodejs-sdk-v5 has no group BucketInventory" >&2; exit 1; }
	say "cos-nodejs-sdk-v5, test/test.js, BucketInventory: $ran passed"
else
	say "cos-nodejs-sdk-v5: not run, COS_NODEJS_SDK does not name its source"
fi

if [ -n "${COS_PYTHON_SDK-}" ]; then
	PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$COS_PYTHON_SDK:$COS_PYTHON_SDK/ut" "${PYTHON:-python3}" "$here/suite.py" >"$work/python.log" ||
		{ tail -n 30 "$work/python.log" >&2; exit 1; }
	grep '^passed' "$work/python.log"
	say "cos-python-sdk-v5, ut/test.py: $(grep -c '^passed' "$work/python.log") passed"
else
	say "cos-python-sdk-v5: not run, COS_PYTHON_SDK does not name its source"
fi

printf '\nThe vendor'\''s own inventory tests:\n%s' "$summary"
