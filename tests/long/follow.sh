#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# follow.sh BUILD: a thousand rotations of each kind, by the feed alone (every line counted) and by the
# program; thousands of boots in one stream.
set -u
build=$(realpath "$1")
status=0
[ -x "$build/check-unit" ] && {
    LASTWORDS_ROTATIONS=1000 CK_TIMEOUT_MULTIPLIER=20 CK_RUN_SUITE=feed "$build/check-unit" || status=1
}
LASTWORDS=$build/lastwords
export LASTWORDS
# shellcheck source=tests/cli/lib.sh
. tests/cli/lib.sh
make_rule made.yaml
for test in rename copy memory; do
    if python3 "$top/tests/cli/follow.py" "$LASTWORDS" $test 1000; then
        echo "follow $test, 1000 rounds: passed"
    else
        echo "follow $test, 1000 rounds: FAILED"
        status=1
    fi
done
exit $status
