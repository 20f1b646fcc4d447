#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A scan in parts: whatever the partition, the order and the repetition, the report is the single run's.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

make_rule made.yaml
for i in 1 2 3 4 5 6 7 8 9; do
    mkdir -p lab/vm$i
    {
        echo "<5>[    0.000000] Linux version 6.1.0-made (builder@made) (gcc 12) #1 SMP"
        [ $((i % 3)) = 0 ] || echo "<3>[    1.125700] madedrv 0000:00:01.0: gave up on its device"
        seq -f "<6>[    2.%06.0f] a record that says nothing" $((i * 40))
    } > lab/vm$i/vmware.log
    cp lab/vm$i/vmware.log lab/vm$i/vmware-0.log
done
: > lab/empty.log

single() {
    "$LASTWORDS" scan --rules made.yaml --run-time none --ndjson single.ndjson --json single.json --junit single.junit \
        --markdown single.markdown --prometheus single.prometheus --html single.html lab > single.txt 2> err
}
# merged NAME FILE…: the reports of a merge.
merged() {
    name=$1
    shift
    "$LASTWORDS" merge --rules made.yaml --run-time none --ndjson "$name.ndjson" --json "$name.json" \
        --junit "$name.junit" --markdown "$name.markdown" --prometheus "$name.prometheus" --html "$name.html" "$@" \
        > "$name.txt" 2> err
    code=$? ran="lastwords merge of $name"
}
# as_single NAME: they are those of the single run.
as_single() {
    for kind in ndjson json txt junit markdown prometheus html; do same single.$kind "$1.$kind" "$ran"; done
}

