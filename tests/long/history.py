#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""history.py PROGRAM [--writes N] [--writers N] [--seed N]: kill -9 at random moments of runs that write one history.

Half of the runs are killed, the program together with its writing process or one of the two alone. Then the file must
be whole, every run whose end was seen (exit code 0) must be in it with all its rows, and no run by halves.
"""
import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

LOG = """\
<5>[    0.000000] Linux version 6.1.0-made (builder@made) (gcc 12) #1 SMP
<6>[    0.000000] Command line: root=/dev/sdq1 ro
<5>[    0.812345] sd 0:0:0:0: [sda] 16777216 512-byte logical blocks: (8.59 GB/8.00 GiB)
<4>[    1.125782] VFS: Cannot open root device "sdq1" or unknown-block(0,0): error -6
<0>[    1.125900] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)
"""


def without_leak_check():
    """LeakSanitizer looks for leaks in a child process of its own, and waits without end when that one is killed."""
    options = os.environ.get("ASAN_OPTIONS", "")
    return dict(os.environ, ASAN_OPTIONS=options + (":" if options else "") + "detect_leaks=0")


class Trial:
    def __init__(self, arguments, directory):
        self.program = os.path.realpath(arguments.program)
        self.directory = directory
        self.history = os.path.join(directory, "history.db")
        self.lock = threading.Lock()
        self.random = random.Random(arguments.seed)
        self.left = arguments.writes
        self.acknowledged, self.killed, self.complaints = set(), 0, []
        self.usual = 0.05  # seconds that a run takes, so that kills fall into it

    def command(self, name):
        return [self.program, "--history", self.history, "--run-id", name, "--run-time", "none", "made.log"]

    def take(self):
        """The next run's name, and how long it may live; None: no limit."""
        with self.lock:
            if self.left == 0:
                return None, None, None
            self.left -= 1
            doomed = self.random.random() < 0.5
            return (f"run-{self.left}", self.random.uniform(0.3, 1.2) * self.usual if doomed else None,
                    self.random.choice(["both", "both", "parent", "writer"]))

    def kill(self, process, whom):
        if whom == "both":
            os.killpg(process.pid, signal.SIGKILL)
        elif whom == "parent":
            process.kill()
        else:
            try:
                with open(f"/proc/{process.pid}/task/{process.pid}/children", encoding="ascii") as f:
                    for child in f.read().split():
                        os.kill(int(child), signal.SIGKILL)
            except OSError:
                pass

    def run(self, name, life, whom):
        start = time.monotonic()
        process = subprocess.Popen(self.command(name), cwd=self.directory, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True,
                                   env=without_leak_check())
        if life is not None:
            try:
                process.wait(life)
            except subprocess.TimeoutExpired:
                self.kill(process, whom)
        error = process.communicate()[1].decode(errors="replace")
        with self.lock:
            if process.returncode == 0:
                self.acknowledged.add(name)
                if life is None:
                    self.usual = 0.9 * self.usual + 0.1 * (time.monotonic() - start)
            elif life is None:
                self.complaints.append(f"{name}: exit code {process.returncode}: {error.strip()}")
            else:
                self.killed += 1

    def write(self):
        while True:
            name, life, whom = self.take()
            if name is None:
                return
            self.run(name, life, whom)


def judge(trial):
    """What is wrong, as lines."""
    import sqlite3
    db = sqlite3.connect(trial.history, timeout=60)
    faults = list(trial.complaints)
    word = db.execute("PRAGMA integrity_check").fetchone()[0]
    if word != "ok":
        faults.append(f"integrity_check: {word}")
    rows = dict(db.execute("SELECT key, count(g.run) FROM run LEFT JOIN sighting g ON g.run = run.id GROUP BY run.id"))
    looks = dict(db.execute("SELECT key, count(l.run) FROM run LEFT JOIN look l ON l.run = run.id GROUP BY run.id"))
    whole = max(rows.values(), default=0)
    faults += [f"{name}: acknowledged, and lost" for name in sorted(trial.acknowledged - set(rows))]
    faults += [f"{name}: {n} rows of {whole}" for name, n in rows.items() if n != whole or looks[name] != 1]
    if whole < 2:
        faults.append("no run left rows: this test tests nothing")
    return faults, len(rows)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--writes", type=int, default=500)
    parser.add_argument("--writers", type=int, default=4)
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    directory = tempfile.mkdtemp(prefix="lastwords-history-")
    start = time.monotonic()
    try:
        with open(os.path.join(directory, "made.log"), "w", encoding="ascii") as f:
            f.write(LOG)
        trial = Trial(arguments, directory)
        threads = [threading.Thread(target=trial.write) for _ in range(arguments.writers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        # Writers whose program was killed may still be at work: this one comes after them.
        trial.run("last", None, None)
        faults, there = judge(trial)
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    for fault in faults:
        print(f"FAILED: {fault}")
    print(f"history: {arguments.writes} writes by {arguments.writers} writers, {trial.killed} killed, "
          f"{len(trial.acknowledged)} acknowledged, {there} there, {len(faults)} faults, {time.monotonic() - start:.1f} s")
    return 1 if faults or trial.killed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
