#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# live.sh PROGRAM KERNEL: live.py, or one line that says why it cannot run here.
set -eu
for tool in qemu-system-x86_64 busybox cpio python3; do
    command -v "$tool" >/dev/null || {
        echo "eval-live: skipped, no $tool here"
        exit 0
    }
done
[ -f "$2" ] && [ -r "$2" ] || {
    echo "eval-live: skipped, no kernel to boot (make eval-live KERNEL=/path/to/vmlinuz)"
    exit 0
}
exec python3 "$(dirname "$0")/live.py" "$1" "$2"
