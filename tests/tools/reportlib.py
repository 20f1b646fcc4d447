# SPDX-License-Identifier: Apache-2.0
"""What the tests of reports share: running the program, parsers that are not ours, a count."""
import importlib
import os
import re
import shutil
import subprocess

PLAIN = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "TERM": "dumb", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
FORMATS = ("text", "json", "ndjson", "html", "markdown", "junit", "prometheus")
NEEDS = {"json": "jsonschema", "ndjson": "jsonschema", "html": "html5lib", "prometheus": "prometheus_client.parser"}


class Count:
    def __init__(self, name):
        self.name, self.passed, self.failed, self.skipped, self.missing = name, 0, 0, 0, set()

    def check(self, good, what):
        if good:
            self.passed += 1
        else:
            self.failed += 1
            print("FAILED:", what)

    def skip(self, what):
        if os.environ.get("LASTWORDS_REQUIRE_PARSERS"):
            self.check(False, "%s is missing, and this run requires it" % what)
            return
        self.skipped += 1
        if what not in self.missing:
            self.missing.add(what)
            print("skipped: what needs", what)

    def end(self):
        print("%s: %d passed, %d failed, %d skipped" % (self.name, self.passed, self.failed, self.skipped))
        return 1 if self.failed else 0


def parser(form):
    """The module that reads a format, or None; True when none is needed."""
    if form == "junit":
        return shutil.which("xmllint")
    if form not in NEEDS:
        return True
    try:
        return importlib.import_module(NEEDS[form])
    except ImportError:
        return None


def needed(form):
    return NEEDS.get(form, "xmllint").split(".")[0]


def reports(program, words, directory, env=None):
    """All reports of one run, by format; None when there is none."""
    files = {form: os.path.join(directory, form) for form in FORMATS}
    for path in files.values():
        if os.path.exists(path):
            os.remove(path)
    asked = [word for form, path in files.items() for word in ("--" + form, path)]
    done = subprocess.run([program, *words, *asked], stdin=subprocess.DEVNULL, capture_output=True, env=env or PLAIN, check=False)
    if done.returncode not in (0, 1, 2, 3):
        raise RuntimeError("lastwords %s: exit code %d: %s" % (words, done.returncode, done.stderr[:300]))
    found = {}
    for form, path in files.items():
        if os.path.exists(path):
            with open(path, "rb") as f:
                found[form] = f.read()
    return found


def xmllint(path, schema):
    done = subprocess.run(["xmllint", "--noout", "--nonet", "--schema", schema, path], capture_output=True, check=False)
    return "" if done.returncode == 0 else done.stderr.decode(errors="replace")[:600]


def without_code(line):
    """A line without code and without what a backslash makes ordinary, read from left to right as CommonMark does."""
    found, at = [], 0
    while at < len(line):
        ticks = re.match(r"`+", line[at:])
        if line[at] == "\\" and re.match(r"[!-/:-@\[-`{-~]", line[at + 1:]):
            at += 2
        elif ticks:
            end = re.search(r"(?<!`)%s(?!`)" % ticks.group(0), line[at + ticks.end():])
            found.append("" if end else ticks.group(0))
            at += ticks.end() + (end.end() if end else 0)
        else:
            found.append(line[at])
            at += 1
    return "".join(found)


def markdown_structure(text):
    """What CommonMark makes of the lines: fences, headings, table rows, items; and no HTML, image or link of its own."""
    found, fence, body = [], None, []
    for line in text.split("\n"):
        ticks = re.match(r"(`{3,}|~{3,})", line)
        if fence:
            if ticks and line.strip() == ticks.group(1) and line[0] == fence[0] and len(ticks.group(1)) >= len(fence):
                fence = None
                found.append("fence")
            continue
        if ticks:
            fence = ticks.group(1)
            continue
        heading = re.match(r"#+ ", line)
        if heading:
            found.append("heading %d" % (len(heading.group(0)) - 1))
        elif line.startswith("|"):
            found.append("row of %d" % len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)))
        elif re.match(r"(\d+[.)]|[-+*]) ", line):
            found.append("item")
        elif re.match(r"(    |\t|>|<|=+$|-+$|_+$|\*+$)", line):
            found.append("block " + line[:1].strip())
        elif line:
            found.append("text")
        body.append(line)
    if fence:
        found.append("an open fence")
    prose = "\n".join(without_code(line) for line in body)
    active = re.findall(r"<[A-Za-z/!?]|\]\(|\]\[|://|www\.|@\w|(?<!\*)\*(?!\*)|~~|`", prose)
    return found, active
