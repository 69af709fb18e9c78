#!/bin/sh
# Runs a command, the live tests, and then shows their table: what COS's pages leave open, what it answered, and what another
# answer would do to the provider.
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
