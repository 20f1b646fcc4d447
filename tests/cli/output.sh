#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Where output goes: whole files by rename, a reader that went away, a full disk, colour.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
make_log good.log
make_rule made.yaml

run --format json -o result.json good.log
exits 0
out_empty
if [ -s result.json ]; then pass; else fail "no result.json"; fi
if [ "$(stat -c %a result.json)" = 600 ]; then pass; else fail "a new file is for its owner alone"; fi
chmod 644 result.json
run --format json -o result.json good.log
if [ "$(stat -c %a result.json)" = 644 ]; then pass; else fail "an old file's mode stays"; fi
if [ -n "$(find . -name '*.tmp')" ]; then fail "a temporary file was left"; else pass; fi
run --format json good.log
same out result.json "standard output and a file"

ln -s result.json link.json
run -o link.json good.log
if [ -L link.json ]; then fail "a link is replaced, not followed"; else pass; fi
run --json side.json --ndjson side.ndjson good.log
exits 0
same side.json result.json "--json FILE and -o FILE"
if tail -n 1 side.ndjson | grep -q '"type":"summary"'; then pass; else fail "no summary at the end"; fi
run --json side.json --ndjson side.json good.log
exits 2
err_has "side.json: is named for two reports"
run -o both.json --json both.json good.log
exits 2
run --json /dev/null --ndjson /dev/null good.log
exits 0
run -o no/such/dir/x good.log
exits 2
err_has "no/such/dir/x"
run -o "$(printf 'long/%.0s' $(seq 1000))lost.txt" good.log
exits 2
err_has "File name too long"
if [ -e lost.txt ]; then fail "a name too long was written to the current directory"; else pass; fi
run -o . good.log
exits 2
run -o /dev/null good.log
exits 0
if [ -c /dev/null ]; then pass; else fail "/dev/null was replaced"; fi

# A name of a descriptor is not the place of a file, whatever it leads to.
link=$(readlink /dev/stdout)
"$LASTWORDS" --json /dev/stdout good.log > all.txt 2> err
code=$? ran="lastwords --json /dev/stdout > FILE"
exits 0
if [ "$(readlink /dev/stdout)" = "$link" ]; then pass; else fail "/dev/stdout was replaced"; fi
if grep -q '"schema"' all.txt && grep -q 'What to do' all.txt; then pass; else fail "one report took the place of another"; fi
"$LASTWORDS" --json /dev/fd/7 good.log 7> seven.json > out 2> err
code=$? ran="lastwords --json /dev/fd/7"
exits 0
same seven.json result.json "--json /dev/fd/7"
run --json - -o text.txt good.log
exits 0
same out result.json "--json -"
if [ -e ./- ]; then fail "a file named - was written"; else pass; fi
run --json /dev/fd/97 good.log
exits 2

"$LASTWORDS" good.log > /dev/full 2> err
code=$? ran="lastwords > /dev/full"
exits 3
err_has "cannot write"
seq 1 200000 | sed 's/.*/[    1.000000] line &/' > big.log
{ "$LASTWORDS" records big.log 2> err; echo $? > code; } | head -n 1 > /dev/null
code=$(cat code) ran="lastwords records | head -n 1"
exits 0
err_empty

echo '[    1.000000] hello' > hello.log
run --color=always hello.log
if grep -q "$(printf '\033')" out; then fail "no finding, no colour"; else pass; fi
run --rules made.yaml --color=always good.log
if grep -q "$(printf '\033')" out; then pass; else fail "--color=always"; fi
run --rules made.yaml good.log
if grep -q "$(printf '\033')" out; then fail "colour into a file"; else pass; fi
run --color=sometimes good.log
exits 2

# The same bytes, whatever runs beside it and whenever.
run --format json good.log
mv out first.json
TZ=Asia/Tokyo LC_ALL=C run --format json good.log
same out first.json "another zone and locale"
run --no-prefilter --format json good.log
same out first.json "without the prefilter"
"$LASTWORDS" --format json - < good.log > piped.json 2> err
sed 's/"good.log"/"-"/' first.json > expected.json
grep -v '"directory"\|"id"\|"id_source"' piped.json > a
grep -v '"directory"\|"id"\|"id_source"' expected.json > b
same a b "standard input"

# What a name or a line holds never acts on a terminal.
evil=$(printf 'e\033[2Jvil.log')
make_log "$evil"
printf '<0>[    2.000000] Kernel panic - not syncing: \033]0;owned\007\302\2332J\n' >> "$evil"
for mode in diagnose records boots facts formats; do
    run "$mode" "$evil"
    if grep -q "$(printf '[\033\007]')" out err; then fail "$mode lets an escape through"; else pass; fi
done
run "$(printf 'no\033[2Jfile')"
if grep -q "$(printf '\033')" err; then fail "an error lets an escape through"; else pass; fi
finish
