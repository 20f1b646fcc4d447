#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# boot.sh CONSOLE SECONDS "command line" [qemu option...]: boots $KERNEL and writes what its serial
# line says. A reboot ends the guest, unless LOOP is set.
set -eu
console=$1 seconds=$2 cmdline=$3
shift 3
[ -n "${LOOP-}" ] || set -- -no-reboot "$@"
timeout "$seconds" qemu-system-x86_64 -accel tcg -m 384 -nographic \
    -kernel "$KERNEL" -append "console=ttyS0 $cmdline" \
    -smbios type=1,manufacturer="VMware,, Inc.",product="VMware Virtual Platform" \
    -monitor none -serial "file:$console" "$@" </dev/null ||
    [ $? -eq 124 ] # stopped after SECONDS: a guest that hangs is a case, too
