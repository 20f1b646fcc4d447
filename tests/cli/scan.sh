#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Many cases: what is one case, workers that fail, the same output for every -j, what is new.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

make_rule made.yaml

# A guest whose driver gives up, which the rule above knows and no shipped one.
sick_log() {
    cat > "$1" << 'EOF'
<5>[    0.000000] Linux version 6.1.0-made (builder@made) (gcc 12) #1 SMP
<6>[    0.000000] Command line: root=/dev/sda1 ro
<3>[    1.125700] madedrv 0000:00:01.0: gave up on its device
EOF
}

# make_vm DIRECTORY: a VM with its settings.
make_vm() {
    mkdir -p "$1"
    sick_log "$1/serial.log"
    echo 'displayName = "made"' > "$1/made.vmx"
}

healthy_log() {
    cat > "$1" << 'EOF'
<5>[    0.000000] Linux version 6.1.0-made (builder@made) (gcc 12) #1 SMP
<6>[    0.000000] Command line: root=/dev/sda1 ro
<6>[    3.812345] systemd[1]: Reached target Multi-User System.
EOF
}

for i in 1 2 3 4 5; do make_vm lab/vm$i; done
mkdir -p lab/logs lab/good
healthy_log lab/good/dmesg
healthy_log lab/good/dmesg.0
healthy_log lab/good/dmesg.1
gzip lab/good/dmesg.1
healthy_log lab/logs/alone.txt
sick_log lab/logs/other.txt

# What is a case: five VMs, one rotated set, two files.
run scan --rules made.yaml --ndjson all.ndjson lab
exits 0
err_empty
out_has "8 cases"
out_has "6 cases: A made root device is missing"
out_has "lab/vm1 · lab/vm2"
count=$(grep -c '"type":"header"' all.ndjson)
if [ "$count" = 8 ]; then pass; else fail "$count cases in ndjson, not 8"; fi
tail -n 1 all.ndjson > out
out_has '{"type":"total","schema":"lastwords/1"'
cp all.ndjson base.ndjson

# The same bytes for every number of workers.
"$LASTWORDS" scan --rules made.yaml -j 1 lab > one.txt 2>&1
for jobs in 2 4 16; do
    "$LASTWORDS" scan --rules made.yaml -j $jobs --ndjson many.ndjson lab > many.txt 2>&1
    same one.txt many.txt "scan -j $jobs"
    same all.ndjson many.ndjson "scan -j $jobs --ndjson"
done

# However the cases are named.
find lab -type f | sort -r | "$LASTWORDS" scan --rules made.yaml --files-from - > many.txt 2>&1
same one.txt many.txt "scan --files-from -"
find lab -type f -print0 | "$LASTWORDS" scan --rules made.yaml --files-from - -0 > many.txt 2>&1
same one.txt many.txt "scan --files-from - -0"
"$LASTWORDS" scan --rules made.yaml lab lab/vm1 ./lab/vm3/ > many.txt 2>&1
same one.txt many.txt "scan with arguments that overlap"

# A worker that fails is a note on its case, and nobody else is harmed.
for fault in kill cut junk hang flood; do
    wait=60
    [ $fault != hang ] || wait=3
    "$LASTWORDS" scan --rules made.yaml --timeout $wait --worker-fault $fault:lab/vm3 --ndjson hurt.ndjson lab > out 2> err
    code=$? ran="scan --worker-fault $fault"
    exits 3
    out_has "5 cases: A made root device is missing"
    out_has "lab/vm3: its worker "
    count=$(grep -c '"type":"summary"' hurt.ndjson)
    if [ "$count" = 8 ]; then pass; else fail "$ran: $count cases in ndjson, not 8"; fi
done
out_has "larger than 64 MiB"

# Bad inputs among good ones.
cp -r lab worse
head -c 300000 /dev/urandom > worse/logs/noise.bin
: > worse/logs/empty.log
healthy_log worse/logs/torn
gzip -c worse/logs/torn | head -c 60 > worse/logs/torn.gz
rm worse/logs/torn
printf 'not\0a\0log\377\376\n' > worse/logs/junk.txt
ln -s /dev/zero worse/logs/zero.log
mkfifo worse/logs/fifo.log
run scan --rules made.yaml worse worse/not-there.log
exits 3
out_has "6 cases: A made root device is missing"
out_has "worse/not-there.log"
out_has "worse/logs/torn.gz: "

