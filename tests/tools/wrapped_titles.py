#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Do wrapped logs give the same crash titles?   wrapped_titles.py PROGRAM CORPUS [--styles A,B] [--verbose]

CORPUS holds expected.tsv (name, in_scope, title, alt_titles …) and one NAME.log per row. Each log is
wrapped by wrap.py as other writers would have written it; the figures say how many titles are still
the expected ones, side by side with the plain logs.
"""
import argparse
import concurrent.futures
import csv
import io
import json
import os
import subprocess
import sys

import wrap

STYLES = ["vmware-esx8", "vmware-ws12", "short-monotonic", "json", "syslog"]


def title(program, data):
    run = subprocess.run([program, "--format", "json", "-"], input=data, capture_output=True, check=False)
    try:
        crashes = json.loads(run.stdout)["crashes"]
    except (ValueError, KeyError):
        return "(no report)"
    return crashes[0]["title"] if crashes else ""


def wrapped(style, plain):
    if style == "plain":
        return plain
    out = io.BytesIO()
    wrap.STYLES[style](list(wrap.records(plain)), out)
    return out.getvalue()


def judge(program, corpus, row, styles):
    """The styles in which the row's title is wrong, each with what was said."""
    wanted = {row["title"], *filter(None, row.get("alt_titles", "").split(" || "))} if row["title"] else {""}
    with open(os.path.join(corpus, row["name"] + ".log"), "rb") as f:
        plain = f.read()
    said = {style: title(program, wrapped(style, plain)) for style in styles}
    return {style: got for style, got in said.items() if got not in wanted}


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("program")
    ap.add_argument("corpus")
    ap.add_argument("--styles", default=",".join(STYLES))
    ap.add_argument("--verbose", action="store_true", help="name every miss")
    args = ap.parse_args()
    styles = ["plain"] + args.styles.split(",")
    with open(os.path.join(args.corpus, "expected.tsv"), encoding="utf-8", newline="") as f:
        rows = [r for r in csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE) if r["in_scope"] == "yes"]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        misses = list(pool.map(lambda row: judge(args.program, args.corpus, row, styles), rows))
    for style in styles:
        right = len(rows) - sum(style in m for m in misses)
        print("%-16s %4d/%-4d %6.2f%%" % (style, right, len(rows), 100.0 * right / len(rows)))
    for row, miss in zip(rows, misses):
        for style, got in miss.items() if args.verbose else ():
            print("  %s %s\n    want %s\n    got  %s" % (style, row["name"], row["title"], got))
    return 0


if __name__ == "__main__":
    sys.exit(main())
