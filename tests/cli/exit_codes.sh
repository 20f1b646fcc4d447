#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The contract with scripts: 0 complete, 1 a finding at or above --fail-on, 2 nothing analysed,
# 3 bytes never analysed or output not fully written.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
make_log good.log
make_rule made.yaml

run --rules made.yaml good.log
exits 0
out_has "root.made-for-tests"
err_empty
run --rules made.yaml --fail-on error good.log
exits 1
run --rules made.yaml --fail-on info good.log
exits 1
run --fail-on fatl good.log
exits 2
err_has "'fatal'"

run no-such.log
exits 2
err_has "no-such.log: "
out_empty
: > empty.log
run empty.log
exits 2
err_has "empty.log: is empty"
run good.log empty.log
exits 0
run good.log no-such.log
exits 3
err_has "no-such.log"
run --fail-on info --rules made.yaml good.log no-such.log
exits 3

# The variable says what --fail-on says; the option wins.
LASTWORDS_FAIL_ON=error run --rules made.yaml good.log
exits 1
LASTWORDS_FAIL_ON=fatl run good.log
exits 2
err_has "LASTWORDS_FAIL_ON=fatl"
LASTWORDS_FAIL_ON=info run --fail-on fatal hello.log
exits 2
LASTWORDS_FAIL_ON='' run --rules made.yaml good.log
exits 0

mkdir nologs
printf 'x\0y\0\1\2\3\4\5\6' > nologs/data.bin
run nologs/
exits 2
err_has "nologs: holds no log"
run good.log nologs
exits 0
err_empty
mkdir vm
cp good.log vm/console.log
tar -czf vm.tgz vm
run vm.tgz
exits 0
mkdir other
echo 'nothing of interest' > other/data.txt
tar -czf other.tgz other
run other.tgz
exits 2
err_has "other.tgz: holds no log"
head -c 5000 /dev/zero | tr '\0' '\1' > binary
run binary
exits 2
err_has "binary"
gzip -c good.log > good.log.gz
head -c 150 good.log.gz > torn.log.gz
run torn.log.gz
exits 3
err_has "torn.log.gz: the gzip data breaks off"
run --format json good.log torn.log.gz
exits 3
err_has "torn.log.gz: the gzip data breaks off"
seq 100000 | sed 's/.*/[    1.000000] line & of many/' >> vm/console.log
tar -czf vm.tgz vm
for n in 60 3000; do
    head -c $n vm.tgz > torn.tgz
    run good.log torn.tgz
    exits 3
    err_has "torn.tgz"
    run torn.tgz
    if [ $n = 60 ]; then exits 2; else exits 3; fi
    err_has "breaks off"
done
for command in records formats boots; do
    run "$command" torn.log.gz
    exits 3
    err_has "torn.log.gz: "
done
run formats good.log good.log
exits 0

# FIFOs: one without a writer ends, one whose writer is late is read.
mkfifo fifo
run fifo
exits 2
err_has "fifo: is empty"
{ sleep 0.3; cat good.log > fifo; } &
run fifo
exits 0
wait
run /dev/null
exits 2
run /dev/zero
exits 2
err_has "/dev/zero: not text"
if command -v python3 > /dev/null; then
    python3 -c "import socket; socket.socket(socket.AF_UNIX).bind('sock')"
    run good.log sock
    exits 3
    err_has "sock: is a socket"
fi

run --fromat json good.log
exits 2
err_has "did you mean 'format'"
run --format jsn good.log
exits 2
err_has "did you mean 'json'"
run recods
exits 2
err_has "did you mean 'records'"
run --input-format dmesgg good.log
exits 2
err_has "did you mean 'dmesg'"
run -b 7 good.log
exits 2
err_has "no such boot"
run --run-time yesterday good.log
exits 2
run --run-time none good.log
exits 0
run --run-time now --format prometheus good.log
exits 0
out_has "lastwords_duration_seconds "
run --run-time 2026-01-31T12:00:00Z --format prometheus good.log
out_has "lastwords_last_run_timestamp_seconds 1769860800.000000"
if grep -q duration_seconds out; then fail "$ran: a duration that nobody measured"; else pass; fi
run --junit-fail-on eror good.log
exits 2
err_has "did you mean 'error'"
run --rules made.yaml --format junit --junit-fail-on error good.log
out_has 'failures="2"'
run --rules made.yaml --format junit --junit-fail-on fatal good.log
out_has '<system-out>error, '
run --rules made.yaml --format junit --junit-all-rules good.log
out_has 'name="net.'
run --run-time none good.log
exits 0
run --sandbox sometimes good.log
exits 2

if [ "$(id -u)" != 0 ]; then
    chmod 000 good.log
    run good.log
    exits 2
    err_has "good.log"
elif command -v setpriv > /dev/null && chmod 711 . && cp "$LASTWORDS" ./lw 2> /dev/null; then
    chmod 755 lw
    chmod 600 good.log
    : > out
    : > err
    ran="lastwords good.log, as nobody"
    setpriv --reuid=65534 --regid=65534 --clear-groups ./lw good.log > out 2> err
    code=$?
    exits 2
    err_has "good.log"
else
    skip "an unreadable file, which needs somebody else than root"
fi
# What was begun before an option turns out to be wrong is let go (seen by the sanitizers).
for command in '' records boots facts formats explain; do
    # shellcheck disable=SC2086
    run $command --sandbox sometimes $([ "$command" = explain ] && echo root.no-device) good.log
    exits 2
done
finish
