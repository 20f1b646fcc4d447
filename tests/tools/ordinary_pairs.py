#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How rare are pairs of characters in ordinary logs? Prints analyzer/engine/ordinary_pairs.def.

    ordinary_pairs.py FOLDER... > analyzer/engine/ordinary_pairs.def

A folder holds logs of one kind, and each kind counts the same. A row of the table is the class of a
character (row 0: any), a column the class of the one behind it, and a number tells how rare that
is: -4 log2 of its share, at most 63. Classes: 0 what stands for nothing else, 1-26 letters
whatever their case, 27 digits, 28 space, 29 the colon, 30 - and _, 31 . , / and \\.
"""
import math
import os
import sys

CLASSES = 32
DEAREST = 63


def class_of(byte):
    """As char_class() in analyzer/engine/rarity.c."""
    c = chr(byte)
    if c.isascii() and c.isalpha():
        return ord(c.lower()) - ord("a") + 1
    if c.isascii() and c.isdigit():
        return 27
    for i, these in enumerate((" ", ":", "-_", ".,/\\")):
        if c in these:
            return 28 + i
    return 0


def count(folder):
    """Counts of pairs in a folder's files: a line of some format is the same a thousand times, so
    what varies in it weighs as much as it."""
    classes = [class_of(b) for b in range(256)]
    pairs = [[0] * CLASSES for _ in range(CLASSES)]
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), "rb") as f:
            for line in f:
                codes = [classes[b] for b in line.rstrip(b"\r\n")]
                for a, b in zip(codes, codes[1:]):
                    pairs[a][b] += 1
    return pairs


def rarity(part, whole):
    if not part:
        return DEAREST
    return min(DEAREST, round(-4 * math.log2(part / whole)))


def main():
    kinds = [count(folder) for folder in sys.argv[1:]]
    if not kinds:
        sys.exit(__doc__)
    table = [[0.0] * CLASSES for _ in range(CLASSES)]
    for pairs in kinds:
        whole = sum(map(sum, pairs))
        for a in range(CLASSES):
            for b in range(CLASSES):
                table[a][b] += pairs[a][b] / whole / len(kinds)
    print("/* SPDX-License-Identifier: Apache-2.0 */")
    print("/* Written by tests/tools/ordinary_pairs.py, which tells what it means. */")
    any_row = [sum(table[a][b] for a in range(CLASSES)) for b in range(CLASSES)]
    for row in [any_row] + table:
        whole = sum(row) or 1
        print("ROW(" + ", ".join(str(rarity(n, whole)) for n in row) + ")")


if __name__ == "__main__":
    main()
