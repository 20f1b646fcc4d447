#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""scan.py PROGRAM DIR [VMS]: a lab's nights. Generates VMs' logs (200 KB each, 3 % of them failing in 12
ways), scans them with one, two and all processors, then a second night with 5 new failures, which
--new-only must name. Prints time, peak memory and groups; fails when an output differs per -j or the 5
are not exactly those."""
import hashlib
import json
import os
import resource
import subprocess
import sys
import time

FAILURES = [
    ["VFS: Cannot open root device \"sdq1\" or unknown-block(0,0): error -6",
     "Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)"],
    ["BUG: kernel NULL pointer dereference, address: 0000000000000018",
     "#PF: supervisor read access in kernel mode", "Oops: 0000 [#1] SMP NOPTI",
     "CPU: 1 PID: 812 Comm: made Not tainted 6.1.0-made #1",
     "RIP: 0010:made_read+0x1c/0x90 [madedrv]", "Call Trace:", " <TASK>", " vfs_read+0xa0/0x300", " ksys_read+0x5f/0xe0",
     " do_syscall_64+0x3d/0x90", " </TASK>", "---[ end trace 0000000000000000 ]---",
     "Kernel panic - not syncing: Fatal exception"],
    ["watchdog: BUG: soft lockup - CPU#1 stuck for 26s! [made:812]",
     "CPU: 1 PID: 812 Comm: made Not tainted 6.1.0-made #1", "RIP: 0010:made_spin+0x10/0x40 [madedrv]",
     "Call Trace:", " <TASK>", " made_work+0x20/0x60 [madedrv]", " process_one_work+0x1c0/0x380", " </TASK>"],
    ["made invoked oom-killer: gfp_mask=0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP), order=0, oom_score_adj=0",
     "Out of memory: Killed process 4711 (made) total-vm:8388608kB, anon-rss:7340032kB, file-rss:0kB, "
     "shmem-rss:0kB, UID:1000 pgtables:14500kB oom_score_adj:0"],
    ["EXT4-fs error (device sda1): ext4_find_entry:1455: inode #131073: comm made: reading directory lblock 0",
     "EXT4-fs (sda1): Remounting filesystem read-only"],
    ["INFO: task made:812 blocked for more than 120 seconds.",
     "      Not tainted 6.1.0-made #1",
     "task:made            state:D stack:    0 pid:  812 ppid:     1 flags:0x00004002", "Call Trace:", " <TASK>",
     " __schedule+0x2f0/0x950", " schedule+0x5b/0xd0", " io_schedule+0x42/0x70", " </TASK>"],
    ["general protection fault, probably for non-canonical address 0xdead000000000108: 0000 [#1] SMP NOPTI",
     "CPU: 0 PID: 77 Comm: kworker/0:2 Not tainted 6.1.0-made #1", "RIP: 0010:made_free+0x2a/0x70 [madedrv]",
     "Call Trace:", " <TASK>", " made_work+0x44/0x60 [madedrv]", " </TASK>", "---[ end trace 0000000000000000 ]---"],
    ["kernel BUG at drivers/made/core.c:210!", "invalid opcode: 0000 [#1] SMP NOPTI",
     "CPU: 0 PID: 78 Comm: made Not tainted 6.1.0-made #1", "RIP: 0010:made_check+0x55/0x60 [madedrv]",
     "Call Trace:", " <TASK>", " made_open+0x10/0x30 [madedrv]", " </TASK>", "---[ end trace 0000000000000000 ]---"],
    ["Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000100"],
    ["sd 0:0:0:0: [sda] tag#12 FAILED Result: hostbyte=DID_OK driverbyte=DRIVER_OK cmd_age=1s",
     "sd 0:0:0:0: [sda] tag#12 Sense Key : Medium Error [current]",
     "sd 0:0:0:0: [sda] tag#12 Add. Sense: Unrecovered read error",
     "blk_update_request: critical medium error, dev sda, sector 2048 op 0x0:(READ) flags 0x0 phys_seg 1 prio class 2",
     "Buffer I/O error on dev sda1, logical block 0, async page read"],
    ["XFS (sda1): Metadata corruption detected at xfs_agi_verify+0x120/0x190 [xfs], xfs_agi block 0x2",
     "XFS (sda1): Unmount and run xfs_repair"],
    ["nvme nvme0: I/O 12 QID 2 timeout, aborting", "nvme nvme0: I/O 12 QID 2 timeout, reset controller",
     "nvme nvme0: Removing after probe failure status: -19"],
]


def body(size):
    """Lines of a guest that works; each takes some 60 bytes more in a vmware.log."""
    text = "made: record {} of a guest that does its work, nothing to see here, go on reading"
    return [text.format(n) for n in range(size // (len(text) + 68))]


def vm_log(number, filler, failure):
    out = [f"2026-05-01T10:00:00.000Z In(05) vmx Log for VMware ESX pid={1000 + number} version=8.0.2",
           f"2026-05-01T10:00:00.001Z In(05) vmx DICT               displayName = \"vm-{number:05}\"",
           f"2026-05-01T10:00:00.001Z In(05) vmx DICT                 uuid.bios = \"56 4d 00 00 00 00 00 00-00 00 00 00 "
           f"{number >> 24 & 255:02x} {number >> 16 & 255:02x} {number >> 8 & 255:02x} {number & 255:02x}\""]
    guest = ["<5>[    0.000000] Linux version 6.1.0-made (builder@made) (gcc 12) #1 SMP",
             "<6>[    0.000000] Command line: root=/dev/sda1 ro"]
    guest += [f"<6>[{i * 0.01 + 1:12.6f}] {text}" for i, text in enumerate(filler)]
    if failure is not None:
        guest += [f"<{0 if 'panic' in text else 3}>[{90 + i * 0.001:12.6f}] {text}"
                  for i, text in enumerate(FAILURES[failure])]
    out += [f"2026-05-01T10:00:01.000Z In(05) vcpu-0 Guest: {text}" for text in guest]
    return "\n".join(out) + "\n"


def failing(number):
    """3 in 100; half of them are the same three failures, the others share out the rest."""
    if number % 100 not in (7, 41, 83):
        return None
    k = number // 100 * 3 + (7, 41, 83).index(number % 100)
    return k % 3 if k % 2 == 0 else 3 + k // 2 % 9


def write_vm(root, number, filler, failure):
    path = os.path.join(root, f"datastore{number % 4}", f"vm-{number:05}")
    os.makedirs(path, exist_ok=True)
    with open(os.path.join(path, "vmware.log"), "w", encoding="ascii") as f:
        f.write(vm_log(number, filler, failure))


def scan(program, *arguments):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    done = subprocess.run([program, "scan", *arguments], capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        sys.exit(f"scan {' '.join(arguments)}: exit code {done.returncode}\n{done.stderr.decode()}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return done.stdout, time.monotonic() - start, cpu, after.ru_maxrss // 1024


def digest_and_last(path):
    """Without reading all of it: our own memory counts as that of what we start."""
    digest, last = hashlib.sha256(), b""
    with open(path, "rb") as f:
        for last in f:
            digest.update(last)
    return digest.digest(), last


def main():
    program, root = sys.argv[1], sys.argv[2]
    n = int(sys.argv[3]) if len(sys.argv) > 3 else 10000
    filler = body(200_000)
    logs = os.path.join(root, "lab")
    for number in range(n):
        write_vm(logs, number, filler, failing(number))
    size = sum(os.path.getsize(os.path.join(d, f)) for d, _, names in os.walk(logs) for f in names)
    night1, bad = os.path.join(root, "night1.ndjson"), 0
    first, summary = None, None
    for jobs in sorted({1, 2, os.cpu_count() or 1}):
        out, seconds, cpu, peak = scan(program, "-j", str(jobs), "--ndjson", night1, logs)
        digest, last = digest_and_last(night1)
        if first is not None and first != (out, digest):
            print(f"-j {jobs}: the output differs")
            bad += 1
        first = out, digest
        summary = json.loads(last)
        print(f"scan of {n} VMs, {size / 1e6:.0f} MB, -j {jobs}: {seconds:.1f} s, {size / 1e6 / seconds:.0f} MB/s, "
              f"{cpu * 1000 / n:.1f} ms of processor per VM, largest process {peak} MiB")
    expected = sum(failing(number) is not None for number in range(n))
    found = sum(group["cases"] for group in summary["causes"])
    print(f"{expected} VMs fail in {len(FAILURES)} ways: {found} diagnosed, {len(summary['causes'])} causes, "
          f"{len(summary['crashes'])} crash signatures")
    new = [n // 7 * k + 3 for k in range(1, 6)]
    new = [number for number in new if failing(number) is None][:5]
    for i, number in enumerate(new):
        write_vm(logs, number, filler, i * 2)
    out, seconds, _, _ = scan(program, "--new-only", "--baseline", night1, "--format", "json", logs)
    named = sorted(case["place"].split("/")[-2] for case in json.loads(out)["of"])
    wanted = sorted(f"vm-{number:05}" for number in new)
    print(f"second night, {len(new)} new failures: --new-only names {len(named)} in {seconds:.1f} s: "
          f"{'those' if named == wanted else 'others: ' + ' '.join(named)}")
    return bad + (named != wanted) + (found < expected)


if __name__ == "__main__":
    sys.exit(main() > 0)
