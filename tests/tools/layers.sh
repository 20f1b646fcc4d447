#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The include arrows of docs/design.md: a folder includes only itself and what stands to its left, a
# third-party header stays in its one home, and no file has mutable globals.
set -eu
bad=0

say() {
    echo "layers: $*" >&2
    bad=1
}

order="analyzer/core parsers analyzer/evidence analyzer/engine analyzer/diagnose reports analyzer/fleet analyzer/cli"
allowed=
for layer in $order; do
    allowed="$allowed $layer"
    [ -d "$layer" ] || continue
    for file in $(find "$layer" -name '*.[ch]' -o -name '*.def' | sort); do
        for include in $(sed -n 's/^#include "\(.*\)\/[^/]*"$/\1/p' "$file" | sort -u); do
            case " $allowed " in
            *" ${include} "* | *" ${include%/memory} "*) ;;
            *) say "$file includes $include/, which stands to its right" ;;
            esac
        done
    done
done

home() {
    header=$1
    shift
    for file in $(grep -rlE "#include <$header>" analyzer parsers reports --include='*.[ch]' || true); do
        case " $* " in
        *" $file "*) ;;
        *) say "$file includes <$header>; its home is $*" ;;
        esac
    done
}
home 'yaml\.h' analyzer/engine/yaml.c
home 'pcre2\.h' analyzer/engine/pattern.c
home 'jansson\.h' parsers/json.c parsers/json_tree.c
home 'zlib\.h' parsers/gzip.c
home 'archive(_entry)?\.h' parsers/archive.c
home 'sqlite3\.h' analyzer/fleet/database.c
home 'elfutils/.*|libelf\.h' analyzer/evidence/symbolise.c analyzer/evidence/source_lines.c
home 'dwarf\.h' analyzer/evidence/source_lines.c

# A definition at column 0 that is neither const nor a function is a mutable global.
for file in $(find analyzer parsers reports -name '*.c' | sort); do
    awk -v file="$file" '
        /^[a-z].*[=;]/ && !/\(/ && !/^(typedef|extern|struct [a-z_]+;|enum|goto|return)/ && !/const/ {
            print "layers: " file ":" FNR ": mutable global: " $0; found = 1
        }
        END { exit found }' "$file" >&2 || bad=1
done

[ $bad = 0 ] && echo "layers: ok"
exit $bad
