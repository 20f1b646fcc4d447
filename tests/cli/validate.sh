#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every report of every sample by a parser that is not ours; and a hostile log in every field of every report leaves its
# structure as a harmless one does. What a missing parser would have checked is counted as skipped;
# with LASTWORDS_REQUIRE_PARSERS=1 it fails.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# What the schema for JUnit takes and what it refuses.
if command -v xmllint > /dev/null; then
    for f in "$top"/tests/schema/junit/*.xml; do
        if xmllint --noout --nonet --schema "$top/tests/schema/junit.xsd" "$f" > out 2> err; then found=good; else found=bad; fi
        case $f in */$found-*) pass ;; *) fail "$f is $found" ;; esac
    done
elif [ -n "${LASTWORDS_REQUIRE_PARSERS:-}" ]; then
    fail "xmllint is missing, and this run requires it"
else
    skip "tests/schema/junit, which needs xmllint (libxml2-utils)"
fi

# The first python that has all parsers, else the first.
python=python3
for candidate in python3 /usr/bin/python3; do
    if "$candidate" -c 'import jsonschema, prometheus_client, html5lib' 2> /dev/null; then
        python=$candidate
        break
    fi
done

for test in validate_reports hostile_reports; do
    "$python" "$top/tests/tools/$test.py" "$LASTWORDS" "$top" > out 2> err || [ -s err ] || : > out
    sed -n '$!p' out | head -40
    counts=$(sed -n "s/^$test: \([0-9]*\) passed, \([0-9]*\) failed, \([0-9]*\) skipped$/\1 \2 \3/p" out)
    if [ -z "$counts" ]; then
        fail "tests/tools/$test.py broke off"
        continue
    fi
    # shellcheck disable=SC2086
    set -- $counts
    passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3))
done
finish
