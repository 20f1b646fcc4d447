#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# --since, --until and --machine-id, on the export form, which carries a wall clock.
. "$(dirname "$0")/lib.sh"

# entry SECONDS MACHINE BOOT TEXT: one entry, so long after 2026-01-31 12:00:00 UTC.
entry() {
    printf '__CURSOR=s=1\n__REALTIME_TIMESTAMP=%d000000\n__MONOTONIC_TIMESTAMP=%d000000\n' \
        $((1769860800 + $1)) $((1000 + $1))
    printf '_BOOT_ID=%s\n_MACHINE_ID=%s\n_HOSTNAME=host%s\n' "$3" "$2" "${2#???????????????????????????????}"
    printf '_TRANSPORT=syslog\nSYSLOG_IDENTIFIER=app\nPRIORITY=6\nMESSAGE=%s\n\n' "$4"
}
one=0123456789abcdef012345678901230a
two=0123456789abcdef012345678901230b
first=0123456789abcdef0123456789abcde1
second=0123456789abcdef0123456789abcde2
other=0123456789abcdef0123456789abcde3
{
    entry 0 $one $first "message one"
    entry 5 $two $other "message of another machine"
    entry 3600 $one $first "message two"
    entry 7200 $one $second "message three"
} > made.export

# texts EXPECTED ARGUMENT…: which messages pass.
texts() {
    expected=$1
    shift
    run records "$@" made.export
    got=$(sed -n 's/.*message \([a-z]*\).*/\1/p' out | tr '\n' ' ')
    if [ "$got" = "$expected" ]; then pass; else fail "$ran: \"$got\", not \"$expected\""; fi
}

export TZ=UTC0
texts "one of two three "
texts "two three " --since "2026-01-31 13:00:00"
texts "one of " --until "2026-01-31 12:59:59"
texts "two " -S 2026-01-31T13:00:00Z -U "2026-01-31 13:30"
texts "two three " --since @1769864400
texts "" --since now
texts "one of two three " --until now
texts "one of two three " --since "2026-01-31"
texts "one two three " --machine-id $one
texts "of " --machine-id $two
texts "three " --machine-id $one --since "2026-01-31 13:30"
export TZ=XST-2
texts "two three " --since "2026-01-31 15:00:00"
texts "two three " --since "2026-01-31 13:00:00Z"
export TZ=UTC0

run boots made.export
out_has "  -2  2026-01-31 12:00:00  2026-01-31 13:00:00"
out_has "power-loss"
out_has "$other"
run boots --since "2026-01-31 13:30" made.export
if grep -q "$first" out; then fail "$ran: the first boot is there"; else pass; fi
out_has "$second"
run facts --until yesterday made.export
exits 0
run made.export
out_has "journals of 2 machines are here"
out_has "$two (hostb)"
run --machine-id $one made.export
if grep -q "2 machines" out; then fail "$ran: the other machine is there"; else pass; fi

make_log made.log
run --since yesterday made.log
exits 0
out_has "tells no time of day"

run --since soon made.export
exits 2
err_has "'soon' is no time"
run --since now --until yesterday made.export
exits 2
err_has "later than"
run boots --machine-id host made.export
exits 2
err_has "32 hex digits"
finish
