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
    printf "__CURSOR=s=1;i=%x\n__REALTIME_TIMESTAMP=%.0f\n__MONOTONIC_TIMESTAMP=%d\n", NR, 1790000000000000 + us, us + 1000
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

# Boots that end badly, in every form: the same boots, the same findings.
# export_of MACHINE < lines "BOOT US WHO PRIORITY TEXT": the export form; WHO is kernel or UNIT.
export_of() {
    awk -v machine="$1" '{
        boot = $1; us = $2; who = $3; level = $4
        text = $0
        for (i = 0; i < 4; i++) sub(/^[^ ]* /, "", text)
        printf "__CURSOR=s=1;i=%x\n__REALTIME_TIMESTAMP=%.0f\n__MONOTONIC_TIMESTAMP=%d\n", NR, 1790000000000000 + boot * 3600000000 + us, us + 1000
        printf "_BOOT_ID=%032x\n_MACHINE_ID=%s\n_HOSTNAME=made\nPRIORITY=%d\nMESSAGE=%s\n", boot, machine, level, text
        if (who == "kernel")
            printf "_TRANSPORT=kernel\nSYSLOG_IDENTIFIER=kernel\nSYSLOG_FACILITY=0\n_SOURCE_MONOTONIC_TIMESTAMP=%d\n\n", us
        else if (who ~ /^systemd:/)
            printf "_TRANSPORT=journal\nSYSLOG_IDENTIFIER=systemd\n_PID=1\n_COMM=systemd\n_SYSTEMD_UNIT=init.scope\nUNIT=%s\nMESSAGE_ID=be02cf6855d2428ba40df7e9d022f03d\n\n", substr(who, 9)
        else
            printf "_TRANSPORT=stdout\nSYSLOG_IDENTIFIER=%s\n_PID=77\n_COMM=%s\n_SYSTEMD_UNIT=%s.service\n\n", who, who, who
    }'
}

# verdicts FILE: how boots ended, findings and crashes; no ids of boots, which not every form tells.
verdicts() {
    run --format json -b all "$1"
    python3 - << 'EOF' > "$2"
import json
a = json.load(open("out"))
for b in a["boots"]:
    print(b["ended_by"], b["kernel"], b["facts"]["systemd.failed_units"]["value"])
for d in a["diagnoses"]:
    print(d["rule"], d["boot"], d["role"], d["title"])
for c in a["crashes"]:
    print(c["title"], c["boot"], c["signature"]["exact"])
EOF
}

# forms NAME EXPECTED: the journal of NAME.export and all forms that journalctl makes of it.
forms() {
    "$remote" -o "$1.journal" "$1.export" > /dev/null 2>&1
    verdicts "$1.journal" "$1.expected"
    if grep -qF -- "$2" "$1.expected"; then pass; else fail "$1: no \"$2\" in $(cat "$1.expected")"; fi
    for form in short-monotonic json export; do
        journalctl --file "$1.journal" -o "$form" --no-pager 2> /dev/null > "$1.$form"
        verdicts "$1.$form" "$1.got"
        same "$1.got" "$1.expected" "$1 and its form $form"
    done
}

