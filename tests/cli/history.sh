#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# --history, --new-only and lastwords history: what is remembered, what is new, what is refused; kills lose nothing.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
unset STATE_DIRECTORY XDG_STATE_HOME
make_rule made.yaml
mkdir one two
make_log one/vm.log
make_log two/vm.log
printf '<5>[    0.000000] Linux version 6.1.0-made (builder@made) (gcc 12) #1 SMP\n' > quiet.log

run --history h.db one/vm.log
if grep -q 'without SQLite' err; then
    exits 2
    run history
    exits 2
    err_has 'without SQLite'
    skip "the history, which needs SQLite at build time"
    finish
    exit
fi
exits 0
out_has "root"
err_empty
if [ "$(stat -c %a h.db)" = 600 ]; then pass; else fail "h.db is not private"; fi
if [ -e h.db-wal ] || [ -e h.db-shm ]; then fail "files are left beside h.db"; else pass; fi

# What is new to this machine.
rm h.db
run --history h.db --new-only --rules made.yaml --fail-on error --run-time 2026-01-30T12:00:00Z --run-id first one/vm.log
exits 1
out_has "root.made-for-tests"
run --history h.db --new-only --rules made.yaml --fail-on error --run-time 2026-01-31T12:00:00Z one/vm.log
exits 0
out_has "nothing new"
run --history h.db --new-only --rules made.yaml --fail-on error --run-time 2026-01-30T12:00:00Z --run-id first one/vm.log
exits 1
out_has "root.made-for-tests"
run --history h.db --new-only --rules made.yaml --run-time 2026-01-31T12:00:00Z two/vm.log
exits 0
out_has "root.made-for-tests"
run --history h.db --rules made.yaml --run-time 2026-01-31T13:00:00Z --format json two/vm.log
exits 0
out_has '"rule": "root.made-for-tests"'
run --history h.db --new-only --run-time none quiet.log
exits 0
run --history h.db no-such.log
exits 2

# What was seen.
run history --history h.db
exits 0
out_has "LAST SEEN"
out_has "root.made-for-tests"
out_has "2026-01-31 13:00  2026-01-30 12:00      4         2     2"
run history --history h.db show root.made-for-tests
exits 0
if [ "$(grep -c made-for-tests out)" = 2 ]; then pass; else fail "$ran: not two machines"; fi
signature=$("$LASTWORDS" history --history h.db --format json | sed -n 's/.*"key": "\([0-9a-f]\{16\}\)".*/\1/p' | head -1)
run history --history h.db show "$(echo "$signature" | cut -c1-8)"
exits 0
out_has "$signature"
run history --history h.db show no.such-thing
exits 2
err_has "no.such-thing"
run history --history h.db trend
exits 0
out_has "2026-01-30"
out_has "##############################"
run history --history h.db trend root.made-for-tests
exits 0
run history --history h.db show
exits 2
run history --history h.db list more
exits 2
run history lst
exits 2
err_has "did you mean 'list'"
run history --history h.db --format html
exits 2
run history --history no.db
exits 2
err_has "no history yet"
if python3 -c 'import jsonschema' 2> /dev/null; then
    "$LASTWORDS" history --history h.db list --all --format json > list.json
    "$LASTWORDS" history --history h.db show root.made-for-tests --format json > show.json
    "$LASTWORDS" history --history h.db trend --format json > trend.json
    for f in list show trend; do
        if python3 "$top/tests/tools/validate.py" "$top/reports/schema/history-1.schema.json" $f.json > out 2> err; then
            pass
        else
            fail "$f.json does not follow the schema"
        fi
    done
else
    skip "3 outputs against the schema, which needs python3-jsonschema"
fi

