#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The screens of README.md cannot lie: readme.py [--update] PROGRAM FILE… runs every `$ build/lastwords …` that starts a fenced
block and compares what follows with what it prints. A line `[…]` stands for any further lines."""
import re
import subprocess
import sys

BLOCK = re.compile(r"```(\w*)\n(\$ build/lastwords[^\n]*)\n(.*?)```", re.S)


def output_of(command, program):
    line = command[2:].replace("build/lastwords", program, 1)
    # COLUMNS fixes the width; a pipe has no terminal to ask.
    p = subprocess.run(line, shell=True, capture_output=True, env={"PATH": "/usr/bin:/bin", "COLUMNS": "100"})
    return p.stdout.decode("utf-8", "replace")


def same(shown, real):
    if "[…]\n" not in shown:
        return shown == real
    pieces = shown.split("[…]\n")
    if not real.startswith(pieces[0]) or not real.endswith(pieces[-1]):
        return False
    at = 0
    for piece in pieces:
        at = real.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return True


def main():
    update = "--update" in sys.argv
    passed = failed = 0
    program, *names = [a for a in sys.argv[1:] if a != "--update"]
    for name in names:
        text = open(name, encoding="utf-8").read()

        def check(m):
            nonlocal passed, failed
            real = output_of(m[2], program)
            if same(m[3], real):
                passed += 1
                return m[0]
            failed += 1
            if not update:
                print(f"{name}: {m[2]} prints something else:\n{real}")
                return m[0]
            cut = m[3].find("[…]\n")
            body = real
            if cut >= 0:
                body = "".join(real.splitlines(True)[:m[3][:cut].count("\n")]) + "[…]\n"
            return f"```{m[1]}\n{m[2]}\n{body}```"

        new = BLOCK.sub(check, text)
        if update and new != text:
            open(name, "w", encoding="utf-8").write(new)
    if update:
        failed = 0
    print(f"check-readme: {passed} passed, {failed} failed")
    return failed != 0


sys.exit(main())
