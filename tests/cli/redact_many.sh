#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# --redact of scan, merge and history: no name of any machine in any output, whoever tells it, and the same bytes for
# every -j and for every way to cut the scan into shards.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

make_rule made.yaml

# make_vm DIRECTORY NAME ADDRESS: a VM whose log holds its own names and those of another one.
make_vm() {
    mkdir -p "$1"
    {
        echo "2026-05-01T10:00:00.000Z In(05) vmx Log for VMware ESX pid=1000 version=8.0.2"
        echo "2026-05-01T10:00:00.001Z In(05) vmx DICT --- CONFIGURATION /vmfs/volumes/secretstore/$2/$2.vmx"
        echo "2026-05-01T10:00:00.001Z In(05) vmx DICT               displayName = \"$2\""
        echo "2026-05-01T10:00:00.001Z In(05) vmx DICT                 uuid.bios = \"56 4d aa bb cc dd ee ff-00 11 22 33 44 55 66 $3\""
        echo "2026-05-01T10:00:01.000Z In(05) vcpu-0 Guest: <5>[    0.000000] Linux version 6.1.0-made (builder@made) (gcc 12) #1 SMP"
        echo "2026-05-01T10:00:01.000Z In(05) vcpu-0 Guest: <6>[    0.000000] Command line: root=UUID=564daabb-ccdd-eeff-0011-2233445566$3 ro"
        echo "2026-05-01T10:00:01.000Z In(05) vcpu-0 Guest: <5>[    0.100000] systemd[1]: Hostname set to <$2.lab.acme-corp.example>."
        echo "2026-05-01T10:00:02.000Z In(05) vcpu-0 Guest: <3>[    1.125700] madedrv 0000:00:01.0: gave up on /home/jdoe77/$2_1.vmdk of web-prod-2 (2001:db8:12:34::$3) 00:50:56:9a:1b:$3 00-50-56-9A-1B-$3"
        echo "2026-05-01T10:00:02.000Z In(05) vcpu-0 Guest: <3>[    1.126000] otherdrv: no answer from $2 at /vmfs/volumes/secretstore/x, 10.77.66.$((0x$3)) S/N: S4EWNX0R77$3"
    } > "$1/vmware.log"
}

make_vm lab/acme/web-prod-1 web-prod-1 11
make_vm lab/acme/web-prod-2 web-prod-2 12
make_vm 'lab/acme/büro-müller (2)' 'büro-müller (2)' 13
make_vm 'lab/acme/a.*[z]+$x' 'a.*[z]+$x' 14
make_vm lab/acme/kernel kernel 15
make_vm lab/acme/vm vm 16
make_vm lab/acme/fatal fatal 17
make_vm lab/acme/storage storage 18
# A log that tells of no machine, one of many hosts, one that names those of the others, torn and empty ones.
mkdir -p lab/zenith lab/collector
make_log lab/zenith/secretbox-9.log
for host in loghost1 gamma-x delta; do
    echo "Nov 20 10:00:00 $host kernel: [    0.000000] Linux version 6.1.0-9 (builder@made) #1 SMP"
    echo "Nov 20 10:00:03 $host kernel: [    3.000000] madedrv 0000:00:01.0: gave up on web-prod-1 at $host"
done > lab/collector/messages
gzip -c lab/collector/messages | head -c 150 > lab/zenith/secrettorn.gz
: > lab/zenith/secretempty.log

secrets='web-prod|müller|\[z\]\+|acme|secret|jdoe77|loghost1|gamma-x|delta|zenith|S4EWNX0R77|10\.77\.66'
secrets="$secrets|2001:db8|00:50:56:9a|00-50-56-9A|56 4d aa|564daabb|collector"

# clean WHAT FILE…: none of the secrets stands in them, nor in their names.
clean() {
    what=$1
    shift
    for file in "$@"; do
        if found=$(LC_ALL=C grep -aEio "$secrets" "$file" | head -3) && [ -n "$found" ]; then
            fail "$what: $file shows $(echo "$found" | tr '\n' ' ')"
        elif [ ! -s "$file" ]; then
            fail "$what: $file is empty"
        else
            pass
        fi
    done
}

kinds='ndjson json junit markdown prometheus html'
# outputs COMMAND NAME ARGUMENT…: all reports as NAME.kind, text as NAME.txt.
outputs() {
    command=$1
    name=$2
    shift 2
    "$LASTWORDS" "$command" --rules made.yaml --run-time none --redact --redact-key k --redact-map "$name.map" \
        --ndjson "$name.ndjson" --json "$name.json" --junit "$name.junit" --markdown "$name.markdown" \
        --prometheus "$name.prometheus" --html "$name.html" "$@" > "$name.txt" 2> err
    code=$? ran="lastwords $command --redact ($name)"
    cp err "$name.err"
}
all_same() {
    for kind in $kinds txt map err; do same "$1.$kind" "$2.$kind" "$ran"; done
}

outputs scan one -j 1 --all lab
exits 3
for kind in $kinds txt err; do clean "scan" "one.$kind"; done
for word in host- path- uuid- mac- ip- user- serial- datastore-; do
    if grep -q -- "$word" one.ndjson; then pass; else fail "no token of $word"; fi
