#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the rules say about logs that were collected for other tools: logs.py LASTWORDS CORPUS

fwts' kernel log of firmware complaints, shape by shape and by area, and abrt's log excerpts, file by file and by
kind. Nothing is asked of these figures: docs/coverage.md says which areas are left to others, and why.
"""
import collections
import json
import os
import re
import subprocess
import sys
import tempfile

STAMP = re.compile(r"^\s*\[[^\]]*\]\s*")
# What differs between two machines with the same complaint: numbers, addresses, names in the ACPI tree.
VARIABLE = re.compile(r"0x[0-9a-fA-F]+|\[[^\]]*\]|\([^)]*\)|\\?_[A-Z]{2}_\S*|\b[0-9a-f]*\d[0-9a-fA-F]*\b")
AREAS = [
    ("ACPI interpreter: errors", r"ACPI (?:BIOS )?(?:Error|Exception)"),
    ("ACPI tables: warnings that the kernel corrects", r"ACPI Warning|ACPI: .*(?:mismatch|checksum)"),
    ("firmware bugs that the kernel works around", r"\[Firmware Bug\]"),
    ("temperature of the CPU", r"Temperature above|temperature above"),
    ("interrupts", r"Disabling IRQ|MP-BIOS|IRQ"),
    ("memory types, PCI", r"mtrr|pci|PCI|cfg"),
    ("others", r""),
]
KINDS = [
    ("machine checks", r"mce"),
    ("a program's or a driver's message", r"^oops[67]\."),
    ("one line with taint flags", r"^koops-tainted"),
    ("no report to be found", r"^not?_oops"),
    ("kernel logs saved at a crash", r"^(?:vmcore-dmesg|pstore)"),
    ("oopses, panics, warnings, lockups", r""),
]


def run(lastwords, path):
    p = subprocess.run([lastwords, "--all", "--boot", "all", "--format", "json", path], capture_output=True, timeout=60)
    return json.loads(p.stdout)


def kind_of(table, text):
    return next(name for name, pattern in table if re.search(pattern, text))


def shapes_of(path):
    """One line of each shape: shape -> (an example, how many lines)"""
    shapes = {}
    with open(path, encoding="utf-8", errors="replace") as f:
        for line in f:
            text = STAMP.sub("", line.rstrip("\n"))
            if text:
                key = VARIABLE.sub("#", text)
                shapes[key] = (shapes.get(key, (text, 0))[0], shapes.get(key, (text, 0))[1] + 1)
    return shapes


def firmware(lastwords, folder):
    counts = {name: collections.Counter() for name, _ in AREAS}
    with tempfile.TemporaryDirectory() as tmp:
        one = os.path.join(tmp, "one.log")
        for name in ("klog-0001.log", "klog-0002.log"):
            for example, lines in shapes_of(os.path.join(folder, name)).values():
                with open(one, "w", encoding="utf-8") as f:
                    f.write("[    1.000000] %s\n" % example)
                told = bool(run(lastwords, one)["diagnoses"])
                area = counts[kind_of(AREAS, example)]
                area.update(lines=lines, shapes=1, told=told, lines_told=lines * told)
    print("  %-50s %6s %10s %7s %10s" % ("fwts: area", "lines", "recognised", "shapes", "recognised"))
    for name, c in counts.items():
        print("  %-50s %6d %10d %7d %10d" % (name, c["lines"], c["lines_told"], c["shapes"], c["told"]))
    result = run(lastwords, os.path.join(folder, "oops-0001.log"))
    print("  fwts: the glued boots: %d boots, %d crash reports, %d diagnoses by rules" %
          (len(result["boots"]), len(result["crashes"]), len(result["diagnoses"])))


def excerpts(lastwords, folder):
    counts = {name: collections.Counter() for name, _ in KINDS}
    for name in sorted(os.listdir(folder)):
        if name.endswith((".right", ".md", ".tsv")):
            continue
        result = run(lastwords, os.path.join(folder, name))
        kind = counts[kind_of(KINDS, name)]
        crash, rule = bool(result["crashes"]), bool(result["diagnoses"])
        kind.update(files=1, crash=crash, rule=rule, silent=not crash and not rule)
    print("  %-50s %6s %10s %7s %10s" % ("abrt: kind", "files", "crash read", "rules", "nothing"))
    for name, c in counts.items():
        print("  %-50s %6d %10d %7d %10d" % (name, c["files"], c["crash"], c["rule"], c["silent"]))


def main():
    lastwords, corpus = sys.argv[1:3]
    for name, score in (("fwts", firmware), ("abrt", excerpts)):
        folder = os.path.join(corpus, name)
        if os.path.isdir(folder):
            score(lastwords, folder)
        else:
            print(f"eval: no {folder} here; skipped")


if __name__ == "__main__":
    main()
