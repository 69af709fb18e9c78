#!/bin/sh
# Runs a command, the live tests, and then shows their table of what COS's pages leave open and the real service answered.
set -u

COS_LIVE_ANSWERS=$(mktemp)
export COS_LIVE_ANSWERS
trap 'rm -f "$COS_LIVE_ANSWERS"' EXIT
trap 'exit 130' INT TERM

"$@"
status=$?
echo
cat "$COS_LIVE_ANSWERS"
exit $status