done
if grep -q 'host-' one.html && grep -q 'host-' one.junit && grep -q 'host-' one.txt; then pass; else fail "no tokens"; fi
[ "$(stat -c %a one.map)" = 600 ] || fail "others may read the map"
if grep -q 'web-prod-2$' one.map; then pass; else fail "the map does not tell a name"; fi
grep -q '"list":null' one.ndjson || fail "ndjson tells a hash of the paths"
grep -q 'root.made-for-tests' one.prometheus || fail "the id of a rule is gone from prometheus"
grep -q '"severity": "error"' one.json || fail "a word of the schema is gone from json"

# What the UUID in VMware's spelling and in the kernel's becomes is one token; so is what the MAC becomes.
uuids=$(grep -o 'uuid-[0-9a-f]*' one.ndjson | sort -u | wc -l)
macs=$(grep -o 'mac-[0-9a-f]*' one.ndjson | sort -u | wc -l)
if [ "$uuids" = 8 ] && [ "$macs" = 8 ]; then pass; else fail "8 machines have $uuids UUIDs and $macs MACs"; fi

for jobs in 2 7; do
    outputs scan two -j $jobs --all lab
    all_same one two
done

# Shards are private; what merge makes of them is the same.
for shards in 1 3 7; do
    mkdir -p out$shards
    "$LASTWORDS" plan --rules made.yaml --shards $shards -o plan$shards lab || fail "plan"
    k=0
    while [ $k -lt $shards ]; do
        "$LASTWORDS" scan --rules made.yaml --plan plan$shards --shard $k --output-dir out$shards > out 2> err
        k=$((k + 1))
    done
    outputs merge two --all out$shards/*.ndjson
    exits 3
    all_same one two
done
run scan --rules made.yaml --plan plan7 --shard 1 --output-dir out1 --redact
exits 2
err_has "a shard is not redacted"
set -- out3/*.ndjson
outputs merge part --all "$1" "$2"
exits 3
# Names that only the missing shards tell are not known.
secrets_of_all=$secrets secrets='acme|jdoe77|müller \(2|[[]z[]][+]|10\.77\.66|56 4d aa|564daabb|00:50:56:9a'
for kind in $kinds txt; do clean "merge of a part" "part.$kind"; done
secrets=$secrets_of_all
if grep -q '"type":"shard"' part.ndjson; then fail "a redacted part can be merged on"; else pass; fi

# Redacted results are neither merged nor compared with.
run merge one.ndjson
exits 2
err_has "is redacted already"
run scan --rules made.yaml --new-only --baseline one.ndjson lab
exits 2
err_has "is redacted, and machines are compared by name"
"$LASTWORDS" scan --rules made.yaml --ndjson raw.ndjson lab > out 2> err
run scan --rules made.yaml --redact --new-only --baseline raw.ndjson lab
out_has "nothing new"
clean "new-only" out
sed 's/,"more_names":false//' raw.ndjson > older.ndjson
run merge --rules made.yaml --redact older.ndjson
exits 2
err_has "not all names"

# Reports in several files: the later ones, too.
run scan --rules made.yaml --redact --junit-all-rules --format junit --output parts.xml --junit more.xml lab
clean "parts of junit" parts.xml parts-2.xml more.xml more-2.xml

# New tokens in each run.
run scan --rules made.yaml --redact lab
cp out first
run scan --rules made.yaml --redact lab
cmp -s out first && fail "tokens of two scans are the same without --redact-key"
run scan --rules made.yaml --redact --redact-review lab
err_has "kept: kernel"
run scan --rules made.yaml --redact --progress always lab
clean "progress" err

# A single case's ndjson says what a scan's does.
run --rules made.yaml --redact --format ndjson --all lab/acme/web-prod-2
clean "diagnose" out
for format in text json html markdown junit prometheus; do
    run --rules made.yaml --redact --format $format lab/acme
    clean "diagnose $format" out
done

# The history keeps real names, and shows tokens.
if "$LASTWORDS" --version | grep -qi sqlite; then
    run scan --rules made.yaml --redact --history h.db lab
    clean "scan with a history" out
    run history show --history h.db web-prod-1
    out_has "web-prod-1"
    for format in text json; do
        for what in list "show web-prod-1" "show root.made-for-tests" trend "trend web-prod-1"; do
            # shellcheck disable=SC2086
            run history $what --history h.db --redact --format $format
            exits 0
            clean "history $what $format" out
        done
    done
    run history show --history h.db --redact root.made-for-tests
    out_has "host-"
    run scan --rules made.yaml --redact --new-only --history h.db lab
    out_has "nothing new"
else
    skip "history, which needs SQLite"
fi

# A log that grew behind the plan is named by its path alone.
mkdir grown
echo "<6>[    9.000000] it goes on" >> lab/zenith/secretbox-9.log
for k in 0 1 2; do
    "$LASTWORDS" scan --rules made.yaml --plan plan3 --shard $k --output-dir grown > out 2> err
done
outputs merge grown --all grown/*.ndjson
for kind in $kinds txt; do clean "merge of changed logs" "grown.$kind"; done
if grep -q '"changed":\["lab/path-' grown.ndjson; then pass; else fail "no changed log is told"; fi

if python3 -c 'import jsonschema' 2> /dev/null; then
    if python3 "$top/tests/tools/validate.py" "$top/reports/schema/lastwords-1.schema.json" one.ndjson one.json \
        part.ndjson > out 2> err; then
        pass
    else
        fail "redacted results do not follow the schema"
    fi
else
    skip "outputs against the schema, which needs python3-jsonschema"
fi
finish
