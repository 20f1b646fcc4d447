#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# eval.sh LASTWORDS CORPUS: every table that has its corpus here.
set -u
lastwords=$1
corpus=$2
bad=0
for table in tests/eval/*.tsv; do
    name=$(basename "$table" .tsv)
    if [ ! -d "$corpus/$name" ]; then
        echo "eval: no $corpus/$name here; skipped"
        continue
    fi
    echo "eval: $name"
    python3 tests/eval/eval.py "$lastwords" "$corpus/$name" "$table" || bad=1
done
echo "eval: crash reports"
python3 tests/eval/crashes.py "$lastwords" "$corpus" || bad=1
echo "eval: logs collected for other tools"
python3 tests/eval/logs.py "$lastwords" "$corpus" || bad=1
exit $bad
