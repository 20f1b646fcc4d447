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
    if python3 "$top/tests/tools/validate.py" "$top/reports/schema/lastwords-1.schema.json" plan7.ndjson \
        left.ndjson single.ndjson single.json "$1" > out 2> err; then
        pass
    else
        fail "plans and shards do not follow the schema"
    fi
else
    skip "plans and shards against the schema, which needs python3-jsonschema"
fi
finish
