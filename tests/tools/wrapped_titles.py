#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Do wrapped logs give the same crash titles?   wrapped_titles.py PROGRAM CORPUS

CORPUS holds expected.tsv (name, in_scope, title, alt_titles …) and one NAME.log per row. Each log is
wrapped by wrap.py as other writers would have written it; the figures say how many titles are still
the expected ones, side by side with the plain logs.
"""
import csv
import json
import os
import subprocess
import sys

STYLES = ["vmware-esx8", "vmware-ws12", "short-monotonic", "json", "syslog"]
WRAP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "wrap.py")


def title(program, data):
    run = subprocess.run([program, "--format", "json", "-"], input=data, capture_output=True, check=False)
    try:
        crashes = json.loads(run.stdout)["crashes"]
    except (ValueError, KeyError):
        return "(no report)"
    return crashes[0]["title"] if crashes else ""


def main():
    program, corpus = sys.argv[1:3]
    with open(os.path.join(corpus, "expected.tsv"), encoding="utf-8", newline="") as f:
        rows = [r for r in csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE) if r["in_scope"] == "yes"]
    right = dict.fromkeys(["plain"] + STYLES, 0)
    misses = []
    for row in rows:
        wanted = {row["title"], *filter(None, row.get("alt_titles", "").split(" || "))} if row["title"] else {""}
        with open(os.path.join(corpus, row["name"] + ".log"), "rb") as f:
            plain = f.read()
        for style in right:
            data = plain
            if style != "plain":
                data = subprocess.run([sys.executable, WRAP, style], input=plain, capture_output=True, check=True).stdout
            got = title(program, data)
            right[style] += got in wanted
            if got not in wanted:
                misses.append((style, row["name"], row["title"], got))
    for style, n in right.items():
        print("%-16s %4d/%-4d %6.2f%%" % (style, n, len(rows), 100.0 * n / len(rows)))
    if "--verbose" in sys.argv:
        for miss in misses:
            print("  %s %s\n    want %s\n    got  %s" % miss)
    return 0


if __name__ == "__main__":
    sys.exit(main())
