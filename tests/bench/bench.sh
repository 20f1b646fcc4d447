#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# How fast, and in how much memory: ratios to an opponent in the same run, best of three each.
# BENCH_BYTES sets the size of the large inputs (1 GiB); they live in $TMPDIR while this runs.
# bench.sh BUILD [CORPUS]
set -eu
build=$1
corpus=${2:-}
bytes=${BENCH_BYTES:-1073741824}
lastwords=$build/lastwords
tmp=$(mktemp -d "${TMPDIR:-/tmp}/lastwords-bench.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

# row NAME BYTES COMMAND...: a line of the table; $ms and $kib keep its figures.
row() {
    name=$1
    size=$2
    shift 2
    figures=$("$build/bench/run" 3 "$@")
    set -- $figures
    ms=$1
    kib=$2
    awk -v name="$name" -v ms="$ms" -v kib="$kib" -v bytes="$size" 'BEGIN {
        speed = bytes >= 1048576 ? sprintf("%.0f MiB/s", bytes / 1048.576 / ms) : ""
        printf "%-46s %9.1f ms %12s %8.1f MiB\n", name, ms, speed, kib / 1024 }'
}

# ratio TEXT A B: how many times B is in A.
ratio() {
    awk -v text="$1" -v a="$2" -v b="$3" 'BEGIN { printf "  %s: %.2f\n", text, a / b }'
}

# goal TEXT FIGURE LIMIT
goal() {
    awk -v text="$1" -v x="$2" -v limit="$3" 'BEGIN {
        printf "  %s: %s (%.1f, limit %s)\n", text, x <= limit ? "met" : "MISSED", x, limit }'
}

"$build/bench/generate" log "$bytes" > "$tmp/vmware.log"
"$build/bench/generate" log 300000 > "$tmp/small.log"
"$build/bench/generate" line "$bytes" > "$tmp/line.log"
"$build/bench/generate" rules 1000 > "$tmp/rules-1000.yaml"
"$build/bench/generate" rules 10000 > "$tmp/rules-10000.yaml"
"$lastwords" rules literals > "$tmp/literals"
size=$(wc -c < "$tmp/vmware.log")

echo "vmware.log of $((size >> 20)) MiB that ends in a panic"
row "lastwords" "$size" "$lastwords" "$tmp/vmware.log"
ours=$ms
goal "peak memory, MiB" "$((kib >> 10))" 64
if command -v rg > /dev/null; then
    row "rg -j1 -cF with the same literals" "$size" rg -j1 -cF -f "$tmp/literals" "$tmp/vmware.log"
    ratio "ripgrep's time to ours" "$ms" "$ours"
else
    echo "  no ripgrep here: no comparison"
fi
row "grep -c with one literal" "$size" grep -c "Kernel panic" "$tmp/vmware.log"
ratio "grep's time to ours" "$ms" "$ours"

echo "ten times as many rules"
row "1,000 rules more, small log" 300000 "$lastwords" --rules "$tmp/rules-1000.yaml" "$tmp/small.log"
few_load=$ms
row "10,000 rules more, small log" 300000 "$lastwords" --rules "$tmp/rules-10000.yaml" "$tmp/small.log"
many_load=$ms
row "1,000 rules more" "$size" "$lastwords" --rules "$tmp/rules-1000.yaml" "$tmp/vmware.log"
few=$ms
row "10,000 rules more" "$size" "$lastwords" --rules "$tmp/rules-10000.yaml" "$tmp/vmware.log"
ratio "reading with 10,000 to reading with 1,000" \
    "$(awk "BEGIN { print $ms - $many_load }")" "$(awk "BEGIN { print $few - $few_load }")"

echo "vmware.log of $(wc -c < "$tmp/small.log") bytes"
row "lastwords" 300000 "$lastwords" "$tmp/small.log"
goal "from start to report, ms" "$ms" 30

echo "the shipped rules"
row "lastwords --help, without rules" 0 "$lastwords" --help
ours=$ms
row "lastwords --version, with rules" 0 "$lastwords" --version
goal "loading the rules, ms" "$(awk "BEGIN { print $ms - $ours }")" 15

echo "one line of $((bytes >> 20)) MiB"
row "lastwords" "$bytes" "$lastwords" "$tmp/line.log"
goal "peak memory, MiB" "$((kib >> 10))" 64

# Crash reports: what it costs to read them, against the same log with nobody looking for them.
"$build/bench/generate" crashes "$((bytes / 10))" > "$tmp/crashes.log"
size=$(wc -c < "$tmp/crashes.log")
echo "$((size >> 20)) MiB of crash reports and of what stands between them"
row "lastwords" "$size" "$lastwords" "$tmp/crashes.log"
ours=$ms
row "without looking for crashes" "$size" "$lastwords" --no-crashes "$tmp/crashes.log"
goal "time with crashes to time without" "$(awk "BEGIN { print $ours / $ms }")" 3

# A guest's memory: the sample's log at the beginning, then bytes that are no holes; and holes only.
head -c "$bytes" "$tmp/vmware.log" > "$tmp/full.vmem"
dd if=samples/suspended-guest/vm/photon-Snapshot1.vmem of="$tmp/full.vmem" conv=notrunc 2> /dev/null
cp samples/suspended-guest/vm/photon-Snapshot1.vmem "$tmp/sparse.vmem"
truncate -s 4G "$tmp/sparse.vmem"
size=$(wc -c < "$tmp/full.vmem")

echo "memory of $((size >> 20)) MiB without a hole"
row "lastwords" "$size" "$lastwords" "$tmp/full.vmem"
goal "time per GiB, ms" "$(awk "BEGIN { print $ms * 1073741824 / $size }")" 1000
goal "peak memory, MiB" "$((kib >> 10))" 32
echo "memory of 4 GiB, nearly all holes"
row "lastwords" 0 "$lastwords" "$tmp/sparse.vmem"
goal "peak memory, MiB" "$((kib >> 10))" 32

# A journal: the same records, all of them, against journalctl.
remote=/lib/systemd/systemd-journal-remote
if [ -x "$remote" ] && command -v journalctl > /dev/null; then
    mkdir "$tmp/journal"
    "$build/bench/generate" export 300000 > "$tmp/made.export"
    "$remote" -o "$tmp/journal/made.journal" "$tmp/made.export" > /dev/null 2>&1
    rm "$tmp/made.export"
    size=$(cat "$tmp"/journal/*.journal | wc -c)
    echo "journal of 300000 records, $((size >> 20)) MiB"
    row "lastwords records" "$size" "$lastwords" records "$tmp/journal"
    ours=$ms
    row "journalctl -o short-monotonic" "$size" journalctl --file "$tmp/journal/*.journal" -q --no-pager \
        -o short-monotonic
    ratio "journalctl's time to ours" "$ms" "$ours"
    goal "our time to journalctl's" "$(awk "BEGIN { print $ours / $ms }")" 0.5
    echo "  lines: $("$lastwords" records "$tmp/journal" | wc -l) ours," \
        "$(journalctl --file "$tmp/journal/*.journal" -q --no-pager -o short-monotonic | wc -l) journalctl's"
else
    echo "no systemd-journal-remote here: journals were not measured"
fi

# shellcheck disable=SC2086
python3 tests/bench/memory.py "$lastwords" $corpus
