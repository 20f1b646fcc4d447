#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""unpack-programs.py OUT ROOT…: the strings of all programs and scripts below the ROOTs (unpacked packages), one a line in OUT, each
once. What a program puts in at run time stands as %s, whatever its language calls it, so that one reader serves all:
printf's %d, the shell's $name and $(command), Python's {name}. Programs of the firmware write UTF-16; strings of Go
lie in one another without an end and are cut into pieces that overlap."""
import pathlib
import re
import sys

SKIPPED_DIRS = re.compile(r"/(?:doc|man|locale|info|icons|fonts|zoneinfo|lintian|bash-completion|zsh)/")
SKIPPED_SUFFIXES = {".gz", ".xz", ".mo", ".png", ".svg", ".pdf"}
VALUE = re.compile(
    rb"%[-+ #0-9.*]*(?:hh|h|ll|l|L|q|j|z|t)*[a-zA-Z]|\$\{[^}\n]*\}|\$\([^)\n]*\)|\$[A-Za-z_0-9@*#?]+|\{[\w.!:()\[\]]*\}")
STRING = re.compile(rb"[\t -~]{6,}")
STRING_UTF16 = re.compile(rb"(?:[\t -~]\0){6,}")
MEANT = re.compile(rb"[A-Za-z]{3}")
PIECE, OVERLAP = 1000, 200


def pieces(text):
    text = VALUE.sub(b"%s", text)
    for at in range(0, max(1, len(text) - OVERLAP), PIECE - OVERLAP):
        yield text[at : at + PIECE]


def strings(data):
    if b"\0" not in data[:4096]:
        # A script: lines that go on, and literals that stand one behind the other, are one text.
        data = re.sub(rb"\\\n\s*", b"", data)
        data = re.sub(rb"([\"'])\s*\n\s*f?\1", b"", data).replace(b'\\"', b'"')
    for found in STRING.finditer(data):
        yield from pieces(found.group())
    for found in STRING_UTF16.finditer(data):
        yield from pieces(found.group().replace(b"\0", b""))


def main():
    seen = set()
    for root in sys.argv[2:]:
        if not pathlib.Path(root).is_dir():
            sys.exit(f"{root}: no directory of an unpacked package")
        for path in sorted(pathlib.Path(root).rglob("*")):
            if path.is_symlink() or not path.is_file() or path.suffix in SKIPPED_SUFFIXES or SKIPPED_DIRS.search(str(path)):
                continue
            seen.update(s for s in strings(path.read_bytes()) if MEANT.search(s))
    with open(sys.argv[1], "wb") as out:
        out.writelines(s + b"\n" for s in sorted(seen))


main()
