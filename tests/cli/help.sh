#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Help, man page and completions: printed from one table, and well formed for who reads them.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

roff_warnings() {
    LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings -E UTF-8 -l -Tutf8 -Z "$1" 2> err > /dev/null
    if [ -s err ]; then fail "$1: roff warns"; else pass; fi
}

run -h
exits 0
if [ "$(wc -l < out)" -le 25 ]; then pass; else fail "-h is longer than a screen"; fi
run --help
exits 0
for word in --fail-on --list-boots --input-format records explain ndjson "Exit codes"; do out_has "$word"; done
if grep -qe --no-prefilter out; then fail "--help shows a hidden option"; else pass; fi
run --version
exits 0
out_has "rules, sha256 "
run --show-limits
exits 0
for limit in $(sed -n 's/^#define LIMIT_\([A-Z_]*\).*/\1/p' "$top/analyzer/core/limits.h"); do
    out_has "$limit "
done

run --generate=man
exits 0
cp out lastwords.1
out_has ".SH EXIT STATUS"
if command -v man > /dev/null; then
    roff_warnings lastwords.1
else
    skip "the man page's roff, which needs man"
fi
keys=$top/analyzer/engine/keys.def
if awk -f "$top/tests/tools/key-table.awk" "$keys" "$top/docs/lastwords-rules.5" > lastwords-rules.5; then pass; else fail "lastwords-rules(5) is not made"; fi
if [ "$(sed -n '/KEYS OF A FILE/,/WORKING ON RULES/p' lastwords-rules.5 | grep -c '^\.TP')" = "$(grep -c '^KEY(' "$keys")" ]; then
    pass
else
    fail "lastwords-rules(5) lacks keys"
fi
if command -v man > /dev/null; then roff_warnings lastwords-rules.5; fi
for shell in bash zsh fish; do
    run "--generate=complete-$shell"
    exits 0
    if ! command -v $shell > /dev/null; then
        skip "the completion for $shell, which is not here"
    elif $shell -n out 2> err; then
        pass
    else
        fail "the completion for $shell does not parse"
    fi
done
if command -v bash > /dev/null; then
    run --generate=complete-bash
    # shellcheck disable=SC2016
    bash -c '. ./out; COMP_WORDS=(lastwords --fail-on err); COMP_CWORD=2; _lastwords; echo "${COMPREPLY[@]}"' > words
    if grep -qx error words; then pass; else fail "bash does not complete --fail-on"; fi
fi
run --generate=poem
exits 2
finish
