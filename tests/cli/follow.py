#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""follow.py PROGRAM TEST [ROUNDS]: plays the other end of what `lastwords follow` reads."""
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time

PROGRAM = sys.argv[1]
ROUNDS = int(sys.argv[3]) if len(sys.argv) > 3 else 20
# Generous: only a hang may fail a test on a busy machine. Where the time is the point, it is said.
PATIENCE = 60

BOOT = """[    0.000000] Linux version 6.1.0-made (builder@made) (gcc 12) #1 SMP
[    0.000000] Command line: root=/dev/sdq1 ro console=ttyS0
[    0.812345] sd 0:0:0:0: [sda] 16777216 512-byte logical blocks: (8.59 GB/8.00 GiB)
[    1.101000] madedrv 0000:00:01.0: gave up on its device
"""
PANIC = """[    1.125782] VFS: Cannot open root device "sdq1" or unknown-block(0,0): error -6
[    1.125900] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)
[    1.126000] CPU: 0 PID: 1 Comm: swapper/0 Not tainted 6.1.0-made #1
[    1.127000] ---[ end Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0) ]---
"""
EARLY = "root.made-for-tests"
CAUSE = "root.cannot-open-device"


class Follow:
    """The program, with what it wrote so far."""

    def __init__(self, *words, stdin=subprocess.DEVNULL):
        self.process = subprocess.Popen(
            [PROGRAM, "follow", "--rules", "made.yaml", *words],
            stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.text = ""

    def wait_for(self, word, patience=PATIENCE):
        """Reads until `word` was written; returns how long that took."""
        start = time.monotonic()
        while word not in self.text:
            left = patience - (time.monotonic() - start)
            ready, _, _ = select.select([self.process.stdout], [], [], max(left, 0))
            chunk = os.read(self.process.stdout.fileno(), 65536) if ready else b""
            if not chunk:
                raise SystemExit(f"no {word!r} after {time.monotonic() - start:.1f} s in:\n{self.text}"
                                 f"{'' if ready else '(it still runs)'}")
            self.text += chunk.decode()
        return time.monotonic() - start

    def wait_open(self, name):
        """Until it has the file open, however slowly it starts."""
        path, fds = os.path.realpath(name), f"/proc/{self.process.pid}/fd"
        deadline = time.monotonic() + PATIENCE
        while not any(os.path.realpath(os.path.join(fds, fd)) == path for fd in os.listdir(fds)):
            expect(time.monotonic() < deadline, f"{name} was never opened")
            time.sleep(0.02)

    def end(self, stop=None, code=0):
        """Lets it end, or stops it with a signal; returns what it wrote to standard error."""
        if stop:
            self.process.send_signal(stop)
        out, err = self.process.communicate(timeout=PATIENCE)
        self.text += out.decode()
        if self.process.returncode != code:
            raise SystemExit(f"exit code {self.process.returncode}, not {code}\n{self.text}{err.decode()}")
        return err.decode()


def expect(truth, what):
    if not truth:
        raise SystemExit(what)


def test_stdin():
    f = Follow("-", stdin=subprocess.PIPE)
    f.process.stdin.write(BOOT.encode())
    f.process.stdin.flush()
    f.wait_for(EARLY)
    expect(CAUSE not in f.text, "the cause was told before it was written")
    f.process.stdin.write(PANIC.encode())
    f.process.stdin.flush()
    f.wait_for(CAUSE)
    err = f.end()
    expect("8 records, 1 boot" in err, err)
    expect(f.text.count("What to do") >= 1, f.text)


def test_fifo():
    os.mkfifo("pipe")
    f = Follow("pipe")
    with open("pipe", "wb", buffering=0) as w:
        w.write((BOOT + PANIC).replace("\n", "\r\n").encode())
        f.wait_for(CAUSE)
    f.end()


def test_unix():
    server = socket.socket(socket.AF_UNIX)
    server.bind("serial")
    server.listen()
    f = Follow("serial")
    peer, _ = server.accept()
    for line in (BOOT + PANIC).splitlines():
        peer.sendall(line.encode() + b"\r\n")
        time.sleep(0.01)
    took = f.wait_for(CAUSE)
    print(f"diagnosed {took:.2f} s after the last line")
    # One second is promised; four more for a machine that is busy with other tests.
    expect(took < 5, f"took {took:.2f} s")
    peer.close()
    f.end()


def test_tcp():
    server = socket.create_server(("127.0.0.1", 0))
    f = Follow(f"127.0.0.1:{server.getsockname()[1]}")
    peer, _ = server.accept()
    text = (BOOT + PANIC).replace("\n", "\r\0\r\n").encode()
    # IAC WILL ECHO, IAC DO TERMINAL-TYPE, a subnegotiation, an escaped 255; cut anywhere.
    text = text.replace(b"madedrv 0000", b"made\xff\xfb\x01drv\xff\xfd\x18 \xff\xfa\x18\x01\xff\xf00000", 1)
    for at in range(0, len(text), 7):
        peer.sendall(text[at:at + 7])
    f.wait_for(CAUSE)
    peer.settimeout(PATIENCE)
    answer = peer.recv(100)
    expect(b"\xff\xfe\x01" in answer and b"\xff\xfc\x18" in answer, f"answered {answer!r}")
    peer.close()
    f.end()
    expect(EARLY in f.text or "gave up" in f.text, f.text)


def append(name, text):
    with open(name, "a", encoding="utf-8") as w:
        w.write(text)


def test_file():
    """What a file held before is what led here; a boot that ended in it is not reported."""
    append("vm.log", BOOT + PANIC + BOOT.replace("sda", "sdb"))
    f = Follow("vm.log")
    f.wait_for(EARLY)
    expect(CAUSE not in f.text, "an earlier boot was reported")
    append("vm.log", PANIC)
    f.wait_for(CAUSE)
    err = f.end(signal.SIGINT)
    expect("2 boots" in err, err)


def numbered(rounds, rotate):
    """A writer at full speed; returns how many lines it wrote."""
    log = open("run.log", "a", encoding="utf-8")
    n = 0
    for r in range(rounds):
        for _ in range(500):
            n += 1
            log.write(f"[{n // 1000000:5d}.{n % 1000000:06d}] made: line {n}\n")
        log.flush()
        log = rotate(log, r)
    log.close()
    return n


def test_rename():
    append("run.log", "")
    f = Follow("run.log")

    def rotate(log, r):
        os.rename("run.log", f"run.log-{r:08d}")
        log.close()
        return open("run.log", "a", encoding="utf-8")

    f.wait_open("run.log")
    n = numbered(ROUNDS, rotate)
    append("run.log", BOOT + PANIC)
    f.wait_for(CAUSE)
    err = f.end(signal.SIGTERM)
    expect(f"run.log: {n + 8} records" in err, f"{n + 8} records were written: {err}")
    expect(f"rotated {ROUNDS} times" in err, err)


def test_copy():
    append("copied.log", "")
    f = Follow("copied.log")
    f.wait_open("copied.log")
    for _ in range(ROUNDS):
        append("copied.log", BOOT)
        time.sleep(0.02)
        os.truncate("copied.log", 0)
    append("copied.log", BOOT + PANIC)
    f.wait_for(CAUSE)
    f.process.send_signal(signal.SIGTERM)
    err = f.process.communicate(timeout=PATIENCE)[1].decode()
    expect("was truncated" in err and "bytes were lost by that" in err, err)


REMOTE = "/lib/systemd/systemd-journal-remote"


def exported(text, boot):
    """The lines of a kernel's log as journald would export them."""
    out = b""
    for line in text.splitlines():
        us = int(float(line[1:line.index("]")]) * 1000000)
        fields = {"__REALTIME_TIMESTAMP": 1790000000000000 + us, "__MONOTONIC_TIMESTAMP": us + 1000,
                  "_BOOT_ID": boot, "_MACHINE_ID": "0123456789abcdef0123456789abcdef",
                  "_TRANSPORT": "kernel", "SYSLOG_IDENTIFIER": "kernel", "SYSLOG_FACILITY": 0,
                  "PRIORITY": 3, "_SOURCE_MONOTONIC_TIMESTAMP": us,
                  "MESSAGE": line[line.index("]") + 2:]}
        out += "".join(f"{key}={value}\n" for key, value in fields.items()).encode() + b"\n"
    return out


def test_journal():
    """A journal while it is written, through one rotation."""
    os.mkdir("journal")
    writer = subprocess.Popen([REMOTE, "-o", "journal/system.journal", "-"], stdin=subprocess.PIPE,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    writer.stdin.write(exported(BOOT, "ab" * 16))
    writer.stdin.flush()
    deadline = time.monotonic() + PATIENCE
    while not os.path.exists("journal/system.journal") and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.5)
    f = Follow("journal")
    f.wait_for(EARLY)
    writer.stdin.write(exported("[    1.110000] another line of the same boot\n", "ab" * 16))
    writer.stdin.close()
    writer.wait(timeout=PATIENCE)
    os.rename("journal/system.journal", "journal/system@1.journal")
    subprocess.run([REMOTE, "-o", "journal/system.journal", "-"], check=True,
                   input=exported(PANIC, "ab" * 16), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    f.wait_for(CAUSE)
    err = f.end(signal.SIGTERM)
    expect("9 records, 1 boot" in err, err)


def test_terminate():
    append("quiet.log", BOOT)
    f = Follow("quiet.log", "--format", "text")
    f.wait_for(EARLY)
    err = f.end(signal.SIGTERM)
    expect("4 records, 1 boot, 1 finding" in err, err)
    expect("1 boot" in f.text, f.text)


def test_reboots():
    f = Follow("-", stdin=subprocess.PIPE)
    second = BOOT.replace("gcc 12", "gcc 13").replace("0.812345", "0.911111")
    f.process.stdin.write((BOOT + PANIC).encode())
    f.process.stdin.flush()
    f.wait_for(CAUSE)
    f.process.stdin.write(second.encode())
    f.process.stdin.flush()
    told = f.text.count(CAUSE)
    f.process.stdin.close()
    f.process.stdin = None
    err = f.end()
    expect("2 boots" in err, err)
    reports = f.text.split("standard input \u00b7 ")
    expect(len(reports) == 3 and EARLY in reports[2], f"no report of its own of the second boot:\n{f.text}")
    expect(f.text.count(CAUSE) == told, "the first boot was reported again")


def test_ndjson():
    f = Follow("--format", "ndjson", "-", stdin=subprocess.PIPE)
    f.process.stdin.write(BOOT.encode())
    f.process.stdin.flush()
    f.wait_for('"type":"finding"')
    f.process.stdin.write(PANIC.encode())
    f.process.stdin.flush()
    f.wait_for('"type":"summary"')
    f.end()
    kinds = [json.loads(line)["type"] for line in f.text.splitlines()]
    expect(kinds[0] == "finding" and kinds[-1] == "summary" and kinds.count("summary") == 1, kinds)
    with open("live.ndjson", "w", encoding="utf-8") as w:
        w.write(f.text)


def resident(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        for line in status:
            if line.startswith("VmRSS"):
                return int(line.split()[1])
    raise SystemExit("no VmRSS")


def test_memory():
    """Boots come and go: what they took is given back."""
    f = Follow("-", stdin=subprocess.PIPE)
    reader = threading.Thread(target=f.process.stdout.read)
    reader.start()
    sizes = []
    for r in range(5):
        for i in range(ROUNDS * 3):
            boot = (BOOT + PANIC).replace("gcc 12", f"gcc {r}-{i}").replace("0.8123", f"0.8{r}{i % 100:02d}")
            f.process.stdin.write(boot.encode())
        f.process.stdin.flush()
        time.sleep(0.5)
        sizes.append(resident(f.process.pid))
    f.process.stdin.close()
    f.process.wait(timeout=PATIENCE)
    reader.join()
    print("resident KiB:", sizes)
    expect(sizes[-1] < sizes[1] * 1.25 + 4096, f"grows: {sizes}")


globals()["test_" + sys.argv[2]]()
