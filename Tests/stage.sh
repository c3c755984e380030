#!/usr/bin/env bash
# stage.sh NAME LIMIT COMMAND...: runs a stage of the tests and ends it when it takes longer than LIMIT, a
# time as `timeout` reads it. Whoever reads only the last lines of a failed run finds there what failed and
# what had begun and never ended.
set -uo pipefail
name=$1 limit=$2
shift 2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# Line by line: what a run has said must be there when it is ended.
timeout --kill-after=60 "$limit" stdbuf -oL "$@" 2>&1 | tee "$log"
status=${PIPESTATUS[0]}
[ "$status" -eq 0 ] && exit 0

echo "== $name: failed with status $status"
[ "$status" -eq 124 ] && echo "== $name: not ended after $limit"
echo "== $name: what failed"
grep -E '✘|error:|Fatal error' "$log" | tail -n 60
echo "== $name: what had begun and not ended"
sed -nE 's/^. Test ("[^"]*"|[^" ]+) started\.$/\1/p' "$log" | grep -vx run | sort -u > "$log.begun"
sed -nE 's/^. Test ("[^"]*"|[^" ]+).* (passed|failed) after .*$/\1/p' "$log" | sort -u > "$log.ended"
comm -23 "$log.begun" "$log.ended" | head -n 60
rm -f "$log.begun" "$log.ended"
exit "$status"
