#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""live.py PROGRAM KERNEL: reads the log of a guest that runs under QEMU, through its debug stub.

The guest (software emulation, no root) prints a counter to its serial line. QEMU's monitor tells how
long the program held it; the counter tells that it goes on; its own /dev/kmsg is what must be read.
"""
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

INIT = r"""#!/bin/busybox sh
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t devtmpfs dev /dev
echo 0 >/proc/sys/kernel/kptr_restrict
echo "<30>live: ready" >/dev/kmsg
echo "=====kmsg" >/dev/ttyS1
/bin/busybox timeout 3 /bin/busybox cat /dev/kmsg >/dev/ttyS1
echo "=====kallsyms" >/dev/ttyS1
/bin/busybox grep -E ' (_text|prb)$' /proc/kallsyms >/dev/ttyS1
echo "=====end" >/dev/ttyS1
for word in $(/bin/busybox cat /proc/cmdline); do
    case $word in
    lw=spin) while :; do :; done & ;;
    lw=panic) echo c >/proc/sysrq-trigger ;;
    esac
done
n=0
while :; do
    n=$((n + 1))
    echo "TICK $n" >/dev/ttyS2
    /bin/busybox sleep 1
done
"""

PROGRAM, KERNEL = sys.argv[1:3]
failures = 0


def expect(what, ok, more=""):
    global failures
    failures += not ok
    print(f"  {'ok' if ok else 'FAILED'}: {what}{' (' + more + ')' if more else ''}", flush=True)


def make_initramfs(where):
    tree = os.path.join(where, "tree")
    for name in ("bin", "proc", "dev"):
        os.makedirs(os.path.join(tree, name))
    shutil.copy(shutil.which("busybox"), os.path.join(tree, "bin/busybox"))
    with open(os.path.join(tree, "init"), "w", encoding="ascii") as f:
        f.write(INIT)
    os.chmod(os.path.join(tree, "init"), 0o755)
    out = os.path.join(where, "initramfs.gz")
    subprocess.run(f"find . | cpio -o -H newc --quiet | gzip -1 >'{out}'", shell=True, cwd=tree, check=True)
    return out


class Guest:
    def __init__(self, initramfs, cmdline, stub=None):
        self.dir = tempfile.mkdtemp(prefix="live-")
        path = lambda name: os.path.join(self.dir, name)
        self.stub = stub or f"gdb+unix:{path('gdb')}"
        listen = f"tcp:{stub[6:]}" if stub else f"unix:{path('gdb')},server=on,wait=off"
        self.qemu = subprocess.Popen(
            ["qemu-system-x86_64", "-accel", "tcg", "-m", "384", "-smp", "2", "-nographic", "-monitor", "none",
             "-kernel", KERNEL, "-initrd", initramfs, "-append", f"console=ttyS0 {cmdline}",
             "-serial", f"file:{path('console')}", "-serial", f"file:{path('said')}",
             "-serial", f"file:{path('ticks')}",
             "-gdb", listen, "-qmp", f"unix:{path('qmp')},server=on,wait=off"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.path = path
        self.qmp = None

    def read(self, name):
        try:
            with open(self.path(name), encoding="utf-8", errors="replace") as f:
                return f.read().replace("\r\n", "\n")
        except FileNotFoundError:
            return ""

    def wait(self, name, text, seconds=90):
        for _ in range(seconds * 5):
            if text in self.read(name):
                return True
            time.sleep(0.2)
        return False

    def monitor(self):
        s = socket.socket(socket.AF_UNIX)
        s.connect(self.path("qmp"))
        s.settimeout(10)
        self.qmp = s.makefile("rw")
        self.qmp.readline()
        self.ask("qmp_capabilities")
        return self

    def ask(self, command):
        """The answer, and the events that came before it."""
        events = []
        self.qmp.write(json.dumps({"execute": command}) + "\n")
        self.qmp.flush()
        while True:
            line = json.loads(self.qmp.readline())
            if "return" in line:
                return line["return"], events
            if "event" in line:
                events.append(line)

    def end(self):
        self.qemu.kill()
        self.qemu.wait()
        shutil.rmtree(self.dir)


class Veil(threading.Thread):
    """Between program and stub: no CPU shows any memory, so that only the physical one is left."""

    def __init__(self, guest):
        super().__init__(daemon=True)
        self.guest, self.asked = guest, False
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(guest.path("veil"))
        self.listener.listen(1)
        self.stub = f"gdb+unix:{guest.path('veil')}"
        self.start()

    def run(self):
        program, _ = self.listener.accept()
        stub = socket.socket(socket.AF_UNIX)
        stub.connect(self.guest.path("gdb"))
        threading.Thread(target=self.answer, args=(stub, program), daemon=True).start()
        while data := program.recv(65536):
            self.asked = self.asked or b"PhyMemMode:1" in data
            if b"$m" in data and not self.asked:
                stub.sendall(data[:data.index(b"$")])
                program.sendall(b"+$E14#aa")
            else:
                stub.sendall(data)
        stub.shutdown(socket.SHUT_RDWR)

    @staticmethod
    def answer(stub, program):
        while data := stub.recv(65536):
            program.sendall(data)


def said(guest):
    """What the guest's own /dev/kmsg and kallsyms are."""
    text = guest.read("said")
    kmsg, _, rest = text.partition("=====kmsg\n")[2].partition("=====kallsyms\n")
    return kmsg, rest.partition("=====end")[0]


