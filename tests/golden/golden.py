#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs lastwords over samples/ and compares what it says with what it is expected to say.

golden.py [--program build/lastwords] [--build build] [--update] [CASE...]

samples/CASE/commands has a line per expected file:

    report.txt            @vmware.log
    report.json           --format json @vmware.log
    records.txt           records --format raw @vmware.log
    stdin.txt             - < @vprobe.txt
    torn.txt        [3]   @dmesg.gz

@x is the file x of the case, @ alone its directory; [3] is the exit code, 0 without. Standard output is compared with
samples/CASE/expected/NAME, standard error with NAME.err, which is not there when nothing is to be said. --update writes both
instead; `git diff` is then the review. What changes with every rule (version, count and digest of the rules) is set to zero.

Beside that, over all samples: JSON follows the schema; host findings stand on host lines; output is the same without the
prefilter, and in another zone, locale and terminal; and a large file (sparse reading) gives what the small one gives.
"""
import argparse
import concurrent.futures
import difflib
import glob
import itertools
import json
import os
import re
import shlex
import subprocess
import sys

import biglog

SCHEMA = "reports/schema/lastwords-1.schema.json"
LINE = re.compile(r"(\S+)\s+(?:\[(\d+)\]\s+)?(.+)")
# A user's rules and settings must not reach a test.
PLAIN = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "TERM": "dumb", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
ODD = {**PLAIN, "LC_ALL": "C", "LANG": "tr_TR.UTF-8", "TZ": "Asia/Kathmandu", "COLUMNS": "37", "TERM": "xterm-256color"}
OTHERS = ("records", "boots", "facts", "formats", "explain", "rules")
VOLATILE = [(re.compile(rb'("sha256":\s*)"[0-9a-f]{64}"'), rb'\1"' + b"0" * 64 + b'"'),
            (re.compile(rb'("tool":\s*\{\s*"version":\s*)"[^"]*"'), rb'\1"0.0.0"'),
            (re.compile(rb'("rules":\s*\{\s*"version":\s*)"[^"]*"'), rb'\1"0.0.0"'),
            (re.compile(rb'("sha256":\s*"0{64}",\s*"count":\s*)\d+'), rb"\g<1>0"),
            (re.compile(rb"\d+ rules, [0-9a-f]{16}"), b"0 rules, " + b"0" * 16)]


class Count:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def check(self, good, what, detail=""):
        if good:
            self.passed += 1
            return
        self.failed += 1
        print("FAILED: %s%s" % (what, "\n" + detail if detail else ""))


class Command:
    """One line of a `commands` file."""

    def __init__(self, case, name, code, arguments):
        self.case, self.name, self.code = case, name, int(code or 0)
        words = [self.place(word) for word in shlex.split(arguments)]
        self.stdin = None
        if "<" in words:
            at = words.index("<")
            self.stdin = words[at + 1]
            words = words[:at]
        self.words = words
        self.expected = "samples/%s/expected/%s" % (case, name)

    def place(self, word):
        if not word.startswith("@"):
            return word
        return "samples/%s" % self.case + ("/" + word[1:] if word[1:] else "")

    def format(self):
        """The report's format, or None for another command."""
        if self.words[0] in OTHERS:
            return None
        return self.words[self.words.index("--format") + 1] if "--format" in self.words else "text"

    def questions(self):
        """What is asked of which input, whatever the format of the answer; None for another command."""
        if self.words[0] in OTHERS:
            return None
        at = self.words.index("--format") if "--format" in self.words else len(self.words)
        return (*self.words[:at], *self.words[at + 2:])