head='kernel 5 Linux version 6.1.0-made (builder@made) (gcc 12) #1 SMP'
export_of $id << EOF > panic.export
1 0 $head
1 1000 kernel 6 Command line: root=/dev/sdq1 ro
1 800000 kernel 5 sd 0:0:0:0: [sda] 16777216 512-byte logical blocks: (8.59 GB/8.00 GiB)
1 1125700 kernel 4 VFS: Cannot open root device "sdq1" or unknown-block(0,0): error -6
1 1125900 kernel 0 Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)
EOF
forms panic 'root.'
export_of $id << EOF > oops.export
1 0 $head
1 900000 systemd:db.service 3 Failed to start db.service - Appliance database.
1 5000000 kernel 1 BUG: kernel NULL pointer dereference, address: 0000000000000008
1 5000001 kernel 1 #PF: supervisor read access in kernel mode
1 5000002 kernel 4 Oops: 0000 [#1] PREEMPT SMP PTI
1 5000003 kernel 4 CPU: 1 PID: 77 Comm: clerk Not tainted 6.1.0-made #1
1 5000004 kernel 4 RIP: 0010:gear_turn+0x12/0x40 [gearbox]
1 5000005 kernel 4 Call Trace:
1 5000006 kernel 4  <TASK>
1 5000007 kernel 4  gear_box_run+0x22/0x80 [gearbox]
1 5000008 kernel 4  </TASK>
1 5000009 kernel 4 ---[ end trace 0000000000000000 ]---
2 0 $head
2 2000000 kernel 6 EXT4-fs (sda2): recovery complete
2 9000000 clerk 6 Kernel panic - not syncing: only quoted
EOF
forms oops 'gear_turn'
if grep -q "panic" oops.expected; then fail "a program's text counts as the kernel's"; else pass; fi
run boots oops.journal
out_has oops
out_has end-of-log
export_of $id << EOF > watchdog.export
1 0 $head
1 9000000 clerk 6 works
2 0 $head
2 100000 kernel 6 x86/amd: Previous system reset reason [0x02000800]: hardware watchdog timer expired
2 200000 systemd:db.service 6 Reached target poweroff.target - System Power Off.
EOF
forms watchdog 'watchdog '

# What only a journal knows: unit, identifier, message id, and how far the boot had come.
cat > fields.yaml << 'EOF'
lastwords: 1
pack: fields
rules:
EOF
for key in 'unit: db.service' 'ident: systemd' 'message_id: be02cf6855d2428ba40df7e9d022f03d' 'phase: system' \
    'unit: other.service' 'ident: kernel' 'message_id: 00000000000000000000000000000000' 'phase: kernel'; do
    name=$(echo "$key" | tr -c 'a-z0-9\n' '-')
    cat >> fields.yaml << EOF
- id: sys.$name
  title: 'It is $key'
  severity: warning
  category: hardware
  match:
    literal: 'Failed to start db.service'
    origin: guest-user
    $key
  diagnosis: 'It is.'
  remediation: ['Nothing.']
  tests:
  - no_match: 'madedrv: is ready'
EOF
done
export_of $id << EOF > fields.export
1 0 $head
1 700000 kernel 6 Run /sbin/init as init process
1 900000 systemd:db.service 3 Failed to start db.service - Appliance database.
EOF
"$remote" -o fields.journal fields.export > /dev/null 2>&1
run --rules fields.yaml --format json fields.journal
for title in 'unit: db.service' 'ident: systemd' 'message_id: be02cf6855d2428ba40df7e9d022f03d' 'phase: system'; do
    out_has "It is $title"
done
for title in 'unit: other.service' 'ident: kernel' 'message_id: 00000000' 'phase: kernel'; do
    if grep -qF "It is $title" out; then fail "$ran: $title"; else pass; fi
done

# journal-remote's layout: a file for each host, and both machines in one.
other=fedcba9876543210fedcba9876543210
export_of $other < /dev/null > /dev/null
export_of $other << EOF > other.export
3 0 $head
3 900000 clerk 6 works elsewhere
EOF
mkdir -p remotes
"$remote" -o remotes/remote-10.0.0.1.journal oops.export > /dev/null 2>&1
"$remote" -o remotes/remote-10.0.0.2.journal other.export > /dev/null 2>&1
"$remote" -o both.journal oops.export other.export > /dev/null 2>&1
for what in remotes both.journal; do
    run "$what"
    out_has "journals of 2 machines are here"
    run boots --machine-id $other --directory "$what"
    out_has 00000000000000000000000000000003
    if grep -q 00000000000000000000000000000001 out; then fail "$ran: another machine"; else pass; fi
done

# The members of one archive are one journal: what follows an unclean end tells of it.
mkdir -p parts
awk -v RS= '/_BOOT_ID=0*1\n/ { print $0 "\n" }' oops.export > first.export
awk -v RS= '/_BOOT_ID=0*2\n/ { print $0 "\n" }' oops.export > second.export
"$remote" -o parts/system@0001.journal first.export > /dev/null 2>&1
"$remote" -o parts/system.journal second.export > /dev/null 2>&1
tar -cf parts.tar parts
for what in parts parts.tar; do
    run boots "$what"
    out_has " oops "
    out_has end-of-log
done

python3 "$top/tests/long/journal.py" --quick "$LASTWORDS" > damage 2>&1 || fail "$(cat damage)"
pass
finish
