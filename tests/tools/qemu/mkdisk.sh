#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# mkdisk.sh DISK [damaged]: a disk of two partitions, the first too small for a root. `damaged`
# zeroes the block of a directory, so that reading it is an EXT4 error.
set -eu
disk=$1
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir -p "$tree/srv/data" "$tree/etc"
echo photon >"$tree/etc/hostname"
touch "$tree/srv/data/one" "$tree/srv/data/two"

rm -f "$disk"
truncate -s 700M "$disk"
/usr/sbin/sfdisk -q "$disk" <<END
label: gpt
label-id: 8B7E5EFF-070A-944D-A058-A6341A34812E
start=2048, size=6144, type=21686148-6449-6E6F-744E-656564454649, uuid=2B0E5D4C-9B71-4E0A-9C53-6D1F70A1E201
start=8192, size=1228800, type=0FC63DAF-8483-4772-8E79-3D69D8477DE4, uuid=611C4E9A-3D20-4B7F-8E15-0C92B6A7F302
END
offset=$((8192 * 512))
/usr/sbin/mkfs.ext4 -q -F -U 5e3d7a10-42b6-4c8f-9d21-a7b30c5e1f04 -d "$tree" -E offset=$offset "$disk" 600M
if [ "${2-}" = damaged ]; then
    /usr/sbin/debugfs -w -R "zap_block -f /srv/data 0" "$disk?offset=$offset" 2>/dev/null
fi
