#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# replay.sh BUILD: every harness over its own corpus (what fuzzing found) and over the samples.
set -u
build=$1
passed=0
failed=0
for harness in "$build"/replay/fuzz_*; do
    [ -x "$harness" ] || continue
    name=$(basename "$harness")
    files=$(find "tests/fuzz/corpus/${name#fuzz_}" samples -type f ! -path '*/expected/*' 2>/dev/null | sort)
    # shellcheck disable=SC2086
    if timeout 60 "$harness" $files >"$build/replay/$name.log" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "check-fuzz: $name failed:"
        tail -n 20 "$build/replay/$name.log"
    fi
done
echo "check-fuzz: $passed passed, $failed failed"
[ "$failed" = 0 ]
