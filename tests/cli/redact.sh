#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# --redact: no private value of a log stands in any output, and tokens are the same in all of them.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# A syslog and a vmware.log in which every kind of private value stands in lines that are shown.
mkdir -p vm-secretbox
{
    echo 'Nov 20 10:00:00 secretbox kernel: [    0.000000] Linux version 6.1.0-9 (builder@made) #1 SMP'
    echo 'Nov 20 10:00:00 secretbox kernel: [    0.000000] Command line: root=UUID=11112222-3333-4444-5555-666677778888 ip=10.77.66.55'
    echo 'Nov 20 10:00:02 secretbox kernel: [    2.000000] vmxnet3 eth0: address 00:50:56:0a:0b:0c of secretbox.lab.example.org'
    echo 'Nov 20 10:00:03 secretbox kernel: [    3.000000] madedrv 0000:00:01.0: gave up on 10.77.66.55 /home/jdoe77/x at secretbox'
} > vm-secretbox/messages
make_rule made.yaml
secrets='secretbox|10\.77\.66\.55|00:50:56:0a:0b:0c|11112222-3333|jdoe77'

for format in text json ndjson html; do
    run --rules made.yaml --redact --redact-key k --all --format "$format" vm-secretbox
    exits 0
    grep -Eq "$secrets" out && fail "$format: a private value is shown: $(grep -Eo "$secrets" out | head -1)"
    grep -q 'host-' out || fail "$format: no token of the host"
    err_has "redacted: "
done
for command in records boots facts; do
    run "$command" --redact --redact-key k --all vm-secretbox
    exits 0
    grep -Eq "$secrets" out && fail "$command: a private value is shown"
done
run records --format raw --redact vm-secretbox
grep -Eq "$secrets" out && fail "raw: a private value is shown"

# What a rule takes out of a line is a name wherever a diagnosis shows it, and so is what a log calls its machine.
{
    echo '[    0.000000] Linux version 6.1.0-lab (jsmith77@smithbox) (gcc 12) #1 SMP'
    echo '[    0.000000] Command line: root=/dev/mapper/smithbox-root systemd.hostname=smithweb ip=10.1.2.3::10.1.2.1:255.255.255.0:smithip:eth0:off'
    echo '[  109.027400] nfs: server smithfiler not responding, still trying'
    echo '[  209.027400] nfs: server smithfiler not responding, timed out'
    echo '[  309.000000] madedrv 0000:00:01.0: gave up on smithweb'
} > named.log
for format in text json ndjson html markdown junit prometheus; do
    run --rules made.yaml --redact --all --format "$format" named.log
    grep -Eiq 'smith|10\.1\.2' out && fail "$format shows $(grep -Eio '.{20}(smith|10\.1\.2).{10}' out | head -1)"
    pass
done
run --rules made.yaml --redact --redact-key k named.log
out_has "NFS server host-"
cp named.log other.log
run scan --rules made.yaml --redact --all --ndjson scan.nd named.log other.log
grep -iq 'smith' out scan.nd && fail "scan shows a name"

# One run, several outputs, one token.
run --rules made.yaml --redact --json a.json --html a.html --redact-map map.tsv vm-secretbox
exits 0
token=$(awk -F'\t' '$2 == "10.77.66.55" { print $1 }' map.tsv)
[ -n "$token" ] || fail "the map does not tell the address"
for file in out a.json a.html; do
    grep -q "$token" "$file" || fail "$file has not the token $token"
done
[ "$(stat -c %a map.tsv)" = 600 ] || fail "others may read the map"

# Another run, other tokens; with a key the same ones.
run --rules made.yaml --redact vm-secretbox
grep -q "$token" out && fail "tokens of two runs are the same without --redact-key"
run --rules made.yaml --redact --redact-key k vm-secretbox
cp out first
run --rules made.yaml --redact --redact-key k vm-secretbox
cmp -s out first || fail "--redact-key: two runs differ"

# Names that no log tells to be names: the user lists them.
printf 'Gave Up\n\n  madedrv \nab\n' > names.txt
run --rules made.yaml --redact --redact-keyword-file names.txt --redact-map map.tsv vm-secretbox
exits 0
if grep -qi 'madedrv\|gave up' out; then fail "a listed name is shown"; else pass; fi
grep -q '^name-[0-9a-f]*	madedrv$' map.tsv || fail "the map does not tell a listed name"
for file in nowhere .; do
    run --rules made.yaml --redact --redact-keyword-file "$file" vm-secretbox
    exits 2
    err_has "--redact-keyword-file $file: "
done
run --redact-keyword-file names.txt vm-secretbox
exits 2
err_has "go with --redact"
run --redact-key k vm-secretbox
exits 2
err_has "go with --redact"
finish
