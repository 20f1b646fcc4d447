#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""memory.py PROGRAM [CORPUS]: a kdump core's log, read by us, vmcore-dmesg and makedumpfile in the same run.

The cores are made here (a ring of 5.10 and later, the records before it); with CORPUS, the folder of real images, its
kdump cores are read, too. Each tool's text must be ours; the best of five runs is its time. What is not installed,
and what a tool cannot read, is said."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

PROGRAM = sys.argv[1]
CORPUS = os.path.join(sys.argv[2], "memory") if len(sys.argv) > 2 else ""
MAKE_IMAGE = os.path.join(os.path.dirname(__file__), "../tools/make-memory-image.py")
PATH = os.environ["PATH"] + ":/usr/sbin:/sbin"
RUNS = 5
failures = 0


def best_of(command, output=None):
    """Seconds and text, or None and what it said."""
    best = None
    for _ in range(RUNS):
        if output and os.path.exists(output):
            os.remove(output)
        start = time.perf_counter()
        done = subprocess.run(command, capture_output=True, check=False)
        seconds = time.perf_counter() - start
        best = min(best or seconds, seconds)
    if done.returncode != 0 or (output and not os.path.exists(output)):
        said = (done.stderr or done.stdout).decode(errors="replace").strip().splitlines()
        return None, said[0] if said else f"exit code {done.returncode}"
    if output:
        with open(output, "rb") as f:
            return best, f.read()
    return best, done.stdout


def as_theirs(image):
    """Our records as they print them: a stamp for each record, not each line, and bytes escaped."""
    done = subprocess.run([PROGRAM, "records", "-b", "all", "--format", "ndjson", image], capture_output=True, check=False)
    text = b""
    for line in done.stdout.splitlines():
        record = json.loads(line)
        us = record["mono_us"]
        text += b"[%5d.%06d] %s\n" % (us // 1000000, us % 1000000, record["text"].encode())
    return re.sub(rb"[^ -~\n\t]", lambda x: b"\\x%02x" % x[0][0], text)


def compare(image, where):
    global failures
    ours, text = best_of([PROGRAM, "records", "-b", "all", "--format", "raw", image])
    if ours is None:
        failures += 1
        print(f"  lastwords cannot read it: {text}")
        return
    text = as_theirs(image)
    print(f"  {'lastwords records':28} {ours * 1000:9.1f} ms {text.count(10):8} lines")
    output = os.path.join(where, "dmesg")
    for name, command, out in (("vmcore-dmesg", ["vmcore-dmesg", image], None),
                               ("makedumpfile --dump-dmesg", ["makedumpfile", "--dump-dmesg", image, output], output)):
        path = shutil.which(command[0], path=PATH)
        if not path:
            print(f"  {name:28} not installed: no comparison")
            continue
        theirs, found = best_of([path] + command[1:], out)
        if theirs is None:
            print(f"  {name:28} cannot read it: {found}")
            continue
        same = found == text
        failures += not same
        print(f"  {name:28} {theirs * 1000:9.1f} ms {found.count(10):8} lines, "
              f"{'the same text' if same else 'ANOTHER TEXT'}, {theirs / ours:.2f} of our time")


def made_images(where):
    log = os.path.join(where, "log")
    with open(log, "w", encoding="ascii") as f:
        f.write("<5>[    0.000000] Linux version 6.1.0-made (made for this comparison) #1 SMP\n")
        for i in range(1, 8000):
            f.write(f"<6>[{i // 100:5}.{i % 100:02}0000] usb {i % 9}-1: new high-speed USB device number {i}\n")
    for title, suffix, options in (("made, a ring of 5.10 and later", "ring.kdump", []),
                                   ("made, the records of 3.5 to 5.9", "old.kdump", ["--old"])):
        image = os.path.join(where, suffix)
        subprocess.run([sys.executable, MAKE_IMAGE, log, image] + options, check=True)
        yield title, image


def corpus_images(where):
    names = sorted(os.listdir(CORPUS)) if os.path.isdir(CORPUS) else []
    for name in names:
        if not name.endswith("-kdump.elf.zst"):
            continue
        image = os.path.join(where, name[:-4])
        subprocess.run(["zstd", "-dqf", "--sparse", os.path.join(CORPUS, name), "-o", image], check=True)
        yield name[:-4], image


def main():
    with tempfile.TemporaryDirectory(prefix="lastwords-memory-") as where:
        for images in (made_images, corpus_images):
            for title, image in images(where):
                size = os.stat(image)
                print(f"kdump core of {size.st_size >> 20} MiB ({size.st_blocks >> 11} MiB on disk): {title}")
                compare(image, where)
    return failures != 0


sys.exit(main())
