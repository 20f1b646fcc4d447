#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# `lastwords records`: three forms, chosen boots, standard input twice, the console's own layout.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
make_log one.log
cat > ring.log << 'EOF'
<5>[    0.000000] Linux version 6.1.0-made (builder@made) (gcc 12) #1 SMP
<30>[    2.000001] systemd[1]: Hello.
<6>[    3.500000] last of the first boot
EOF
cat ring.log one.log > two.log

run records --format raw one.log
exits 0
same out one.log "raw gives back a kernel log"
err_empty
run records --format raw two.log
same out one.log "the boot that ended badly is chosen"
run records --format raw -b -1 two.log
same out ring.log "the boot before"
run records --format raw -b 1 two.log
same out ring.log "the first boot"
run records --format raw -b all two.log
same out two.log "all boots"
# shellcheck disable=SC2002 # a pipe cannot be rewound
cat two.log | "$LASTWORDS" records --format raw -b -1 - > out 2> err
ran="raw of standard input"
same out ring.log "$ran"
"$LASTWORDS" records --format raw -b -1 - < two.log > out 2> err
same out ring.log "$ran, a file"

# Console text has no <N>, raw bytes stay, a missing stamp is left out.
printf '[    1.000000] plain \377\033[0m byte\n[    2.000000] next\n' > console.log
run records --format raw --input-format dmesg console.log
if LC_ALL=C grep -q "$(printf '\377')" out; then pass; else fail "raw keeps bytes"; fi
if grep -q '^<' out; then fail "raw invents a priority"; else pass; fi
run records console.log
if grep -q "$(printf '\033')" out; then fail "short lets an escape through"; else pass; fi

run records --format ndjson two.log
exits 0
if [ "$(wc -l < out)" = 9 ]; then pass; else fail "one object per record"; fi
if command -v jq > /dev/null; then
    if jq -se '.[1] | .facility == "daemon" and .level == "info" and .mono_us == 2000001' \
        out > /dev/null; then pass; else fail "fields of ndjson"; fi
else
    skip "fields of ndjson, which need jq"
fi
run records --format jsonl two.log
exits 2
run records no-such.log
exits 2
run records -b 9 two.log
exits 2

# A buffer that is dumped twice is one boot.
{
    head -n 5 one.log
    for i in 11 12 13 14 15 16 17 18; do echo "<6>[    1.1256$i] filler $i"; done | sort
} > once.log
cat once.log once.log > twice.log
run records --format raw -b all twice.log
same out once.log "two dumps of one ring"
finish
