#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# lint.sh CFLAGS…: banned words, then clang-tidy when it is installed.
set -u
bad=0

# Log bytes never meet these; the rest of the house has no use for them.
banned='\b(strtok|strcpy|strcat|sprintf|vsprintf|gets|atoi|atol|atof|sscanf|alloca|system|popen|setlocale|mktemp|tmpnam)\('
if grep -rnE "$banned" analyzer parsers reports --include='*.[ch]'; then
    echo "lint: banned functions" >&2
    bad=1
fi
if grep -rnE '\b(TODO|FIXME|XXX|HACK)\b|not implemented|unimplemented' analyzer parsers reports --include='*.[ch]'; then
    echo "lint: leftovers" >&2
    bad=1
fi
if grep -rnE '^\s*//' analyzer parsers reports --include='*.[ch]'; then
    echo "lint: line comments" >&2
    bad=1
fi
if command -v clang-tidy >/dev/null 2>&1; then
    # shellcheck disable=SC2046
    clang-tidy --quiet --warnings-as-errors='*' $(find analyzer parsers reports -name '*.c') -- "$@" -Wno-everything || bad=1
else
    echo "lint: no clang-tidy here"
fi
exit $bad
