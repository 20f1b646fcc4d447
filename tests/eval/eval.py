#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Accuracy over a corpus of real logs: eval.py LASTWORDS CORPUS TABLE

TABLE is tab separated: case, variants (globs on what follows the case's name in the file name,
blank separated), expected. `expected` is one of
  rule ids joined by '|'   the first diagnosis must be one of them
  cannot-tell              this variant does not hold the evidence: nothing of severity error or above with more
                           than low confidence, and the missing evidence named
  clean                    nothing of severity error or above
Prints every miss, the shares, and precision and recall of each area (the word before the dot of a rule's id): of the
files whose first grave diagnosis is of the area, how many are right; of the files that hold a cause of the area, in how
many it is said. Exit status 0 when all shares reach the bars given with --bars.
"""
import argparse
import collections
import csv
import fnmatch
import json
import os
import subprocess
import sys

GRAVE = ("error", "critical", "fatal")


def variants_of(corpus, case):
    """Files of a case: name -> what follows the case's name."""
    out = {}
    for name in sorted(os.listdir(corpus)):
        if name.startswith(case + ".") and not name.endswith((".cmdline", ".zst", ".failed-units")):
            out[name] = name[len(case) + 1:]
    return out


def run(lastwords, path):
    p = subprocess.run([lastwords, "--format", "json", path], capture_output=True, timeout=60)
    return json.loads(p.stdout)


def shown(result):
    return [d for d in result["diagnoses"] if d["role"] in ("root", "contributing", "note", "symptom")]


def judge(result, expected):
    """(right, what was said)"""
    diagnoses = shown(result)
    first = diagnoses[0]["rule"] if diagnoses else "-"
    grave = [d for d in diagnoses if d["severity"] in GRAVE]
    if expected == "clean":
        return not grave, ",".join(d["rule"] for d in grave) or "-"
    if expected == "cannot-tell":
        named = any(n["code"] == "evidence-missing" for n in result["notes"])
        sure = [d["rule"] for d in grave if d["confidence"] != "low"]
        return named and not sure, ",".join(sure) or ("-" if named else "no evidence named")
    return first in expected.split("|"), first


def area_of(rule):
    return rule.split(".")[0]


def said_grave(result):
    """The area of the first diagnosis that claims a failure, or None."""
    return next((area_of(d["rule"]) for d in shown(result) if d["severity"] in GRAVE and d["confidence"] != "low"), None)


class Areas:
    """How often each area was said, was right, and was to be said."""

    def __init__(self):
        self.said, self.right, self.wanted, self.found = (collections.Counter() for _ in range(4))

    def add(self, result, expected, ok):
        said = said_grave(result)
        if said:
            self.said[said] += 1
            self.right[said] += ok
        if kind_of(expected) == "cause":
            wanted = area_of(expected)
            self.wanted[wanted] += 1
            self.found[wanted] += ok

    def write(self):
        def share(n, of):
            return "%3d of %3d %5.1f %%" % (n, of, 100 * n / of) if of else "-"

        print("  %-8s %-20s %s" % ("area", "precision", "recall"))
        for area in sorted(self.said | self.wanted):
            print("  %-8s %-20s %s" % (area, share(self.right[area], self.said[area]), share(self.found[area], self.wanted[area])))


def kind_of(expected):
    return expected if expected in ("clean", "cannot-tell") else "cause"


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("lastwords")
    ap.add_argument("corpus")
    ap.add_argument("table")
    ap.add_argument("--bars", default="cause=90,cannot-tell=95,clean=100")
    ap.add_argument("--verbose", action="store_true")
    args = ap.parse_args()
    right, total = collections.Counter(), collections.Counter()
    covered, areas = set(), Areas()
    with open(args.table, encoding="utf-8", newline="") as f:
        rows = [r for r in csv.reader(f, delimiter="\t", quoting=csv.QUOTE_NONE) if r and not r[0].startswith("#")]
    for case, globs, expected in rows:
        names = variants_of(args.corpus, case)
        if not names and os.path.exists(os.path.join(args.corpus, case)):
            names = {case: ""}
        matched = [n for n, v in names.items() if any(fnmatch.fnmatch(v, g) for g in globs.split())]
        if not matched:
            print(f"MISSING  {case} {globs}")
        for name in matched:
            if name in covered:
                continue
            covered.add(name)
            try:
                result = run(args.lastwords, os.path.join(args.corpus, name))
                ok, said = judge(result, expected)
                areas.add(result, expected, ok)
            except (ValueError, KeyError, subprocess.TimeoutExpired) as e:
                ok, said = False, f"failed: {e!r}"
            kind = kind_of(expected)
            total[kind] += 1
            right[kind] += ok
            if not ok or args.verbose:
                print(f"{'ok  ' if ok else 'MISS'} {name}: expected {expected}, said {said}")
    areas.write()
    status = 0
    for kind, bar in (b.split("=") for b in args.bars.split(",")):
        if total[kind]:
            share = 100 * right[kind] / total[kind]
            status |= share < float(bar)
            print(f"{kind}: {right[kind]} of {total[kind]} right ({share:.1f} %, wanted {bar} %)")
    return int(status)


if __name__ == "__main__":
    sys.exit(main())
