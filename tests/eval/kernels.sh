#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# kernels.sh PROGRAM SCRATCH ROOT…: which rules the kernels of these unpacked packages can feed.
program=$1 scratch=$2
shift 2
[ $# -gt 0 ] || {
    echo "eval-kernels: KERNELS= names no unpacked kernel package (a directory with boot/ and lib/modules/)"
    exit 0
}
status=0
mkdir -p "$scratch"
for root; do
    strings=$scratch/$(basename "$root").strings
    [ "$strings" -nt "$root" ] || python3 tests/eval/unpack-kernel.py "$root" "$strings" || exit 2
    "$program" rules check --kernel-strings "$strings" || status=1
    python3 tests/eval/kernel-mutants.py "$program" "$strings" "$scratch" || status=1
done
exit $status
