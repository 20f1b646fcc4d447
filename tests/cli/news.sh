#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What is new tonight: a history and a baseline of the same first night give the same answer on the second, in every report.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
unset STATE_DIRECTORY XDG_STATE_HOME
make_rule made.yaml
if "$LASTWORDS" --version | grep -q SQLite; then :; else
    skip "the history, which needs SQLite at build time"
    finish
    exit
fi

healthy() {
    mkdir -p "$1"
    printf '<5>[    0.000000] Linux version 6.1.0-made (builder@made) (gcc 12) #1 SMP\n<6>[    3.8] systemd[1]: Reached target Multi-User System.\n' > "$1/serial.log"
}
driver() { # a cause, without a crash
    healthy "$1"
    echo '<3>[    4.125700] madedrv 0000:00:01.0: gave up on its device' >> "$1/serial.log"
}
root() {
    mkdir -p "$1"
    make_log "$1/serial.log"
}
# oops DIR FUNCTION WAY: the crash's family is of the first functions, its exact signature of the way that led there, too.
oops() {
    healthy "$1"
    cat >> "$1/serial.log" << END
<1>[    9.100000] BUG: kernel NULL pointer dereference, address: 0000000000000008
<4>[    9.100010] #PF: supervisor read access in kernel mode
<4>[    9.100020] Oops: 0000 [#1] PREEMPT SMP PTI
<4>[    9.100050] CPU: 0 PID: 9 Comm: made Not tainted 6.1.0-made #1
<4>[    9.100100] RIP: 0010:$2+0x10/0x80 [madedrv]
<4>[    9.100150] Call Trace:
<4>[    9.100160]  <TASK>
<4>[    9.100170]  $2_near+0x10/0x20 [madedrv]
<4>[    9.100172]  $2_middle+0x10/0x20 [madedrv]
<4>[    9.100174]  $2_far+0x10/0x20 [madedrv]
<4>[    9.100176]  $3+0x10/0x20 [madedrv]
<4>[    9.100180]  vfs_read+0x9f/0x1a0
<4>[    9.100190]  </TASK>
<4>[    9.100200] ---[ end trace 0000000000000000 ]---
END
}
# The first night.
driver lab/same
healthy lab/late
healthy lab/well
oops lab/crash made_read made_call
oops lab/other other_read other_call
root lab/root
"$LASTWORDS" scan --rules made.yaml --run-time none --history h.db --run-id first --ndjson first.ndjson lab > /dev/null 2>&1

# The second: what was, what is new here and known elsewhere, what is new.
driver lab/late
oops lab/crash made_read made_call_2
oops lab/other made_read made_call
rm -r lab/root
root lab/other2
oops lab/fresh fresh_read fresh_call

for kind in text json markdown html junit prometheus ndjson; do
    "$LASTWORDS" scan --rules made.yaml --run-time none --new-only --baseline first.ndjson -f $kind lab > base.$kind 2> err
    cp h.db now.db
    "$LASTWORDS" scan --rules made.yaml --run-time none --new-only --history now.db -f $kind lab > hist.$kind 2> err
    if [ -s hist.$kind ]; then pass; else fail "no $kind"; fi
    same base.$kind hist.$kind "a baseline and a history, $kind"
done
if [ "$(sed -n 's/.*"exact":"\([0-9a-f]*\)".*/\1/p' first.ndjson base.ndjson | sort -u | wc -l)" -gt 4 ]; then pass; else fail "the signatures of the second night are those of the first"; fi

cp base.text out
ran="the second night"
out_has "lab/late/serial.log (serial.log) · new on this machine, seen on others before"
out_has "lab/other/serial.log (serial.log) · "
out_has "lab/fresh/serial.log (serial.log) · "
out_has "3 more cases hold nothing new"
if sed -n '/^Cases/,$p' out | grep -q 'lab/same\|lab/crash\|lab/well'; then fail "a case of the first night is told as new"; else pass; fi
# news PLACE WORD: what the JSON says.
news() {
    word=$(tr -d '\n' < base.json | sed 's/"id"/\n&/g' | sed -n "s|.*\"place\": \"$1/serial.log\".*\"news\": \"\([a-z]*\)\".*|\1|p")
    if [ "$word" = "$2" ]; then pass; else fail "$1 is \"$word\", not $2"; fi
}
news lab/late elsewhere
news lab/other elsewhere
news lab/other2 elsewhere
news lab/fresh new
# Every report is cut alike.
for kind in text markdown html junit; do
    if grep -q 'lab/same' base.$kind; then fail "$kind holds a known case"; else pass; fi
    if grep -q 'seen on others before' base.$kind; then pass; else fail "$kind does not say what others had"; fi
done
count=$(grep -c '"type":"header"' base.ndjson)
if [ "$count" = 7 ]; then pass; else fail "the next baseline has $count cases, not 7"; fi
run scan --rules made.yaml --new-only --baseline base.ndjson --fail-on info lab
exits 0
run merge --rules made.yaml --new-only --baseline first.ndjson base.ndjson
exits 0
same out base.text "a merge with the same baseline"

# Both sources at once: what one of them knows is known.
healthy lab/late
"$LASTWORDS" scan --rules made.yaml --ndjson without.ndjson lab > /dev/null 2>&1
driver lab/late
cp h.db now.db
run scan --rules made.yaml --new-only --history now.db --baseline without.ndjson lab
exits 0
out_has "1 case: A made root device"
out_has "lab/late"
if grep -q lab/fresh out; then fail "$ran: what the baseline has is new"; else pass; fi

# What could not be read in full is told, whatever is new; inputs are counted of all cases.
cp -a lab torn
mkdir torn/hurt
gzip -c lab/same/serial.log | head -c 60 > torn/hurt/serial.log.gz
(cd torn && "$LASTWORDS" scan --rules ../made.yaml --ndjson ../torn.ndjson . > /dev/null 2>&1)
(cd torn && "$LASTWORDS" scan --rules ../made.yaml --new-only --baseline ../torn.ndjson --junit ../torn.xml --prometheus ../torn.prom . > ../out 2> ../err)
code=$? ran="a scan with a torn log"
exits 3
out_has "Not read in full"
out_has "7 more cases hold nothing new"
if grep -q '<error ' torn.xml; then pass; else fail "JUnit does not tell what was not read"; fi
if grep -q 'lastwords_inputs{result="complete"} 7' torn.prom; then pass; else fail "$(grep lastwords_inputs torn.prom)"; fi

# Without --new-only nothing is cut, and what is new is said.
cp h.db now.db
run scan --rules made.yaml --history now.db lab
exits 0
out_has "lab/same/serial.log (serial.log) · known"
out_has "seen on others before"

# One case: text or no text; other reports are refused, since an empty one would look like a healthy machine.
cp h.db now.db
run --rules made.yaml --history now.db lab/late/serial.log -f json
exits 0
run --rules made.yaml --history now.db --new-only lab/late/serial.log
exits 0
out_has "nothing new"
for words in "-f json" "--html x.html" "--junit x.xml" "--text x.txt"; do
    # shellcheck disable=SC2086
    run --history now.db --new-only $words lab/late/serial.log
    exits 2
    err_has "lastwords scan --new-only"
done
if [ -e x.html ] || [ -e x.xml ] || [ -e x.txt ]; then fail "a refused report was written"; else pass; fi
cp h.db now.db
mkdir third
driver third
"$LASTWORDS" --rules made.yaml --history now.db -f json third > one.json 2> err
if grep -q '"code": "seen-elsewhere"' one.json; then pass; else fail "diagnose does not note what others had"; fi

# Trends by period.
for by in day week month; do
    run history --history h.db trend --by $by
    exits 0
    out_has "$(echo $by | tr a-z A-Z)"
done
run history --history h.db trend --by year
exits 2
err_has "day, week or month"
run history --history h.db list --by day
exits 2
"$LASTWORDS" scan --run-time 2025-12-29T00:00:00Z --history t.db --rules made.yaml lab/same > /dev/null 2>&1
"$LASTWORDS" scan --run-time 2026-01-04T23:59:59Z --history t.db --rules made.yaml lab/same > /dev/null 2>&1
"$LASTWORDS" scan --run-time 2026-03-01T00:00:00Z --history t.db --rules made.yaml lab/same > /dev/null 2>&1
run history --history t.db trend --by week
out_has "2026-W01        2         1        1       1        0      1"
out_has "...         no run in 7 weeks"
run history --history t.db trend --by month
out_has "2025-12         1"
out_has "...         no run in 1 month"
run history --history t.db trend
out_has "...         no run in 5 days"
if python3 -c 'import jsonschema' 2> /dev/null; then
    for by in day week month; do
        "$LASTWORDS" history --history t.db trend --by $by -f json > $by.json
        if python3 "$top/tests/tools/validate.py" "$top/reports/schema/history-1.schema.json" $by.json > out 2> err; then pass; else fail "$by.json"; fi
    done
    if python3 "$top/tests/tools/validate.py" "$top/reports/schema/lastwords-1.schema.json" base.json base.ndjson one.json > out 2> err; then
        pass
    else
        fail "news do not follow the schema"
    fi
else
    skip "4 outputs against the schema, which needs python3-jsonschema"
fi
finish
