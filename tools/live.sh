#!/bin/sh
# Runs a command, the live tests, and then shows their table of what COS's pages leave open and the real service answered.
# COS_LIVE_RECORDING names the file that gets the recording of COS's answers (default: cos-recording.json).
set -u

COS_LIVE_ANSWERS=$(mktemp)
COS_LIVE_RECORDING=${COS_LIVE_RECORDING:-$PWD/cos-recording.json}
export COS_LIVE_ANSWERS COS_LIVE_RECORDING
trap 'rm -f "$COS_LIVE_ANSWERS"' EXIT
trap 'exit 130' INT TERM

"$@"
status=$?
echo
cat "$COS_LIVE_ANSWERS"
[ ! -f "$COS_LIVE_RECORDING" ] || printf '\nTo compare the fake with COS: cp %s internal/fakecos/testdata/recordings/ && make test\n' "$COS_LIVE_RECORDING"
exit $status
