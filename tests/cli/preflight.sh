#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# lastwords preflight on made-up roots: what is missing is found with its line, what is in order is not mentioned, and
# nothing outside the root is looked at.
. "$(dirname "$0")/lib.sh"

release=6.1.138-5.ph5-esx

# A machine without its boot loader: kernel $2 in directory $1.
make_machine() {
    mkdir -p "$1/boot" "$1/proc/sys/kernel" "$1/lib/modules/$2" "$1/usr/lib/systemd/system" "$1/etc/systemd/system" \
        "$1/sbin" "$1/dev/disk/by-uuid" "$1/dev/disk/by-partuuid"
    printf 'MZkernel' > "$1/boot/vmlinuz-$2"
    printf '\037\213initrd' > "$1/boot/initrd.img-$2"
    echo 'kernel/drivers/made.ko:' > "$1/lib/modules/$2/modules.dep"
    : > "$1/usr/lib/systemd/systemd"
    : > "$1/usr/lib/systemd/system/multi-user.target"
    ln -s usr/lib/systemd "$1/lib/systemd"
    rm -f "$1/lib/systemd"
    ln -s ../usr/lib/systemd "$1/lib/systemd"
    ln -s /lib/systemd/system/multi-user.target "$1/etc/systemd/system/default.target"
    ln -s ../lib/systemd/systemd "$1/sbin/init"
    echo "$2" > "$1/proc/sys/kernel/osrelease"
    printf 'major minor  #blocks  name\n\n   8        0   20971520 sda\n   8        2   20965376 sda2\n' > "$1/proc/partitions"
    ln -s ../../sda2 "$1/dev/disk/by-uuid/0b7e60d4-90c1-4b7c-8f51-77aa03c0de02"
    ln -s ../../sda2 "$1/dev/disk/by-partuuid/2b7e60d4-90c1-4b7c-8f51-77aa03c0de02"
    echo 'UUID=0b7e60d4-90c1-4b7c-8f51-77aa03c0de02 / ext4 defaults 1 1' > "$1/etc/fstab"
}

make_photon() {
    make_machine "$1" $release
    mkdir -p "$1/boot/grub2"
    cat > "$1/boot/linux-$release.cfg" << EOF2
# GRUB Environment Block
photon_cmdline=init=/lib/systemd/systemd ro loglevel=3 quiet
photon_linux=vmlinuz-$release
photon_initrd=initrd.img-$release
EOF2
    ln -s linux-$release.cfg "$1/boot/photon.cfg"
    cat > "$1/boot/grub2/grub.cfg" << 'EOF2'
set default=0
set timeout=5
load_env -f /boot/photon.cfg
if [ -f /boot/systemd.cfg ]; then
    load_env -f /boot/systemd.cfg
else
    set systemd_cmdline=net.ifnames=0
fi
set rootpartition=PARTUUID=2b7e60d4-90c1-4b7c-8f51-77aa03c0de02
menuentry "Photon" {
    linux /boot/$photon_linux root=$rootpartition $photon_cmdline $systemd_cmdline
    if [ -f /boot/$photon_initrd ]; then
        initrd /boot/$photon_initrd
    fi
}
EOF2
}

# Debian: /boot is a file system of its own to GRUB, entries have ids, the default is in grubenv.
make_debian() {
    make_machine "$1" 6.1.0-35-amd64
    mkdir -p "$1/boot/grub"
    printf '# GRUB Environment Block\nsaved_entry=advanced>old\n####' > "$1/boot/grub/grubenv"
    cat > "$1/boot/grub/grub.cfg" << 'EOF2'
if [ -s $prefix/grubenv ]; then
  set have_grubenv=true
  load_env
fi
if [ "${next_entry}" ] ; then
   set default="${next_entry}"
   set next_entry=
   save_env next_entry
   set boot_once=true
else
   set default="${saved_entry}"
fi
if [ x"${feature_menuentry_id}" = xy ]; then
  menuentry_id_option="--id"
else
  menuentry_id_option=""
fi
set menuentry_id_option=--id
function gfxmode {
        set gfxpayload="${1}"
}
menuentry 'Debian GNU/Linux' --class debian $menuentry_id_option 'simple' {
        gfxmode $linux_gfx_mode
        linux   /vmlinuz-6.1.0-99-amd64 root=UUID=ffffffff-90c1-4b7c-8f51-77aa03c0de02 ro quiet
        initrd  /initrd.img-6.1.0-99-amd64
}
submenu 'Advanced options' $menuentry_id_option 'advanced' {
        menuentry 'Debian GNU/Linux, with Linux 6.1.0-35-amd64' --class debian $menuentry_id_option 'old' {
                echo    'Loading Linux 6.1.0-35-amd64 ...'
                linux   /vmlinuz-6.1.0-35-amd64 root=UUID=0b7e60d4-90c1-4b7c-8f51-77aa03c0de02 ro quiet
                initrd  /initrd.img-6.1.0-35-amd64
        }
}
if [ -f  ${config_directory}/custom.cfg ]; then
  source ${config_directory}/custom.cfg
fi
EOF2
}

