# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2034
# What the tests of the command line share. LASTWORDS is the program; each test works in its own
# directory, with no user's rules and no colour, and ends with `finish`.
set -u
: "${LASTWORDS:?is the program to test}"
top=$(pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 2
export XDG_CONFIG_HOME="$work/config" HOME="$work" TERM=dumb
unset NO_COLOR LASTWORDS_FAIL_ON
# What is only pointed to from the leftovers of a stack is a leak: whether one is found must not depend on chance.
export LSAN_OPTIONS="${LSAN_OPTIONS:+$LSAN_OPTIONS:}use_stacks=0:use_registers=0"
passed=0 failed=0 skipped=0

pass() { passed=$((passed + 1)); }

fail() {
    failed=$((failed + 1))
    echo "FAILED: $*"
    for f in out err; do [ -s "$f" ] && sed "s/^/    $f: /" "$f" | head -20; done
}

skip() {
    skipped=$((skipped + 1))
    echo "skipped: $*"
}

# run ARGUMENT…: the program, its outputs in the files out and err, its exit code in $code.
run() {
    "$LASTWORDS" "$@" > out 2> err < /dev/null
    code=$?
    ran="lastwords $*"
}

exits() { if [ "$code" = "$1" ]; then pass; else fail "$ran: exit code $code, not $1"; fi; }
out_has() { if grep -qF -- "$1" out; then pass; else fail "$ran: no \"$1\" on standard output"; fi; }
err_has() { if grep -qF -- "$1" err; then pass; else fail "$ran: no \"$1\" on standard error"; fi; }
out_empty() { if [ -s out ]; then fail "$ran: standard output is not empty"; else pass; fi; }
err_empty() { if [ -s err ]; then fail "$ran: standard error is not empty"; else pass; fi; }
same() { if cmp -s "$1" "$2"; then pass; else fail "$3: $1 and $2 differ"; fi; }

finish() {
    echo "$(basename "$0" .sh): $passed passed, $failed failed$([ "$skipped" = 0 ] || echo ", $skipped skipped")"
    [ "$failed" = 0 ]
}

# A guest that was told a root device which it does not have.
make_log() {
    cat > "$1" << 'EOF'
<5>[    0.000000] Linux version 6.1.0-made (builder@made) (gcc 12) #1 SMP
<6>[    0.000000] Command line: root=/dev/sdq1 ro
<5>[    0.812345] sd 0:0:0:0: [sda] 16777216 512-byte logical blocks: (8.59 GB/8.00 GiB)
<3>[    1.125700] madedrv 0000:00:01.0: gave up on its device
<4>[    1.125782] VFS: Cannot open root device "sdq1" or unknown-block(0,0): error -6
<0>[    1.125900] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)
EOF
}

# A rule of our own, so that these tests do not stand on the shipped ones.
make_rule() {
    cat > "$1" << 'EOF'
lastwords: 1
pack: made
rules:
- id: root.made-for-tests
  title: A made root device is missing
  severity: error
  category: root-boot
  match:
    literal: 'madedrv 0000:00:01.0: gave up'
  diagnosis: 'The made driver gave up.'
  remediation:
  - 'Make another one.'
  tests:
  - match: |
      madedrv 0000:00:01.0: gave up
  - no_match: |
      madedrv 0000:00:01.0: is ready
EOF
    chmod 644 "$1"
}
