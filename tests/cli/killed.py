#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""killed.py PROGRAM TEST: ends runs that write files, in the middle, and looks at what stays. In an empty directory."""
import fcntl
import glob
import os
import signal
import subprocess
import sys
import time

PROGRAM = sys.argv[1]
# Generous: only a hang may fail a test on a busy machine.
PATIENCE = 60
LOG = """\
<5>[    0.000000] Linux version 6.1.0-made (builder@made) (gcc 12) #1 SMP
<6>[    0.000000] Command line: root=/dev/sdq1 ro
<4>[    1.125782] VFS: Cannot open root device "sdq1" or unknown-block(0,0): error -6
<0>[    1.125900] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)
"""
REPORTS = ["html", "json", "ndjson", "junit"]


def wait_until(what, holds):
    end = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > end:
            raise SystemExit(f"not within {PATIENCE} s: {what}")
        time.sleep(0.01)


def temps():
    return sorted(glob.glob(".lastwords-*.tmp"))


def unnamed(pid):
    """How many files of this directory that have no name the process has open; all of them, where file systems have no such."""
    n = 0
    for fd in glob.glob(f"/proc/{pid}/fd/*"):
        try:
            to = os.readlink(fd)
        except FileNotFoundError:
            continue
        n += to.startswith(os.getcwd() + "/") and (to.endswith(" (deleted)") or to.endswith(".tmp"))
    return n


def children(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as f:
            return [int(word) for word in f.read().split()]
    except FileNotFoundError:
        return []


def is_gone(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as f:
            return f.read().rsplit(")", 1)[1].split()[0] in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return True


def as_a_terminal():
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


class Run:
    """One that stands still in the middle, with its files open: a scan whose worker hangs, or a pipe that is silent."""

    def __init__(self, kind):
        words = [word for report in REPORTS for word in (f"--{report}", f"out.{report}")]
        if kind == "scan":
            words = ["scan", "-j", "2", "--worker-fault", "hang:vm1/a.log", *words, "vm1", "vm2"]
        else:
            self.pipe = os.open("pipe", os.O_RDWR)
            words = [*words, "pipe"]
        # A shell leaves SIGINT ignored in what it starts in the background, nohup SIGHUP; a terminal does not.
        self.process = subprocess.Popen(
            [PROGRAM, *words], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True, preexec_fn=as_a_terminal)
        wait_until("its files", lambda: unnamed(self.process.pid) == len(REPORTS))
        # Of a scan's workers the one that hangs stays.
        wait_until("its processes", lambda: len(children(self.process.pid)) >= (kind == "scan"))
        self.family = children(self.process.pid)

    def end(self, how, group=False):
        if group:
            os.killpg(self.process.pid, how)
        else:
            self.process.send_signal(how)
        code = self.process.wait(timeout=PATIENCE)
        wait_until("the end of its processes", lambda: all(is_gone(pid) for pid in self.family))
        return code


def check(holds, what):
    if not holds:
        raise SystemExit(f"FAILED: {what}: {sorted(os.listdir('.'))}")


def files_of_before():
    """They hold what they held, and nothing of the run that was ended."""
    for report in REPORTS:
        with open(f"out.{report}", encoding="ascii") as f:
            check(f.read() == "before\n", f"out.{report} of before")


def test_signals(kind):
    for how in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        for group in (False, True):
            run = Run(kind)
            code = run.end(how, group)
            check(code == -how, f"{how.name}: code {code}")
            check(not temps(), f"{kind} after {how.name}")
            files_of_before()


def test_killed(kind):
    for group in (False, True):
        run = Run(kind)
        run.end(signal.SIGKILL, group)
        check(not temps(), f"{kind} after SIGKILL")
        files_of_before()


def test_left(_):
    """What a writer left that was killed between the two steps of a file into its place."""
    other = [".lastwords-1.tmp", ".lastwords-1-x.tmp", ".lastwords-1-0.tmp.keep", "lastwords-1-0.tmp", ".lastwords-1-1.tmp"]
    for name in [".lastwords-1-0.tmp", *other]:
        with open(name, "w", encoding="ascii"):
            pass
    os.symlink("out.html", ".lastwords-1-7.tmp")
    with open(".lastwords-1-1.tmp", encoding="ascii") as locked:
        fcntl.flock(locked, fcntl.LOCK_EX)
        subprocess.run([PROGRAM, "-o", "out.txt", "vm1/a.log"], check=True, stdin=subprocess.DEVNULL)
        check(not os.path.lexists(".lastwords-1-0.tmp"), "the next writer removes what was left")
        for name in [*other, ".lastwords-1-7.tmp"]:
            check(os.path.lexists(name), f"{name} is not ours, or its writer lives")
    check(os.path.getsize("out.txt") > 0, "the report")


def main():
    name, _, kind = sys.argv[2].partition("-")
    os.mkdir(sys.argv[2])
    os.chdir(sys.argv[2])
    for vm in ("vm1", "vm2"):
        os.mkdir(vm)
        with open(f"{vm}/a.log", "w", encoding="ascii") as f:
            f.write(LOG)
    os.mkfifo("pipe")
    for report in REPORTS:
        with open(f"out.{report}", "w", encoding="ascii") as f:
            f.write("before\n")
    {"signals": test_signals, "killed": test_killed, "left": test_left}[name](kind)


main()
