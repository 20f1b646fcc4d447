#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# images.sh BUILD CUTS MUTATIONS [PEAK_MIB]: memory images of every container, each cut short at CUTS places, and
# those of one container damaged MUTATIONS times, in one process (tests/fuzz/mutate.c). No input may crash, take 2 s
# or need more memory than that; 0: not looked at, for a sanitizer needs its own.
set -eu
build=$1
cuts=$2
mutations=$3
peak=${4:-0}
work=$(mktemp -d "${TMPDIR:-/tmp}/lastwords-images.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
make_image="python3 tests/tools/make-memory-image.py samples/suspended-guest/vm/log.txt"

# pair FIRST SECOND: both in one file, as fuzz_memory_pair wants them.
pair() {
    python3 - "$1" "$2" << 'END'
import struct, sys
first, second = (open(name, "rb").read() for name in sys.argv[1:])
sys.stdout.buffer.write(struct.pack("<I", len(first)) + first + second)
END
}

for image in info.vmem info.vmss info.elf info.flat info.kdump info.lime; do
    $make_image "$work/$image" --vmcoreinfo
done
$make_image "$work/shape.vmem"
$make_image "$work/shape.vmss" --text-ring 40
$make_image "$work/old.vmem" --old
$make_image "$work/old.kdump" --old
$make_image "$work/apart.vmsn"
pair "$work/apart.vmsn" "$work/apart.vmem" > "$work/apart.pair"
$make_image "$work/debug.guest"
pair "$work/debug.guest" "$work/debug.vmem" > "$work/debug.pair"
rm "$work"/apart.vmem "$work"/debug.vmem

failed=0
run() {
    harness=$1
    shift
    if ! "$build/mutate/fuzz_memory_$harness" "$cuts" $((mutations / $#)) "$peak" "$@" > "$work/said" 2>&1; then
        failed=1
        echo "check-images: $harness failed: $*"
    fi
    printf 'check-images: %-5s %s\n' "$harness" "$(tail -n 1 "$work/said")"
    [ "$failed" = 0 ] || tail -n 30 "$work/said"
}

run vmss "$work"/*.vmss
run raw "$work"/*.vmem
run elf "$work"/*.elf "$work"/*.flat "$work"/*.kdump
run lime "$work"/*.lime
run pair "$work"/*.pair
[ "$failed" = 0 ]
