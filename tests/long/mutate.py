#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""mutate.py PROGRAM [--inputs N] [--seed S]: every sample, cut short, torn, doubled and with bytes flipped.

For each input the program must end by itself within 10 s with an exit code of its own (0, 2 or 3), print JSON that
parses when it analysed anything, and say the same twice. Fixed seeds: what failed once fails again, and is kept in
the folder that is printed."""
import argparse
import json
import os
import random
import subprocess
import sys
import tempfile


def samples():
    for root, dirs, files in os.walk("samples"):
        dirs[:] = sorted(d for d in dirs if d != "expected")
        for name in sorted(files):
            path = os.path.join(root, name)
            if name not in ("README.md", "commands") and os.path.getsize(path):
                yield path


def mutate(data, rng):
    data = bytearray(data)
    for _ in range(rng.randint(1, 20)):
        if not data:
            break
        at = rng.randrange(len(data))
        kind = rng.random()
        if kind < 0.3:
            data[at] = rng.randrange(256)
        elif kind < 0.5:
            del data[at:at + rng.randrange(1, 3000)]
        elif kind < 0.65:
            data[at:at] = bytes(rng.randrange(256) for _ in range(rng.randrange(1, 40)))
        elif kind < 0.8:
            start = rng.randrange(len(data))
            data[at:at] = data[start:start + rng.randrange(1, 4000)]
        elif kind < 0.9:
            lines = data.split(b"\n")
            i, k = rng.randrange(len(lines)), rng.randrange(len(lines))
            lines[i], lines[k] = lines[k], lines[i]
            data = bytearray(b"\n".join(lines))
        else:
            data = data[:at]
    return bytes(data)


def run(program, path):
    return subprocess.run([program, "--format", "json", path], capture_output=True, timeout=10)


def judge(program, path):
    """None, or what is wrong."""
    try:
        first = run(program, path)
        again = run(program, path)
    except subprocess.TimeoutExpired:
        return "more than 10 s"
    if first.returncode not in (0, 2, 3):
        return f"exit code {first.returncode}: {first.stderr[-200:]!r}"
    if first.stdout != again.stdout:
        return "not the same twice"
    if first.stdout:
        try:
            json.loads(first.stdout)
        except ValueError as e:
            return f"no JSON: {e}"
    return None


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("program")
    ap.add_argument("--inputs", type=int, default=4000)
    ap.add_argument("--cuts", type=int, default=40, help="places at which each sample is cut")
    ap.add_argument("--seed", type=int, default=1)
    args = ap.parse_args()
    rng = random.Random(args.seed)
    folder = tempfile.mkdtemp(prefix="lastwords-long-")
    path = os.path.join(folder, "input")
    files = [(name, open(name, "rb").read()) for name in samples()]
    cases = [(name, data[:len(data) * i // args.cuts]) for name, data in files for i in range(args.cuts)]
    passed = failed = 0
    for i in range(len(cases) + args.inputs):
        if i < len(cases):
            name, data = cases[i]
        else:
            name, original = rng.choice(files)
            data = mutate(original, rng)
        with open(path, "wb") as f:
            f.write(data)
        wrong = judge(args.program, path)
        passed += wrong is None
        if wrong:
            failed += 1
            kept = os.path.join(folder, f"failed-{failed}")
            os.replace(path, kept)
            print(f"{name}: {wrong}: {kept}")
    if not failed:
        if os.path.exists(path):
            os.remove(path)
        os.rmdir(folder)
    print(f"check-long: {passed} passed, {failed} failed")
    return failed != 0


sys.exit(main())