class Program:
    """Runs of lastwords; each is made once, and prepare() makes many at a time."""

    def __init__(self, path):
        self.path, self.done = path, {}

    def make(self, words, stdin, odd):
        with open(stdin or os.devnull, "rb") as data:
            return subprocess.run([self.path, *words], stdin=data, capture_output=True, env=ODD if odd else PLAIN, check=False)

    def prepare(self, runs):
        runs = [r for r in dict.fromkeys(runs) if r not in self.done]
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            self.done.update(zip(runs, pool.map(lambda r: self.make(*r), runs)))

    def run(self, words, stdin=None, odd=False):
        key = (tuple(words), stdin, odd)
        if key not in self.done:
            self.done[key] = self.make(*key)
        return self.done[key]


def steady(output):
    for pattern, text in VOLATILE:
        output = pattern.sub(text, output)
    return output


def read(path):
    if not os.path.exists(path):
        return b""
    with open(path, "rb") as f:
        return f.read()


def write(path, data):
    if not data:
        if os.path.exists(path):
            os.remove(path)
        return
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(data)


def difference(expected, found):
    lines = difflib.unified_diff(expected.decode(errors="replace").splitlines(), found.decode(errors="replace").splitlines(),
                                 "expected", "found", lineterm="", n=1)
    return "\n".join("    " + line for line in itertools.islice(lines, 40))


def cases(names):
    for path in sorted(glob.glob("samples/*/")):
        case = os.path.basename(path[:-1])
        if names and case not in names:
            continue
        commands = []
        for line in read(path + "commands").decode().splitlines():
            if line.strip() and not line.startswith("#"):
                commands.append(Command(case, *LINE.fullmatch(line.strip()).groups()))
        yield case, commands


def compare(count, program, command, update):
    done = program.run(command.words, command.stdin)
    what = "%s: lastwords %s" % (command.expected, " ".join(command.words))
    count.check(done.returncode == command.code, what, "    exit code %d, not %d: %s" % (
        done.returncode, command.code, done.stderr.decode(errors="replace")))
    for path, output in ((command.expected, steady(done.stdout)), (command.expected + ".err", done.stderr)):
        if update:
            write(path, output)
        count.check(read(path) == output, what, difference(read(path), output))
    return done.stdout


def documents(output, form):
    lines = output.splitlines() if form == "ndjson" else [output]
    return [json.loads(line) for line in lines]


def validator():
    try:
        import jsonschema
    except ImportError:
        return None
    with open(SCHEMA, encoding="utf-8") as f:
        return jsonschema.Draft7Validator(json.load(f))


def check_schema(count, schema, what, output, form):
    if schema is None:
        count.skipped += 1
        return
    errors = [e for d in documents(output, form) for e in schema.iter_errors(d)]
    count.check(not errors, "%s follows the schema" % what, "    %s" % (errors[0].message[:300] if errors else ""))


def check_provenance(count, what, output):
    """A guest can print anything: what is found about the host stands on the host's own lines."""
    for diagnosis in json.loads(output)["diagnoses"]:
        if diagnosis["rule"].startswith("host."):
            origins = {e["origin"] for e in diagnosis["evidence"]}
            count.check(origins <= {"host"}, "%s: %s stands on %s" % (what, diagnosis["rule"], origins))


def without_estimates(output):
    document = json.loads(output)
    for one in document["inputs"]:
        one.pop("understood")
        one.pop("estimated")
    return document


def runs_of(words, stdin):
    """What is run for a question: JSON, the same without the prefilter, and both formats in other surroundings."""
    asked, text = ("--format", "json", *words), ("--format", "text", *words)
    return [(asked, stdin, False), ((*asked, "--no-prefilter"), stdin, False), (asked, stdin, True), (text, stdin, False),
            (text, stdin, True)]


