#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Logs that are read sparsely: boots, findings and the unexplained list are those of reading every
# line, in every format that offers a skim.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# Four boots: a restart, a power loss, an oops with a long life behind it, a panic. Each line is
# "boot seconds microseconds level text".
awk 'BEGIN {
    srand(7)
    for (b = 1; b <= 4; b++) {
        print b, 0, 0, 5, "Linux version 6.1." b "-made (a@b) (gcc 12) #1 SMP"
        print b, 0, 0, 6, "Command line: BOOT_IMAGE=/vmlinuz root=/dev/sda" b " ro quiet"
        for (i = 1; i < 22000; i++) {
            text = sprintf("drv%d: packet %08x%08x went through ring %d", i % 9, i * 40503, i * 7919, i % 64)
            level = 4 + i % 4
            if (i == 20000) { text = "drv: failed to do thing " b; level = 3 }
            if (i == 20500) text = "sd 0:0:0:0: [sda] 16777216 512-byte logical blocks: (8.59 GB/8.00 GiB)"
            if (i == 20600) text = "EXT4-fs (sda1): mounted filesystem with ordered data mode. Quota mode: none."
            if (b == 3 && i == 12000) { text = "BUG: kernel NULL pointer dereference, address: 0000000000000010"; level = 1 }
            if (b == 3 && i == 12001) text = "Oops: 0000 [#1] PREEMPT SMP"
            if (b == 3 && i == 12002) text = "---[ end trace 0000000000000000 ]---"
            print b, int(i / 100), (i % 100) * 10000, level, text
        }
        if (b == 1) print b, 900, 0, 5, "reboot: Restarting system"
    }
    print 4, 901, 1, 4, "VFS: Cannot open root device \"sdq1\" or unknown-block(0,0): error -6"
    print 4, 901, 2, 4, "Please append a correct \"root=\" boot option; here are the available partitions:"
    print 4, 901, 3, 4, "0800         8388608 sda"
    print 4, 901, 4, 4, "  0801         8387584 sda1 11111111-2222-3333-4444-555555555555"
    print 4, 901, 5, 0, "Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)"
}' > story

write_as() {
    awk -v form="$1" '{
        text = $0
        sub(/^[^ ]* [^ ]* [^ ]* [^ ]* /, "", text)
        stamp = sprintf("[%5d.%06d]", $2, $3)
        hour = sprintf("%02d", $1 + 8)
        clock = hour sprintf(":%02d:%02d", $2 / 60, $2 % 60)
        fraction = sprintf("%06d", $3)
        if (form == "dmesg") print stamp " " text
        else if (form == "raw") print "<" $4 ">" stamp " " text
        else if (form == "kmsg") print $4 "," NR "," $2 * 1000000 + $3 ",-;" text
        else if (form == "console") {
            if ($1 != boot) print "\r\nSeaBIOS (version 1.16)\r\nBooting from Hard Disk...\r"
            print stamp " " text "\r"
            if (NR % 5000 == 0) print "[  \033[0;32mOK\033[0m  ] Started thing " NR ".\r"
        }
        else if (form == "syslog") print "Mar  1 " clock " host kernel: " stamp " " text
        else if (form == "rsyslog") print "2026-03-01T" clock "." fraction "+00:00 host kernel: " stamp " " text
        else if (form == "journal") {
            if ($1 != boot && boot) printf "-- Boot %032x --\n", $1
            print "2026-03-01T" clock "+0000 host kernel: " text
            if (NR % 5000 == 0) print "2026-03-01T" clock "+0000 host app[7]: first\n                         second"
        }
        else if (form == "vmware") {
            head = "2026-03-01T" clock "." substr(fraction, 1, 3) "Z In(05) vcpu-0 "
            if (NR == 1) print head "Log for VMware ESX pid=1 version=VMware ESXi 7.0.3 build=build-1"
            if ($1 != boot && boot) print head "CPU reset: soft (mode Emulation)"
            for (i = 0; i < 4 && NR % 9 == 0; i++) print head "VMMouse: CMD Read ID " i
            print head "Guest: <" $4 ">" stamp " " text
        }
        boot = $1
    }' story
}

for form in dmesg raw kmsg console syslog rsyslog journal vmware; do
    write_as "$form" > made.log
    for format in json $([ "$form" = console ] && echo text); do
        run --all -b all --format "$format" made.log
        grep -v '"understood"\|"estimated"' out > sparse
        run --all -b all --no-prefilter --format "$format" made.log
        exits 0
        grep -v '"understood"\|"estimated"' out > dense
        sed -i 's/about [0-9]* of/about N of/' sparse dense
        same sparse dense "$form, $format"
    done
    out_has "Unable to mount root fs"
    if [ "$form" = kmsg ]; then continue; fi
    run --format json made.log
    out_has '"estimated": true'
done
finish
