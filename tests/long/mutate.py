#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""mutate.py PROGRAM [--inputs N] [--seed S]: every sample, cut short, torn, doubled and with bytes flipped.
mutate.py --crashes PROGRAM [FOLDER]: every log of crashes there, cut at 200 places, with lines dropped and swapped
and bytes flipped; no title may name a function that the text does not hold.

For each input the program must end by itself within 10 s with an exit code of its own (0, 2 or 3), print JSON that
parses when it analysed anything, and say the same twice. Fixed seeds: what failed once fails again, and is kept in
the folder that is printed."""
import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

# Names in titles that stand for others: all waits for a grace period; calls to other CPUs.
STAND_INS = {"synchronize_rcu": b"synchronize_", "smp_call_function": b"smp_call_function"}


def samples(folder="samples"):
    for root, dirs, files in os.walk(folder):
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


def crashes_of(program, path):
    done = run(program, path)
    return json.loads(done.stdout)["crashes"] if done.stdout else []


def invented(crashes, data):
    """A function that a crash names and that the text does not hold, or None. Titles lack what cannot be printed."""
    printed = re.sub(rb"[^ -~\n]", b"", data)
    for crash in crashes:
        words = [crash["function"] or ""]
        for title in [crash["title"], *crash["alt_titles"]]:
            words += re.findall(r"[A-Za-z_]\w*_\w+", title)
        for word in words:
            # "foo0000000" is fooNUM in a title.
            parts = re.split("NUM|ADDR|LINE", re.sub("[^ -~]", "", word))
            if any(STAND_INS.get(part, part.encode()) not in printed for part in parts):
                return f"{crash['title']!r}: {word} is not in the text"
    return None


def cut_lines(lines, rng):
    """The same log without a line, with two exchanged, and with bytes flipped."""
    out = list(lines)
    del out[rng.randrange(len(out))]
    yield b"".join(out)
    out = list(lines)
    first, last = rng.randrange(len(out)), rng.randrange(len(out))
    out[first], out[last] = out[last], out[first]
    yield b"".join(out)
    out = bytearray(b"".join(lines))
    for _ in range(rng.randint(1, 12)):
        out[rng.randrange(len(out))] ^= 1 << rng.randrange(8)
    yield bytes(out)


def crash_mutants(data, rng, cuts):
    lines = data.splitlines(keepends=True)
    for i in range(1, cuts + 1):
        yield data[:len(data) * i // (cuts + 1)]
        yield from cut_lines(lines, rng)


def mutate_crashes(args, path):
    """(inputs, failures) of --crashes."""
    rng = random.Random(args.seed)
    n = failed = 0
    for name in samples(args.folder):
        with open(name, "rb") as f:
            data = f.read()
        # What is packed or an image cannot be searched for names; a log without crashes has none.
        crashes = crashes_of(args.program, name)
        if not crashes or invented(crashes, data):
            continue
        for mutant in crash_mutants(data, rng, args.cuts):
            with open(path, "wb") as f:
                f.write(mutant)
            n += 1
            try:
                done = run(args.program, path)
                wrong = done.returncode not in (0, 2, 3) and f"exit code {done.returncode}: {done.stderr[-200:]!r}"
                wrong = wrong or (done.stdout and invented(json.loads(done.stdout)["crashes"], mutant))
            except subprocess.TimeoutExpired:
                wrong = "more than 10 s"
            except ValueError as e:
                wrong = f"no JSON: {e}"
            if wrong:
                failed += 1
                os.replace(path, f"{path}-failed-{failed}")
                print(f"{name}: {wrong}: {path}-failed-{failed}", flush=True)
    return n, failed


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("program")
    ap.add_argument("folder", nargs="?", default="samples")
    ap.add_argument("--crashes", action="store_true")
    ap.add_argument("--inputs", type=int, default=4000)
    ap.add_argument("--cuts", type=int, help="places at which each sample is cut")
    ap.add_argument("--seed", type=int, default=1)
    args = ap.parse_args()
    rng = random.Random(args.seed)
    folder = tempfile.mkdtemp(prefix="lastwords-long-")
    path = os.path.join(folder, "input")
    if args.crashes:
        args.cuts = args.cuts or 200
        n, failed = mutate_crashes(args, path)
        if not failed:
            shutil.rmtree(folder)
        print(f"check-long: {n - failed} mutated crash logs passed, {failed} failed")
        return failed != 0
    args.cuts = args.cuts or 40
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
