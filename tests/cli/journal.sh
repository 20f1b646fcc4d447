#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Journals made by systemd-journal-remote: the same diagnosis in every form, machines by their id.
. "$(dirname "$0")/lib.sh"

remote=/lib/systemd/systemd-journal-remote
if [ ! -x "$remote" ] || ! command -v journalctl > /dev/null; then
    skip "systemd-journal-remote is not here"
    finish
    exit
fi
make_rule made.yaml
make_log made.log

# The export form of a boot: the log above, as journald takes it from the kernel.
id=0123456789abcdef0123456789abcdef
awk -v id="$id" '{
    split($0, part, /[][<>] */)
    us = int(part[4] * 1000000)
    printf "__CURSOR=s=1;i=%x\n__REALTIME_TIMESTAMP=%d\n__MONOTONIC_TIMESTAMP=%d\n", NR, 1790000000000000 + us, us + 1000
    printf "_BOOT_ID=%s\n_MACHINE_ID=%s\n_HOSTNAME=made\n_TRANSPORT=kernel\nSYSLOG_IDENTIFIER=kernel\n", id, id
    printf "SYSLOG_FACILITY=0\nPRIORITY=%d\n_SOURCE_MONOTONIC_TIMESTAMP=%d\nMESSAGE=%s\n\n", part[2], us, part[5]
}' made.log > made.export
mkdir -p "root/var/log/journal/$id" root/etc
echo "$id" > root/etc/machine-id
"$remote" -o "root/var/log/journal/$id/system.journal" made.export > /dev/null 2>&1

journal=root/var/log/journal/$id/system.journal
run --rules made.yaml "$journal"
exits 0
sed 1d out > journal.out
for form in short-monotonic json export; do
    journalctl --file "$journal" -o "$form" --no-pager 2> /dev/null > "made.$form"
    run --rules made.yaml "made.$form"
    sed 1d out | sed "s/^  made.$form:[0-9]*/  system.journal:N/" > "$form.out"
    sed "s/^  system.journal:[0-9]*/  system.journal:N/" journal.out > expected.out
    same "$form.out" expected.out "the journal and its form $form"
done

run boots --root root
exits 0
out_has "$id"
run boots --directory "root/var/log/journal/$id"
out_has panic
run boots --file "$journal"
out_has panic
run boots --root root --machine-id "$id"
out_has "$id"
run boots --root root --machine-id ffffffffffffffffffffffffffffffff
if grep -q "$id" out; then fail "$ran: another machine's boot"; else pass; fi

gzip -c "$journal" > packed.gz
run boots packed.gz
exits 0
out_has panic
dd if="$journal" of=torn.journal bs=4096 count=2 2> /dev/null
run boots torn.journal
[ "$code" = 2 ] || [ "$code" = 3 ] || fail "$ran: exit code $code, not 2 or 3"
finish
