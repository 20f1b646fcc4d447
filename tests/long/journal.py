#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""journal.py PROGRAM [--quick]: a journal that systemd-journal-remote wrote, cut at every 4 KiB and with bytes flipped.

Each time the program must end by itself within 10 s with an exit code of its own, and give what is readable: of a
journal that was cut the records that stand before the cut, in their order, never fewer than of a shorter one.
--quick looks at the boundaries where entries stand, and flips fewer bytes. Fixed seeds."""
import argparse
import os
import random
import subprocess
import sys
import tempfile

REMOTE = ("/lib/systemd/systemd-journal-remote", "/usr/lib/systemd/systemd-journal-remote")
BLOCK = 4096
CODES = (0, 2, 3)


def export(n):
    """Three boots of a machine: kernel lines, a service's, long values that journald compresses."""
    for i in range(n):
        boot, us = i * 3 // n, 1000 * (i + 1)
        kernel = i % 3 == 0
        fields = [f"__CURSOR=s=1;i={i:x}", f"__REALTIME_TIMESTAMP={1790000000000000 + boot * 10**10 + us}",
                  f"__MONOTONIC_TIMESTAMP={us}", f"_BOOT_ID={boot + 1:032x}", f"_MACHINE_ID={10:032x}",
                  "_HOSTNAME=made", f"_TRANSPORT={'kernel' if kernel else 'journal'}",
                  f"SYSLOG_IDENTIFIER={'kernel' if kernel else 'app'}", f"PRIORITY={i % 8}",
                  f"MESSAGE=record {i} " + (f"line {i} " * 200 if i % 10 == 7 else "says so"), ""]
        yield "\n".join(fields) + "\n"


def build(folder, n):
    remote = next((path for path in REMOTE if os.access(path, os.X_OK)), None)
    text, path = os.path.join(folder, "made.export"), os.path.join(folder, "made.journal")
    if not remote:
        return None
    with open(text, "w") as out:
        out.writelines(export(n))
    made = subprocess.run([remote, "-o", path, text], capture_output=True)
    return path if made.returncode == 0 and os.path.exists(path) else None


class Trial:
    def __init__(self, program, folder):
        self.program, self.path = program, os.path.join(folder, "trial.journal")
        self.failures = self.runs = 0

    def records(self, data, what):
        """The messages that the program reads of these bytes, by their numbers."""
        with open(self.path, "wb") as out:
            out.write(data)
        self.runs += 1
        try:
            run = subprocess.run([self.program, "records", self.path], capture_output=True, timeout=10)
        except subprocess.TimeoutExpired:
            return self.fail(what, "did not end within 10 s")
        if run.returncode not in CODES:
            return self.fail(what, f"exit code {run.returncode}: {run.stderr[-300:]!r}")
        words = (line.split() for line in run.stdout.split(b"\n"))
        return [int(w[w.index(b"record") + 1]) for w in words
                if b"record" in w[:-1] and w[w.index(b"record") + 1].isdigit()]

    def fail(self, what, why):
        self.failures += 1
        print(f"FAILED: {what}: {why}")
        return None


def cut(trial, data, points, whole):
    best = 0
    for at in points:
        got = trial.records(data[:at], f"cut at {at}")
        if got is None:
            continue
        if got != whole[:len(got)]:
            trial.fail(f"cut at {at}", "records are not those before the cut")
        if len(got) < best:
            trial.fail(f"cut at {at}", f"{len(got)} records, {best} of a shorter file")
        best = max(best, len(got))
    return best


def flip(trial, data, used, n, seed):
    rng, least = random.Random(seed), None
    for i in range(n):
        bad = bytearray(data)
        for _ in range(rng.choice((1, 1, 1, 16, 200))):
            # Half of them where entries stand, the others in the header and its tables.
            at = rng.randrange(used[0], used[1]) if rng.random() < 0.5 else rng.randrange(used[1])
            bad[at] ^= 1 << rng.randrange(8)
        got = trial.records(bytes(bad), f"flip {i} of seed {seed}")
        if got is not None:
            least = len(got) if least is None else min(least, len(got))
    return least


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = build(folder, 300)
        if not path:
            print("skipped: systemd-journal-remote is not here")
            return 0
        with open(path, "rb") as src:
            data = src.read()
        end = int.from_bytes(data[136:144], "little") + BLOCK  # behind the last object
        first = data.find(b"MESSAGE=record 0 ")
        trial = Trial(args.program, folder)
        whole = trial.records(data, "whole")
        if whole != list(range(300)):
            trial.fail("whole", f"{len(whole or [])} of 300 records")
        begin = first // BLOCK * BLOCK if args.quick else 0
        most = cut(trial, data, range(begin, min(end, len(data)) + BLOCK, BLOCK), whole or [])
        if most != 300:
            trial.fail("cut", f"behind the last entry {most} of 300 records")
        least = flip(trial, data, (first, end), 20 if args.quick else 1000, args.seed)
        print(f"journal: {trial.runs} damaged journals, {trial.failures} failures; flipped bytes leave {least} of 300 "
              "records at least")
        return trial.failures > 0


if __name__ == "__main__":
    sys.exit(main())
