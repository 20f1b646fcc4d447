#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Sources that go on: pipes, sockets, rotated files, signals. The other ends are played by follow.py.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
make_rule made.yaml
make_log good.log

"$LASTWORDS" follow --rules made.yaml - < good.log > out 2> err
code=$? ran="lastwords follow - < good.log"
exits 0
out_has "root.cannot-open-device"
err_has "6 records, 1 boot"
run follow -
exits 0
err_has "-: 0 records"
run follow nowhere.log
exits 2
err_has "cannot open"
# A finding that is told at once is redacted as the report behind it is.
{
    echo '[    0.000000] Linux version 6.1.0-made (smith@smithbox) (gcc 12) #1 SMP'
    echo '[  109.027400] nfs: server smithfiler not responding, timed out'
} > smith.log
for format in text ndjson; do
    { cat smith.log; sleep 1; } | "$LASTWORDS" follow --redact --format "$format" - > out 2> err
    code=$? ran="lastwords follow --redact --format $format"
    exits 0
    out_has "server host-"
    if grep -q smith out; then fail "$ran shows a name"; else pass; fi
done
run follow --format json good.log
exits 2
err_has "follow writes text or ndjson"
if ! python3 -c '' 2> /dev/null; then
    skip "live sources, which need python3"
    finish
    exit
fi
for test in stdin fifo unix tcp file rename copy terminate reboots ndjson memory; do
    if python3 "$top/tests/cli/follow.py" "$LASTWORDS" "$test" > out 2> err; then
        pass
    else
        fail "follow.py $test"
    fi
done
if [ -x /lib/systemd/systemd-journal-remote ]; then
    if python3 "$top/tests/cli/follow.py" "$LASTWORDS" journal > out 2> err; then
        pass
    else
        fail "follow.py journal"
    fi
else
    skip "a journal that is written, which needs systemd-journal-remote"
fi
if python3 -c 'import jsonschema' 2> /dev/null; then
    if python3 "$top/tests/tools/validate.py" "$top/reports/schema/lastwords-1.schema.json" live.ndjson > out 2> err; then
        pass
    else
        fail "what follow writes as ndjson does not follow the schema"
    fi
else
    skip "follow's ndjson against the schema, which needs python3-jsonschema"
fi
finish
