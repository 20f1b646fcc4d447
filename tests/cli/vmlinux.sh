#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Source lines of crashes: --vmlinux, from a module that is compiled here.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# make_crash SIZE: a crash in a function of that size, at its first byte.
make_crash() {
    cat > crash.log << LOG
[    1.000000] BUG: kernel NULL pointer dereference, address: 0000000000000010
[    1.000001] CPU: 3 PID: 471 Comm: worker Not tainted 6.1.10 #1
[    1.000002] RIP: 0010:gear_turn+0x0/0x$1 [gear]
[    1.000003] Call Trace:
[    1.000004]  gear_turn+0x1/0x$1 [gear]
[    1.000005] ---[ end trace 0000000000000000 ]---
LOG
}

make_crash 40
run --vmlinux nothing.ko crash.log
exits 2
err_has nothing.ko
run --version
if ! grep -q elfutils out; then
    : > gear.ko
    run --vmlinux gear.ko crash.log
    exits 2
    err_has "this build lacks"
elif command -v gcc > /dev/null && command -v nm > /dev/null; then
    printf 'int gear_turn(int n);\nint gear_turn(int n)\n{\n    return n * 3;\n}\n' > gear.c
    gcc -g -O1 -c gear.c -o gear.ko || exit 1
    size=$(nm -S gear.ko | sed -n 's/^[0-9a-f]* 0*\([0-9a-f]*\) T gear_turn$/\1/p')
    make_crash "$size"
    run --sandbox=auto --vmlinux gear.ko --format json crash.log
    exits 0
    out_has '"ip_source"'
    mv out located.json
    run --vmlinux gear.ko crash.log
    out_has "gear_turn+0x0/0x$size (gear.c:"
    out_has "gear_turn+0x1/0x$size [gear] (gear.c:"
    if python3 -c 'import jsonschema' 2> /dev/null; then
        if python3 "$top/tests/tools/validate.py" "$top/reports/schema/lastwords-1.schema.json" located.json > out 2> err; then
            pass
        else
            fail "source lines do not follow the schema"
        fi
    fi
    make_crash 7777
    run --vmlinux gear.ko --format json crash.log
    exits 0
    out_has "of another build"
    if grep -q '"gear.c"' out; then fail "a line of another build is shown"; else pass; fi
else
    skip "source lines, which need gcc and nm"
fi
finish