def texts_of_kmsg(kmsg):
    texts = [line.split(";", 1)[1] for line in kmsg.split("\n") if ";" in line and line[:1].isdigit()]
    return [re.sub(r"\\x([0-9a-f]{2})", lambda m: chr(int(m[1], 16)), text) for text in texts]


def run(*words):
    start = time.monotonic()
    done = subprocess.run([PROGRAM, *words], capture_output=True, text=True, timeout=120)
    return done, time.monotonic() - start


def held(events):
    """Seconds between STOP and RESUME."""
    total, since = 0.0, None
    for e in events:
        at = e["timestamp"]["seconds"] + e["timestamp"]["microseconds"] / 1e6
        if e["event"] == "STOP":
            since = at
        elif e["event"] == "RESUME" and since is not None:
            total, since = total + at - since, None
    return total


def goes_on(guest):
    status, events = guest.ask("query-status")
    before = guest.read("ticks").count("TICK")
    time.sleep(2.5)
    after = guest.read("ticks").count("TICK")
    expect("the guest goes on", status["running"] and after > before, f"{status['status']}, tick {before} to {after}")
    return events


def records_of(text):
    return [json.loads(line)["text"] for line in text.split("\n") if line.startswith("{")]


def check_read(guest, words, what, stub=None):
    kmsg, _ = said(guest)
    done, seconds = run("records", "--format", "ndjson", stub or guest.stub, *words)
    got = records_of(done.stdout)
    want = texts_of_kmsg(kmsg)
    expect(f"{what}: all {len(want)} records of the guest's own /dev/kmsg",
           done.returncode == 0 and got[:len(want)] == want, f"{len(got)} read, exit {done.returncode} {done.stderr.strip()}")
    events = goes_on(guest)
    print(f"  {what}: held for {held(events):.3f} s, {seconds:.3f} s in all")


def check_interrupted(guest):
    p = subprocess.Popen([PROGRAM, guest.stub], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(0.25)
    p.send_signal(signal.SIGINT)
    p.wait(20)
    expect("SIGINT ends it", p.returncode in (-signal.SIGINT, 0, 2, 3), f"{p.returncode}")
    goes_on(guest)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def main():
    where = tempfile.mkdtemp(prefix="live-")
    try:
        initramfs = make_initramfs(where)
        print("an idle guest, by a Unix socket")
        guest = Guest(initramfs, "")
        try:
            expect("it boots", guest.wait("said", "=====end") and guest.wait("ticks", "TICK 2"))
            guest.monitor()
            check_read(guest, [], "by shape")
            symbols = os.path.join(where, "kallsyms")
            with open(symbols, "w", encoding="ascii") as f:
                f.write(said(guest)[1])
            if " prb\n" in said(guest)[1]:
                check_read(guest, ["--kallsyms", symbols], "by symbols")
            else:
                print("  skipped: this kernel's kallsyms have no data symbols")
            check_read(guest, [], "by physical memory", Veil(guest).stub)
            check_interrupted(guest)
            done, _ = run(guest.stub)
            expect("a report", done.returncode == 0 and "running guest: " in " ".join(done.stdout.split()))
        finally:
            guest.end()
        print("both CPUs busy in user mode, page-table isolation, by TCP")
        guest = Guest(initramfs, "lw=spin pti=on", f"gdb://127.0.0.1:{free_port()}")
        try:
            expect("it boots", guest.wait("said", "=====end") and guest.wait("ticks", "TICK 2"))
            check_read(guest.monitor(), [], "by shape")
        finally:
            guest.end()
        print("a guest that hangs in a panic")
        guest = Guest(initramfs, "lw=panic panic=0")
        try:
            expect("it dies", guest.wait("console", "end Kernel panic"))
            done, _ = run(guest.stub)
            expect("the panic is diagnosed", "sysrq" in done.stdout.lower(), done.stderr.strip())
        finally:
            guest.end()
    finally:
        shutil.rmtree(where)
    print("eval-live:", f"{failures} failed" if failures else "all good")
    return 1 if failures else 0


sys.exit(main())
