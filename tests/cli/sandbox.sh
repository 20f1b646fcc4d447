#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The sandbox refuses what it must, and breaks nothing that a run needs.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
make_log good.log
make_rule made.yaml

run --sandbox-selftest
if grep -q '^sandbox: ' out; then
    skip "the sandbox: $(sed -n 's/^sandbox: //p' out)"
else
    exits 0
    out_has "run a program: refused"
    out_has "open a file for writing: refused"
    out_has "open a socket: refused"
    out_has "map memory for compiled code: possible"
    run --sandbox=require --rules made.yaml good.log
    exits 0
    mv out required
    run --sandbox=off --rules made.yaml good.log
    same out required "with and without the sandbox"
    run --sandbox=require -o result good.log
    exits 0
    run --sandbox=require --json result.json good.log
    exits 0
    run --sandbox=require records -b 0 good.log
    exits 0
fi
finish
