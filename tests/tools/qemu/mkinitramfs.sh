#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# mkinitramfs.sh OUT: an initramfs of init, a static busybox and util-linux's dmesg of this system.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=$(realpath -m "$1")
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir -p "$tree/bin" "$tree/proc" "$tree/sys" "$tree/dev" "$tree/mnt"
cp "$here/init" "$tree/init"
chmod 755 "$tree/init"
cp "$(command -v busybox)" "$tree/bin/busybox"
cp "$(command -v dmesg)" "$tree/bin/dmesg"
# Libraries stand where the loader looks for them; it names them itself.
ldd "$tree/bin/dmesg" | sed -n 's|^[^/]*\(/[^ ]*\) .*|\1|p' | while read -r lib; do
    mkdir -p "$tree$(dirname "$lib")"
    cp -L "$lib" "$tree$lib"
done
(cd "$tree" && find . | sort | cpio -o -H newc --quiet | gzip -9 >"$out")
