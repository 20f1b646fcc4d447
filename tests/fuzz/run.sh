#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh BUILD PATTERN SECONDS: runs the libFuzzer harnesses of BUILD/fuzzers that match, one after the other, from
# their corpus and the samples. What is found stays as BUILD/found/NAME-*.
set -u
build=$1
pattern=$2
seconds=$3
bad=0
for harness in "$build"/fuzzers/fuzz_$pattern; do
    [ -x "$harness" ] || continue
    name=$(basename "$harness")
    work=$build/corpus/$name
    mkdir -p "$work" "$build/found"
    seeds=
    for dir in "tests/fuzz/corpus/${name#fuzz_}" samples; do
        [ -d "$dir" ] && seeds="$seeds $dir"
    done
    echo "fuzz: $name for $seconds s"
    # shellcheck disable=SC2086
    if ! "$harness" -max_total_time="$seconds" -max_len=65536 -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="$build/found/$name-" "$work" $seeds >"$build/$name.log" 2>&1; then
        bad=1
        tail -n 30 "$build/$name.log"
    fi
    grep -E 'number_of_executed_units|average_exec' "$build/$name.log" || true
done
exit $bad
