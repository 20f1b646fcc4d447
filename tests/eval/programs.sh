#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# programs.sh PROGRAM SCRATCH KERNELS ROOT…: which rules the programs in these unpacked packages can feed. Strings that
# eval-kernels left in the directory KERNELS are asked, too, for texts that either may write.
program=$1 scratch=$2 kernels=$3
shift 3
[ $# -gt 0 ] || {
    echo "eval-programs: PROGRAMS= names no unpacked package (directories with usr/, bin/, lib/ below)"
    exit 0
}
mkdir -p "$scratch"
python3 tests/eval/unpack-programs.py "$scratch/programs.strings" "$@" || exit 2
set -- --program-strings "$scratch/programs.strings"
for strings in "$kernels"/*.strings; do
    [ -f "$strings" ] && set -- "$@" --kernel-strings "$strings"
done
exec "$program" rules check "$@"
