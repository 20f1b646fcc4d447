#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs that are ended while they write files: nothing by halves, nothing left over. killed.py plays the killer.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
if ! python3 -c '' 2> /dev/null; then
    skip "runs that are killed, which need python3"
    finish
    exit
fi
# LeakSanitizer would wait for a child that is gone.
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"
for test in signals-scan signals-diagnose killed-scan killed-diagnose left; do
    if python3 "$top/tests/cli/killed.py" "$LASTWORDS" "$test" > out 2> err; then
        pass
    else
        fail "killed.py $test"
    fi
done
finish