# Many cases: the second night tells of the machine that fails since then.
mkdir -p lab/vm1 lab/vm2 lab/vm3
make_log lab/vm1/console.log
cp quiet.log lab/vm2/console.log
cp quiet.log lab/vm3/console.log
run scan --history lab.db --new-only --rules made.yaml lab
exits 0
out_has "root.cannot-open-device"
make_log lab/vm2/console.log
run scan --history lab.db --new-only --fail-on error --run-id second --rules made.yaml lab --format json
exits 1
out_has '"known": 2'
out_has 'vm2'
run scan --history lab.db --new-only --fail-on error --rules made.yaml lab
exits 0
run history --history lab.db --format json
out_has '"machines": 2'
run scan --history lab.db --rules made.yaml --format ndjson -o night.ndjson lab
exits 0
run merge --history merged.db --rules made.yaml night.ndjson
exits 0
run history --history merged.db
exits 0
out_has "root.made-for-tests"
run scan --new-only lab
exits 2
err_has "--baseline"
run scan --history one lab
exits 2
err_has "not a file"
out_empty

# Where it lies when nobody says.
run --history default one/vm.log
exits 0
if [ -f .local/state/lastwords/history.db ]; then pass; else fail "$ran: no file below the home directory"; fi
run history
exits 0
out_has "root"
XDG_STATE_HOME="$work/state" run --history default one/vm.log
if [ -f state/lastwords/history.db ]; then pass; else fail "$ran: no file below XDG_STATE_HOME"; fi
STATE_DIRECTORY="$work/service:$work/other" run --history default one/vm.log
if [ -f service/history.db ]; then pass; else fail "$ran: no file in STATE_DIRECTORY"; fi

# What cannot be: said before anything is read, and nothing is harmed.
run --new-only one/vm.log
exits 2
err_has "--history"
run --run-id x one/vm.log
exits 2
echo "not ours" > text.db
cp text.db kept.db
run --history text.db one/vm.log
exits 2
err_has "no history of lastwords"
out_empty
same text.db kept.db "a file that is not ours"
run --history no-such-directory/h.db one/vm.log
exits 2
err_has "no-such-directory"
run --history . one/vm.log
exits 2
err_has "not a file"
if [ "$(id -u)" != 0 ]; then
    mkdir closed
    cp h.db closed/h.db
    chmod 500 closed
    run --history closed/h.db one/vm.log
    exits 2
    run --history closed/new.db one/vm.log
    exits 2
    err_has "closed/new.db"
    chmod 700 closed
    cp h.db locked.db
    chmod 400 locked.db
    run --history locked.db one/vm.log
    if [ "$code" != 0 ] && grep -q 'locked.db' err; then pass; else fail "$ran: no word about a file that may not be written"; fi
fi
# Hardly any file may grow.
(ulimit -f 1 && "$LASTWORDS" --history full.db one/vm.log > /dev/null 2> err < /dev/null)
if [ $? = 2 ] && grep -q 'full.db' err; then pass; else fail "a disk without room: no word"; fi
if [ -e full.db ]; then fail "a history by halves"; else pass; fi
if ls full.db.* > /dev/null 2>&1; then fail "a temporary file stays"; else pass; fi
# A full disk: room for the history and what SQLite puts beside it, but not for one more run.
mkdir disk
"$LASTWORDS" history --history h.db --all --format json > whole.json
cat > full.sh << 'EOF'
mount -t tmpfs -o size=$(($(stat -c %s h.db) / 1024 + 36))k none disk && cp h.db disk/h.db || exit 99
"$LASTWORDS" --history disk/h.db --run-id lost one/vm.log > out 2> err < /dev/null
code=$?
"$LASTWORDS" history --history disk/h.db --all --format json > after.json || code=98
exit $code
EOF
if unshare -rm sh -c 'mount -t tmpfs none disk' 2> /dev/null; then
    unshare -rm sh full.sh
    code=$?
    ran="lastwords on a full disk"
    exits 3
    err_has 'the history was not written: no room'
    out_has root
    same after.json whole.json "a run that found no room"
else
    skip "a full disk, which needs a mount name space"
fi

# Killed at random moments; the long version is in make check-long.
if command -v python3 > /dev/null && python3 -c 'import sqlite3' 2> /dev/null; then
    if python3 "$top/tests/long/history.py" "$LASTWORDS" --writes 60 > out 2>&1; then pass; else fail "kills: see below"; fi
else
    skip "kill -9 during writes, which needs python3 with sqlite3"
fi
finish
