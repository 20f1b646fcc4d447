#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every option and command in the snippets of docs/ci.md is one that --help lists.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
"$LASTWORDS" --help > help

# Between the fences, where the program is called: its command line up to a quote that ends it.
awk '/^```/ { inside = !inside; next } inside' "$top/docs/ci.md" |
    sed -n "s/.*lastwords \(-*[a-z].*\)/\1/p" | sed "s/'.*//" > calls
[ "$(wc -l < calls)" -ge 4 ] || fail "docs/ci.md calls the program in fewer than 4 snippets"

# A command of a later version is skipped until --help has it; its options are, too.
while read -r call; do
    command=${call%% *}
    case $command in
    -*) ;;
    *)
        if ! grep -q "^  $command" help; then
            skip "docs/ci.md: lastwords $command, which this program does not have"
            continue
        fi
        pass
        ;;
    esac
    for word in $call; do
        case $word in
        --*) option=${word%%=*} ;;
        -j*) option=-j ;;
        -?) option=$word ;;
        *) continue ;;
        esac
        if grep -qE -- "^ +(-., +)?$option( |,|$)" help; then pass; else fail "docs/ci.md: --help has no $option"; fi
    done
done < calls

# The options that its text explains.
for option in $(grep -o -- '`--[a-z-]*' "$top/docs/ci.md" | tr -d '`' | sort -u); do
    if grep -qE -- "^ +(-., +)?$option( |$)" help; then pass; else fail "docs/ci.md: --help has no $option"; fi
done
finish
