#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What json and ndjson write is what the schema promises, for results of every kind.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
make_log good.log
make_rule made.yaml
: > empty.log

for log in good.log empty.log; do
    "$LASTWORDS" --rules made.yaml --all --format json $log > "$log.json" 2> /dev/null
    "$LASTWORDS" --rules made.yaml --all --format ndjson $log > "$log.ndjson" 2> /dev/null
done
if ! python3 -c 'import jsonschema' 2> /dev/null; then
    skip "4 outputs against the schema, which needs python3-jsonschema"
    finish
    exit
fi
for f in *.json *.ndjson; do
    [ -f "$f" ] || continue
    if python3 "$top/tests/tools/validate.py" "$top/reports/schema/lastwords-1.schema.json" "$f" > out 2> err; then
        pass
    else
        fail "$f does not follow the schema"
    fi
done
# The schema must be able to say no.
sed 's/"severity": "error"/"severity": "eror"/' good.log.json > bad.json
if python3 "$top/tests/tools/validate.py" "$top/reports/schema/lastwords-1.schema.json" bad.json > out 2> err; then
    fail "the schema accepts a wrong severity"
else
    pass
fi
sed 's/"severity": "error"/"severity": "error", "extra": 1/' good.log.json > bad.json
if python3 "$top/tests/tools/validate.py" "$top/reports/schema/lastwords-1.schema.json" bad.json > out 2> err; then
    fail "a key that the schema does not have passes"
else
    pass
fi
finish
