#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""kernel-mutants.py PROGRAM STRINGS SCRATCH: how sharp is `rules check --kernel-strings`? Every expression that it calls alive gets one word of
its fixed text exchanged, as wording drifts, and is asked about again: a check with teeth calls most of these dead. (Expressions that are one
of several at their top are left out: the others still live.) Prints the share that it lets through; exit code 1 above LIMIT percent."""
import pathlib
import re
import subprocess
import sys

LIMIT = 30
OTHER = "available rejected detected exceeded resource pending deferred invalid mapping channel".split()
ALIVE = re.compile(r"^  \S+:\d+: alive: (.*)$", re.M)
# Words that are no part of a group's name, an escape, a class or something optional.
WORD = re.compile(r"(?<![\\<\w\[-])[A-Za-z]{5,}(?![\w>?*{\]])")
RULE = """- id: test.mutant-{n}
  title: 'a text that no kernel has'
  severity: info
  confidence: low
  category: memory
  status: test
  text_from: 'none'
  match: {{regex: '{regex}'}}
  diagnosis: 'x'
  remediation: ['x']
  tests: []
"""


def check(program, strings, *options):
    command = [program, "rules", "check", "--all", "--kernel-strings", strings, *options]
    run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False, text=True, errors="replace")
    return run.stdout


def outside_groups(text):
    """The text with what stands in groups blanked out: there it may be one of several."""
    out, depth, escaped = [], 0, False
    for c in text:
        depth += (c == "(") * (not escaped)
        out.append(" " if depth else c)
        depth -= (c == ")") * (not escaped)
        escaped = c == "\\" and not escaped
    return "".join(out)


def mutants(regexes):
    for regex in regexes:
        fixed = outside_groups(regex)
        words = list(WORD.finditer(fixed))
        if not words or "|" in fixed:
            continue
        word = max(words, key=lambda m: len(m.group()))
        other = OTHER[sum(map(ord, regex)) % len(OTHER)]
        if other != word.group().lower():
            yield regex[: word.start()] + other + regex[word.end() :]


def main():
    program, strings, scratch = sys.argv[1:]
    alive = list(dict.fromkeys(ALIVE.findall(check(program, strings))))
    wrong = list(mutants(alive))
    rules = pathlib.Path(scratch) / "mutants.yaml"
    rules.write_text("lastwords: 1\nrules:\n" + "".join(RULE.format(n=n, regex=r.replace("'", "''")) for n, r in enumerate(wrong)))
    through = ALIVE.findall(check(program, strings, str(rules)))
    share = 100 * len(through) / len(wrong)
    print(f"  with one word of its fixed text exchanged: {len(wrong)} texts, {len(through)} still called alive ({share:.1f} %)")
    for regex in through[: 0 if share <= LIMIT else 20]:
        print(f"    {regex}")
    sys.exit(share > LIMIT)


main()