single
for shards in 1 2 3 7 40; do
    mkdir -p out$shards
    run plan --rules made.yaml --shards $shards -o plan$shards lab
    exits 0
    run plan --rules made.yaml --shards $shards lab/empty.log lab/ lab/vm1
    same plan$shards out "plan is the same for the same cases"
    k=0
    while [ $k -lt $shards ]; do
        "$LASTWORDS" scan --rules made.yaml --plan plan$shards --shard $k --output-dir out$shards > out 2> err ||
            fail "shard $k of $shards"
        k=$((k + 1))
    done
    merged "m$shards" out$shards/*.ndjson
    exits 0
    as_single "m$shards"
done

# Any order, any repetition, mixed partitions, merges of merges.
merged reverse $(ls -r out7/*.ndjson)
as_single reverse
merged twice out7/*.ndjson out7/*.ndjson single.ndjson
as_single twice
merged mixed $(ls out7/*.ndjson | head -4) out3/*.ndjson
as_single mixed
set -- out7/*.ndjson
merged left "$1" "$2" "$3"
exits 3
out=$(cat left.txt)
case $out in *"missing: shard "*) pass ;; *) fail "a merge of three shards of seven does not list the missing" ;; esac
merged right "$4" "$5" "$6" "$7"
merged tree left.ndjson right.ndjson
exits 0
as_single tree
merged tree2 "$7" left.ndjson left.ndjson "$6" "$5" "$4"
as_single tree2
merged again tree.ndjson
as_single again
merged leftagain left.ndjson "$2" left.ndjson
same left.ndjson leftagain.ndjson "a merge that adds nothing"

# A shard whose result is there is not scanned again; a torn one is missing; a lost one is found again.
run scan --rules made.yaml --plan plan7 --shard 3 --output-dir out7
exits 0
err_has "shard 3 of 7 is there"
head -c 2000 "$1" > torn.ndjson
shift
merged torn torn.ndjson "$@"
exits 3
if grep -q "breaks off" err; then pass; else fail "a torn shard is not told"; fi

# Others' results are refused.
sed 's/gave up/gave it up/; s/A made root/Another root/' made.yaml > other.yaml
chmod 644 other.yaml
mkdir out-other
"$LASTWORDS" plan --rules other.yaml --shards 2 -o plan-other lab
"$LASTWORDS" scan --rules other.yaml --plan plan-other --shard 0 --output-dir out-other > /dev/null 2>&1
merged other "$@" out-other/*.ndjson
exits 2
if grep -q "made with other rules" err; then pass; else fail "other rules are not told"; fi
run scan --rules other.yaml --plan plan7 --shard 3 --output-dir out-other
exits 2
err_has "was made by version"
"$LASTWORDS" scan --rules made.yaml --ndjson few.ndjson lab/vm1 > /dev/null 2>&1
merged few "$@" few.ndjson
exits 2
if grep -q "is of another scan" err; then pass; else fail "another scan is not told"; fi

# An input that changed under us is told: against the plan by its shard, between two readings by the merge.
cp -a lab grown
"$LASTWORDS" plan --rules made.yaml --shards 2 -o plan-grown grown
mkdir out-before out-after
for k in 0 1; do "$LASTWORDS" scan --rules made.yaml --plan plan-grown --shard $k --sha256 --output-dir out-before > out 2> err || fail "shard $k"; done
if grep -q '"changed":true' out-before/*.ndjson; then fail "a file changed that did not"; else pass; fi
if grep -q "\"sha256\":\"$(sha256sum grown/vm4/vmware.log | cut -c1-64)\"" out-before/*.ndjson; then pass; else fail "no SHA-256 of an input"; fi
merged before out-before/*.ndjson
exits 0
if grep -q '^changed' before.txt; then fail "a change is told that was none"; else pass; fi
echo '<6>[    9.000000] one more' >> grown/vm4/vmware.log
mtime=$(stat -c %y grown/vm5/vmware.log)
sed -i 's/says nothing/SAYS nothing/' grown/vm5/vmware.log
touch -d "$mtime" grown/vm5/vmware.log
grown=
for k in 0 1; do
    "$LASTWORDS" scan --rules made.yaml --plan plan-grown --shard $k --sha256 --output-dir out-after > out 2> err || fail "shard $k"
    grown="$grown $(cat err)"
done
case $grown in *"grown/vm4/vmware.log is not what it was when the plan was made"*) pass ;; *) fail "a shard does not tell what grew: $grown" ;; esac
merged after out-after/*.ndjson
exits 0
if grep -q '^changed while it was scanned: grown/vm4/vmware.log$' after.txt && [ "$(grep -c '^changed' after.txt)" = 1 ]; then pass; else fail "a merge does not tell what grew"; fi
# Size and time of vm5 are the same: its SHA-256 is not.
merged both out-before/*.ndjson out-after/*.ndjson
exits 0
if [ "$(grep '^changed' both.txt)" = "$(printf 'changed while it was scanned: grown/vm4/vmware.log\nchanged while it was scanned: grown/vm5/vmware.log')" ]; then pass; else fail "two readings that differ are not told"; fi
merged both2 $(ls -r out-after/*.ndjson) out-before/*.ndjson out-after/*.ndjson
for kind in ndjson json txt junit; do same both.$kind both2.$kind "changes in another order"; done
# A merge of some carries on what its inputs were like.
set -- out-after/*.ndjson
merged half "$1" out-before/"$(ls out-after | head -1)"
exits 3
merged half2 half.ndjson out-before/*.ndjson out-after/*.ndjson
same both.ndjson half2.ndjson "a merge of a merge that knows of changes"
rm grown/vm4/vmware.log
mkdir out-gone
for k in 0 1; do "$LASTWORDS" scan --rules made.yaml --plan plan-grown --shard $k --output-dir out-gone > out 2> err; done
if grep -q '"path":"grown/vm4/vmware.log","bytes":0,"mtime_us":null,"sha256":null,"changed":true' out-gone/*.ndjson; then pass; else fail "a file that went away"; fi
run scan --sha256 lab
exits 2

# By locality: stores are file systems; of one there is nothing to divide.
run plan --rules made.yaml --shards 3 --locality datastore lab
exits 0
out_has '"store":"lab"'
sed 's/"store":"lab",//' out > a
sed 's/"store":"lab",//' plan3 > b
same a b "a plan by locality of one file system"
run plan --shards 3 --locality rack lab
exits 2
if [ -d /dev/shm ] && [ "$(stat -c %d /dev/shm)" != "$(stat -c %d .)" ] && shm=$(mktemp -d -p /dev/shm); then
    cp -a lab/vm8 lab/vm9 "$shm"
    run plan --rules made.yaml --shards 3 --locality datastore lab "$shm"
    exits 0
    if [ "$(sed -n 's/.*"shard":\([0-9]*\),.*"store":"\([^"]*\)".*/\1 \2/p' out | sort -u | wc -l)" = 3 ]; then pass; else fail "a shard has cases of two stores"; fi
    out_has "\"store\":\"$shm\""
    run plan --rules made.yaml --shards 1 --locality datastore lab "$shm"
    exits 0
    rm -rf "$shm"
else
    skip "stores on two file systems, which needs /dev/shm"
fi

# What cannot be.
run merge
exits 2
run merge made.yaml
exits 2
run plan lab
exits 2
err_has "--shards"
run scan --rules made.yaml --plan plan7 --shard 7 --output-dir out7
exits 2
run scan --rules made.yaml --plan plan7 --shard 1
exits 2
run scan --rules made.yaml --plan made.yaml --shard 1 --output-dir out7
exits 2
err_has "--plan made.yaml: "
run scan --rules made.yaml --plan plan7 --shard 1 --output-dir out7 lab
exits 2

# A threshold and a baseline at the merge.
run merge --fail-on error single.ndjson
exits 1
run merge --new-only --baseline single.ndjson --fail-on info single.ndjson
exits 0
out_has "nothing new"

if python3 -c 'import jsonschema' 2> /dev/null; then
    cp plan7 plan7.ndjson
    "$LASTWORDS" plan --rules made.yaml --shards 2 --locality datastore lab > local.ndjson
    if python3 "$top/tests/tools/validate.py" "$top/reports/schema/lastwords-1.schema.json" plan7.ndjson local.ndjson both.json half.ndjson "$1" \
        left.ndjson single.ndjson single.json "$1" > out 2> err; then
        pass
    else
        fail "plans and shards do not follow the schema"
    fi
else
    skip "plans and shards against the schema, which needs python3-jsonschema"
fi
finish