# A threshold, and what is new.
run scan --rules made.yaml --fail-on error lab
exits 1
run scan --rules made.yaml --fail-on fatal lab/logs/alone.txt
exits 0
run scan --rules made.yaml --new-only --baseline base.ndjson --fail-on info lab
exits 0
out_has "8 more cases hold nothing new"
make_vm lab/vm6
run scan --rules made.yaml --new-only --baseline base.ndjson --fail-on info --ndjson new.ndjson lab
exits 1
out_has "1 case: A made root device is missing"
out_has "lab/vm6"
count=$(grep -c '"type":"header"' new.ndjson)
if [ "$count" = 9 ]; then pass; else fail "the next baseline has $count cases, not 9"; fi
run scan --new-only lab
exits 2
run scan --new-only --baseline made.yaml lab
exits 2
err_has "is no ndjson of lastwords"

# What cannot be.
run scan
exits 2
err_has "nothing to scan"
run scan -
exits 2
err_has "--files-from -"
run scan -j 0 lab
exits 2
run scan --progress sometimes lab
exits 2
run scan --rules made.yaml --progress always lab
exits 0
if [ ! -s err ] || tail -c 4 err | grep -q K; then pass; else fail "the progress line stays"; fi

# Memory images are for who asks for them.
printf 'not an image' > lab/vm1/made.vmem
run scan --rules made.yaml lab
exits 0
err_has "memory images left out: 1"

# The schema.
if python3 -c 'import jsonschema' 2> /dev/null; then
    "$LASTWORDS" scan --rules made.yaml --format json worse > many.json 2> /dev/null
    if python3 "$top/tests/tools/validate.py" "$top/reports/schema/lastwords-1.schema.json" many.json all.ndjson \
        hurt.ndjson new.ndjson > out 2> err; then
        pass
    else
        fail "scan does not follow the schema"
    fi
else
    skip "outputs of scan against the schema, which needs python3-jsonschema"
fi
# A service whose report goes to a file shows standard error alone: why it failed stands there, without words of a log.
rm -rf told && mkdir told
make_log told/bad.log
run scan --rules made.yaml --fail-on critical --output told.txt told
exits 1
out_empty
err_has "lastwords: 1 case at or above --fail-on=critical, first "
err_has "the report is in told.txt"
if grep -q "sdq1" err; then fail "a log's words on standard error"; else pass; fi
run scan --rules made.yaml --fail-on critical --output told.txt told told/nowhere
exits 3
err_has "lastwords: told/nowhere: cannot open: No such file or directory"
err_has "lastwords: 1 case at or above"
run scan --rules made.yaml --output told.txt told/nowhere
exits 2
err_has "lastwords: told/nowhere: cannot open: No such file or directory"
for k in 1 2 3 4 5 6 7; do set -- "$@" "told/nowhere$k"; done
run scan --rules made.yaml --output told.txt "$@"
err_has "told/nowhere5: cannot open"
err_has "and 2 more that were not read in full"
run scan --rules made.yaml --output told.txt told
exits 0
err_empty
run scan --rules made.yaml --fail-on critical told
exits 1
err_empty
run --rules made.yaml --fail-on critical --output told.txt told/bad.log
exits 1
err_has "; the report is in told.txt"
run --rules made.yaml --fail-on critical told/bad.log
exits 1
err_empty
# One crash in every boot of a log is one entry of its case; titles are whole where there is room.
rm -rf loop && mkdir loop
for boot in 1 2 3; do make_log loop/$boot; done
cat loop/1 loop/2 loop/3 > loop/all.log && rm loop/1 loop/2 loop/3
run scan --rules made.yaml --html loop.html --markdown loop.md loop
exits 0
if [ "$(grep -c '<p><span class="badge crash">' loop.html)" = 1 ] && grep -q '3 times' loop.html; then pass; else fail "a crash of three boots is told three times"; fi
if grep -q 'Unable to mount root fs on unknown-block(NUM,NUM)' loop.md; then pass; else fail "a title is cut"; fi
finish