make_systemd_boot() {
    make_machine "$1" 6.12.3-200.made
    mkdir -p "$1/efi/EFI/systemd" "$1/efi/loader/entries" "$1/efi/made/6.12.3-200.made"
    mv "$1"/boot/vmlinuz-* "$1/efi/made/6.12.3-200.made/linux"
    mv "$1"/boot/initrd.img-* "$1/efi/made/6.12.3-200.made/initrd"
    printf 'timeout 3\ndefault made-*\n' > "$1/efi/loader/loader.conf"
    cat > "$1/efi/loader/entries/made-6.12.3.conf" << 'EOF2'
title      Made Linux
version    6.12.3-200.made
linux      /made/6.12.3-200.made/linux
initrd     /made/6.12.3-200.made/initrd
options    root=UUID=0b7e60d4-90c1-4b7c-8f51-77aa03c0de02 rw
EOF2
    cat > "$1/efi/loader/entries/made-6.9.1.conf" << 'EOF2'
title      Made Linux
version    6.9.1
linux      /made/6.9.1/linux
options    root=/dev/gone
EOF2
}

# healthy NAME: says that it boots, and nothing more than what it checked.
healthy() {
    run preflight --root "$1"
    exits 0
    out_has "The machine in $1 will boot next time"
    err_empty
    if grep -qE '^(FATAL|CRITICAL|ERROR|WARNING|INFO)|fails|unknown' out; then fail "$ran: speaks about a healthy machine"; else pass; fi
}

# broken NAME RULE TEXT: what was done to it is the first finding, with the line that leads to it.
broken() {
    run preflight --root "$1" --fail-on critical
    exits 1
    if sed -n 1p out | grep -qE 'will (not boot next time|start next time, but not come up)'; then pass; else fail "$ran: no verdict"; fi
    out_has "$2"
    out_has "$3"
    rm -rf "$1"
}

make_photon photon
healthy photon
out_has 'kernel: /boot/vmlinuz-6.1.138-5.ph5-esx (/boot/photon.cfg:3)'
make_debian debian
healthy debian
out_has 'kernel: /boot/vmlinuz-6.1.0-35-amd64 (/boot/grub/grub.cfg:30)'
make_systemd_boot systemd
healthy systemd
out_has 'kernel: /efi/made/6.12.3-200.made/linux (/efi/loader/entries/made-6.12.3.conf:3)'

