#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh PROGRAM: every test of the command line; a line each and the sum.
LASTWORDS=$(realpath "$1") || exit 2
export LASTWORDS
status=0
log=$(mktemp)
for test in tests/cli/*.sh; do
    case $test in */lib.sh | */run.sh) continue ;; esac
    sh "$test" >> "$log" || status=1
done
cat "$log"
sed -n 's/^[a-z_]*: \([0-9]*\) passed, \([0-9]*\) failed.*/\1 \2/p' "$log" |
    awk '{ p += $1; f += $2 } END { print "command line: " p " passed, " f " failed" }'
rm -f "$log"
exit $status