def check_question(count, program, schema, words, stdin):
    """What holds for the answer to any question."""
    what = "lastwords " + " ".join(words)
    first, dense, odd, text, odd_text = (program.run(*r) for r in runs_of(words, stdin))
    if first.stdout:
        check_schema(count, schema, what, first.stdout, "json")
        check_provenance(count, what, first.stdout)
        same = dense.stdout and without_estimates(first.stdout) == without_estimates(dense.stdout)
        count.check(same, "%s: the same without the prefilter" % what)
    count.check(first.returncode == dense.returncode, "%s: the same exit code without the prefilter" % what)
    for form, plain, other in (("json", first, odd), ("text", text, odd_text)):
        count.check(plain.stdout == other.stdout, "%s: the same %s in other surroundings" % (what, form),
                    difference(plain.stdout, other.stdout))


def essence(output, name):
    """What must not depend on how much lies around it: rules, their texts and evidence, the boots and their facts."""
    document = json.loads(output)

    def told(e):
        return None if e is None else (e["text"], e["mono_us"], e["origin"])

    return {
        "diagnoses": [(d["rule"], d["severity"], d["role"], d["diagnosis"].replace(name, ""), d["captures"], [told(e) for e in d["evidence"]])
                      for d in document["diagnoses"]],
        "boots": [(b["kernel"], b["ended_by"], b["head_complete"], b["tail_complete"], b["merged_dumps"],
                   {k: (f["value"], told(f["evidence"])) for k, f in b["facts"].items()}) for b in document["boots"]],
        "unexplained": [(u["count"], u["level"], u["shape"]) for u in document["unexplained"]],
    }


def check_big(count, program, build):
    """Sparse reading: the same findings when filler of more than 8 MiB stands between the lines of a sample."""
    for source, big in biglog.make(build):
        outputs = [program.run(["--format", "json", *words]).stdout for words in ([source], [big], ["--no-prefilter", big])]
        if not all(outputs):
            count.check(False, "%s: no report" % big)
            continue
        small, sparse, dense = [essence(o, p) for o, p in zip(outputs, (source, big, big))]
        for key in small:
            count.check(small[key] == sparse[key], "%s has the %s of %s" % (big, key, source), "    %.1200s\n    %.1200s" % (
                small[key], sparse[key]))
        count.check(without_estimates(outputs[1]) == without_estimates(outputs[2]), "%s is the same without the prefilter" % big)
        count.check(any(i["estimated"] for i in json.loads(outputs[1])["inputs"]), "%s is read sparsely" % big)


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--program", default="build/lastwords")
    args.add_argument("--build", default="build")
    args.add_argument("--update", action="store_true")
    args.add_argument("cases", nargs="*")
    args = args.parse_args()
    count, schema, program = Count(), validator(), Program(args.program)
    chosen = list(cases(args.cases))
    commands = [c for _, commands in chosen for c in commands]
    program.prepare([(tuple(c.words), c.stdin, False) for c in commands])
    program.prepare(r for c in commands if c.questions() for r in runs_of(c.questions(), c.stdin))
    for case, commands in chosen:
        count.check(commands, "samples/%s has commands" % case)
        count.check(os.path.exists("samples/%s/README.md" % case), "samples/%s has a README.md" % case)
        if args.update:
            for path in glob.glob("samples/%s/expected/*" % case):
                os.remove(path)
        questions = {}
        for command in commands:
            output = compare(count, program, command, args.update)
            if command.format() == "ndjson":
                check_schema(count, schema, command.expected, output, "ndjson")
            if command.questions():
                questions[command.questions()] = command.stdin
        for words, stdin in questions.items():
            check_question(count, program, schema, words, stdin)
        expected = {c.expected for c in commands}
        for path in glob.glob("samples/%s/expected/*" % case):
            count.check(path in expected or path.removesuffix(".err") in expected, "%s belongs to a command" % path)
    if not args.cases:
        check_big(count, program, args.build)
    if count.skipped:
        print("%d outputs not checked against the schema, which needs python3-jsonschema" % count.skipped)
    print("golden: %d passed, %d failed%s" % (count.passed, count.failed, ", %d skipped" % count.skipped if count.skipped else ""))
    return 1 if count.failed else 0


if __name__ == "__main__":
    sys.exit(main())
