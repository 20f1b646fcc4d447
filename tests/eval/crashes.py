#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What is read out of crash reports, column by column: crashes.py LASTWORDS CORPUS

CORPUS holds satyr/, abrt/ and syzkaller/guilty/, each with its expected.tsv; what is not there is
left out. Prints every miss in a line, the share of every column and the whole; exit status 0 when
every whole reaches --bar.

A cell that expects what another program does by its own convention, and that no reading of the
kernel's text can give (OUT_OF_SCOPE), is counted in the line "with conventions" only.
"""
import argparse
import collections
import csv
import json
import os
import subprocess
import sys

# Corpus, file, column (None: all of the row) → why the cell is not this program's to fulfil.
OUT_OF_SCOPE = {
    ("abrt", "oops6.log", None): "a fault of a program; the kernel is whole",
    ("abrt", "oops7.log", None): "a driver's own message with a tag that only looks like a header",
    ("abrt", "mce2.log", None): "a corrected machine check is told by rules, it is no crash",
    ("abrt", "oops-non-fatal-mce.log", "found_reports"): "the same",
    ("abrt", "oops_full_hostname.log", "found_reports"): "the same",
    ("guilty", "guilty-42", None): "another system's firmware reports a panic first, on a console without stamps",
    ("abrt", "not_oops2.log", "found_reports"): "a whole oops that abrt skips because it has reported it before",
}


def read(lastwords, path):
    p = subprocess.run([lastwords, "--format", "json", path], capture_output=True, timeout=60, check=False)
    return json.loads(p.stdout)


def satyr_cells(result):
    """satyr reads a file as one report: frames and modules are those of all reports in it."""
    crashes = result["crashes"]
    trace = [f for c in crashes for f in c["call_trace"]]

    def stack(frame):
        return "" if frame["context"] == "task" else frame["context"].upper()

    return {
        "first_function": trace[0]["function"] if trace else "",
        "last_function": trace[-1]["function"] if trace else "",
        "frame_count": str(len(trace)),
        "taint_count": str(len(set(crashes[0]["taint"])) if crashes else 0),
        "module_count": str(max((len(c["modules"]) for c in crashes), default=0)),
        "first_frame_stack": stack(trace[0]) if trace else "",
        "last_frame_stack": stack(trace[-1]) if trace else "",
        "reason": crashes[0]["title"] if crashes else "",
    }


def satyr(lastwords, folder, row):
    """(column, wanted, got) of every expectation; without frame_count the row has none but a reason."""
    if not any(row[k] for k in row if k not in ("name", "notes")):
        return
    got = satyr_cells(read(lastwords, os.path.join(folder, row["name"] + ".log")))
    for column, value in got.items():
        stack = column.endswith("_stack")
        if row[column] != "" or (stack and row["frame_count"] != ""):
            yield column, row[column], value


def abrt(lastwords, folder, row):
    """Versions and first lines are parted by ' || '; taint is counted in flags but 'G', which is none."""
    result = read(lastwords, os.path.join(folder, row["file"]))
    crashes = result["crashes"]
    if row["found_reports"].startswith(">="):
        least = int(row["found_reports"][2:])
        yield "found_reports", row["found_reports"], row["found_reports"] if len(crashes) >= least else str(len(crashes))
    elif row["found_reports"]:
        yield "found_reports", row["found_reports"], str(len(crashes))
    if row["kernel_version"]:
        wanted = set(row["kernel_version"].split(" || "))
        got = {b["kernel"] for b in result["boots"]} - {None}
        yield "kernel_version", " || ".join(sorted(wanted)), " || ".join(sorted(got))
    if row["taint_letters"]:
        flags = "" if row["taint_letters"] == "none" else row["taint_letters"].replace("G", "")
        got = {words for c in crashes for words in c["taint"]}
        yield "taint_letters", str(len(set(flags))), str(len(got))
    if row["first_line"] and "(first of" not in row["first_line"]:
        wanted = row["first_line"].split(" || ")
        got = [c["evidence"][0]["text"].strip() for c in crashes]
        same = len(got) == len(wanted) and all(g.startswith(w) for g, w in zip(got, wanted))
        yield "first_line", row["first_line"], row["first_line"] if same else " || ".join(got)


def guilty(lastwords, folder, row):
    result = read(lastwords, os.path.join(folder, row["name"] + ".log"))
    crashes = result["crashes"]
    yield "guilty_file", row["guilty_file"], (crashes[0].get("source_file") or "") if crashes else ""


CORPORA = {"satyr": ("satyr", satyr), "abrt": ("abrt", abrt), "guilty": ("syzkaller/guilty", guilty)}


def scope(name, file, column):
    return OUT_OF_SCOPE.get((name, file, column)) or OUT_OF_SCOPE.get((name, file, None))


def score(name, folder, cells_of, lastwords, bar):
    right, total, outside = collections.Counter(), collections.Counter(), 0
    with open(os.path.join(folder, "expected.tsv"), encoding="utf-8", newline="") as f:
        rows = list(csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE))
    for row in rows:
        file = row.get("file") or row["name"]
        for column, wanted, got in cells_of(lastwords, folder, row):
            why = scope(name, file, column)
            if why and got != wanted:
                outside += 1
                print(f"out   {file} {column}: {why}")
            if why:
                continue
            total[column] += 1
            right[column] += got == wanted
            if got != wanted:
                print(f"MISS  {file} {column}: expected {wanted!r}, said {got!r}")
    for column, n in total.items():
        print(f"  {name} {column}: {right[column]} of {n} ({100 * right[column] / n:.1f} %)")
    n, ok = sum(total.values()), sum(right.values())
    print(f"{name}: {ok} of {n} right ({100 * ok / n:.1f} %, wanted {bar} %)"
          f"; with conventions {ok} of {n + outside} ({100 * ok / (n + outside):.1f} %)")
    return 100 * ok / n >= bar


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("lastwords")
    ap.add_argument("corpus")
    ap.add_argument("--bar", type=float, default=97)
    args = ap.parse_args()
    fine = True
    for name, (under, cells_of) in CORPORA.items():
        folder = os.path.join(args.corpus, under)
        if os.path.isdir(folder):
            fine &= score(name, folder, cells_of, args.lastwords, args.bar)
        else:
            print(f"eval: no {folder} here; skipped")
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