cp -a photon x && ln -sfn linux-gone.cfg x/boot/photon.cfg
broken x root.next-boot-config-broken 'photon.cfg:1  -> linux-gone.cfg'
cp -a photon x && rm x/boot/photon.cfg
broken x root.next-boot-config-broken 'grub.cfg:3  load_env -f /boot/photon.cfg'
cp -a photon x && rm x/boot/initrd.img-*
broken x initrd.next-boot-missing 'photon.cfg:4  photon_initrd=initrd.img-6.1.138-5.ph5-esx'
cp -a photon x && : > x/boot/initrd.img-$release
broken x initrd.next-boot-damaged 'photon.cfg:4'
cp -a photon x && rm x/boot/vmlinuz-*
broken x root.next-boot-kernel-missing 'photon.cfg:3'
cp -a photon x && echo nonsense > x/boot/vmlinuz-$release
broken x root.next-boot-kernel-damaged 'photon.cfg:3'
cp -a photon x && rm x/dev/disk/by-partuuid/* && ln -s ../../sda2 x/dev/disk/by-partuuid/99999999-90c1-4b7c-8f51-77aa03c0de02
broken x root.next-boot-device-missing 'grub.cfg:9  set rootpartition='
cp -a photon x && sed -i 's/PARTUUID=.*/\/dev\/sdb2/' x/boot/grub2/grub.cfg
broken x root.next-boot-device-missing 'there is no such device'
cp -a photon x && sed -i '/initrd/d; s/^    fi$//; s/if \[ -f .boot.$photon.*//; s/PARTUUID=/UUID=/; s/2b7e/0b7e/' x/boot/grub2/grub.cfg
broken x root.next-boot-device-missing 'only an initrd can find it'
cp -a photon x && rm -r x/lib/modules/*
broken x mod.next-boot-modules-missing 'there is no such directory'
cp -a photon x && : > x/lib/modules/$release/modules.dep
broken x mod.next-boot-modules-missing modules.dep
cp -a photon x && rm x/usr/lib/systemd/systemd
broken x root.next-boot-init-missing /lib/systemd/systemd
cp -a photon x && rm x/usr/lib/systemd/system/multi-user.target
broken x sd.next-boot-default-target-missing 'default.target:1  -> /lib/systemd/system/multi-user.target'
cp -a photon x && echo 'UUID=1c2d-44aa /data xfs defaults 0 0' >> x/etc/fstab
broken x fs.next-boot-fstab-device-missing 'fstab:2  UUID=1c2d-44aa /data'
cp -a debian x && echo 'next_entry=simple' > x/boot/grub/grubenv
broken x root.next-boot-kernel-missing 'grub.cfg:25'
cp -a systemd x && rm x/efi/made/6.12.3-200.made/initrd
broken x initrd.next-boot-missing 'made-6.12.3.conf:4'

# What is in order in spite of its looks.
cp -a photon x && echo 'UUID=1c2d-44aa /data xfs nofail 0 0' >> x/etc/fstab && echo '/dev/sr0 /media auto noauto 0 0' >> x/etc/fstab
healthy x
rm -rf x && cp -a photon x && echo 6.1.128-1.ph5-esx > x/proc/sys/kernel/osrelease
run preflight --root x
exits 0
out_has 'mod.reboot-is-due'
out_has 'will boot next time'

# What cannot be known is said, and is no fault: no list of devices, no /boot, a root of another kind.
rm -rf x && cp -a photon x && rm -r x/dev x/proc/partitions
run preflight --root x --fail-on info
exits 0
out_has 'Cannot tell whether the machine in x will boot next time: 1 of 8'
rm -rf x && cp -a photon x && rm -r x/boot && mkdir x/boot
run preflight --root x
out_has 'Cannot tell'
rm -rf x && cp -a photon x && mkdir -p x/efi/EFI/systemd x/efi/loader/entries && : > x/efi/loader/loader.conf
run preflight --root x
out_has 'GRUB and systemd-boot are both set up'
if [ "$(id -u)" != 0 ]; then
    rm -rf x && cp -a debian x && chmod 0 x/boot/grub/grub.cfg
    run preflight --root x
    exits 3
    out_has 'run this as root'
fi

# Hostile: links in a circle, links out of the root, FIFOs and directories in the place of files, huge and binary files.
rm -rf x && cp -a photon x && ln -sfn photon.cfg x/boot/photon.cfg
broken x root.next-boot-config-broken 'it cannot be read'
rm -rf x && cp -a photon x && echo SECRET > secret && ln -sfn "$(pwd)/secret" x/boot/photon.cfg
run preflight --root x --all
exits 0
if grep -q SECRET out err; then fail "$ran: left the root"; else pass; fi
rm -f x/etc/fstab && ln -s ../../../../../../../../../../../etc/passwd x/etc/fstab
run preflight --root x --format json
if grep -q 'root:' out; then fail "$ran: left the root"; else pass; fi
rm -rf x && cp -a photon x && rm x/boot/grub2/grub.cfg x/etc/fstab x/proc/partitions && mkfifo x/boot/grub2/grub.cfg x/etc/fstab x/proc/partitions
run preflight --root x
exits 0
out_has 'Cannot tell'
rm -rf x && cp -a photon x && rm x/boot/initrd.img-* && mkdir x/boot/initrd.img-$release
run preflight --root x
out_has 'it is not a file'
rm -rf x && cp -a photon x && head -c 3000000 /dev/zero | tr '\0' '{' > x/boot/grub2/grub.cfg && head -c 100000 /dev/zero > x/etc/fstab
run preflight --root x
exits 0

# Usage, other reports, and where it is not asked for.
run preflight --root nowhere
exits 2
err_has nowhere
run preflight photon
exits 2
err_has '--root photon'
run preflight --root photon --format json
out_has '"verdict": "will-boot"'
if python3 -c 'import jsonschema' 2> /dev/null; then
    if python3 "$top/tests/tools/validate.py" "$top/reports/schema/lastwords-1.schema.json" out > valid 2>&1; then pass; else fail "$ran: $(cat valid)"; fi
fi
run preflight --root photon --format ndjson
out_has '"next_boot"'
# Verdict and checks stand in what people read, with the same words and places.
cp -a photon pages && rm pages/boot/initrd.img-*
chmod 755 pages
for root in photon pages; do
    run preflight --root $root --html $root.html --markdown $root.md
    head -1 out > verdict
    for report in $root.html $root.md; do
        tr -d '\\\\`' < "$report" > plain
        mv plain out
        ran="$report of $root"
        out_has "The machine in $root will"
        out_has "What was checked"
        out_has "photon.cfg:4"
        out_has "multi-user.target"
    done
    if [ "$(grep -c 'class="badge good">GOOD' $root.html)" = "$(grep -c '^| good ' $root.md)" ]; then pass; else fail "the reports differ in what is good"; fi
done
if grep -q '>FAILS<' photon.html || grep -q '^| fails ' photon.md; then fail "a healthy machine fails"; else pass; fi
if grep -q '<h1>The machine in pages will not boot next time: ' pages.html; then pass; else fail "pages.html is not headed by its verdict"; fi
if grep -q 'class="badge error">FAILS' pages.html && grep -q '^| fails ' pages.md; then pass; else fail "what fails is not in the list"; fi
if grep -q 'card verdict good' photon.html; then pass; else fail "a good verdict is not shown as one"; fi
python=python3
python3 -c 'import html5lib' 2> /dev/null || python=/usr/bin/python3
if $python -c 'import html5lib' 2> /dev/null; then
    for report in photon.html pages.html; do
        if $python -c 'import html5lib, sys; html5lib.HTMLParser(strict=True).parse(open(sys.argv[1]).read())' $report > out 2> err; then
            pass
        else
            fail "$report is no HTML"
        fi
    done
else
    skip "pages of preflight as HTML, which needs python3-html5lib"
fi
if grep -q 'What was checked' "$top"/samples/*/expected/*.html; then fail "a log's page has preflight's checks"; else pass; fi

run facts --root photon photon/proc/partitions
if grep -q '^machine' out; then fail "$ran: facts of the machine in a log's"; else pass; fi

# A disk whose journal is there, too: what happened, and that the next boot fails.
cp -a photon m && rm m/boot/initrd.img-*
make_log made.log
run --root m made.log
if grep -q initrd.next-boot-missing out; then fail "$ran: a log was named"; else pass; fi
remote=/lib/systemd/systemd-journal-remote
id=0123456789abcdef0123456789abcdef
if [ -x "$remote" ]; then
    mkdir -p "m/var/log/journal/$id"
    printf '__CURSOR=s=1;i=1\n__REALTIME_TIMESTAMP=1790000000000000\n__MONOTONIC_TIMESTAMP=1000\n_BOOT_ID=%s\n_MACHINE_ID=%s\n_TRANSPORT=kernel\nSYSLOG_IDENTIFIER=kernel\nPRIORITY=5\nMESSAGE=Linux version 6.1.0-made (root@made) (gcc) #1 SMP\n\n' $id $id > made.export
    "$remote" -o "m/var/log/journal/$id/system.journal" made.export > /dev/null 2>&1
    run --root m
    exits 0
    out_has initrd.next-boot-missing
    out_has 'photon.cfg:4'
else
    skip "systemd-journal-remote is not here"
fi
# Where somebody mounted a disk names them.
mkdir -p smith-disk/etc smith-disk/boot smith-disk/usr/lib
echo "/dev/sdq1 / ext4 defaults 0 1" > smith-disk/etc/fstab
for format in text json html markdown; do
    run preflight --root smith-disk --redact --all --format "$format"
    if [ -s out ] && ! grep -q smith out; then pass; else fail "$ran shows a name"; fi
done
finish
