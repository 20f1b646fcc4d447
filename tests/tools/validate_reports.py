#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""validate_reports.py PROGRAM TOP: does an independent parser take every report of every sample?

The inputs are those of samples/*/commands. JUnit goes through xmllint and our XSD, JSON through jsonschema, HTML through html5lib
in its strict mode, Prometheus through prometheus_client. What is checked of Markdown is in reportlib.py; texts must be printable.
"""
import json
import os
import shlex
import sys
import tempfile

from reportlib import Count, markdown_structure, needed, parser, reports, xmllint

COMMANDS = ("records", "boots", "facts", "formats", "explain", "rules", "follow", "scan", "merge", "plan", "history", "preflight")


def inputs(top):
    """The input files of each question that the samples ask, once each."""
    seen = set()
    for case in sorted(os.listdir(os.path.join(top, "samples"))):
        path = os.path.join(top, "samples", case, "commands")
        if not os.path.exists(path):
            continue
        with open(path, encoding="utf-8") as f:
            for line in f:
                words = [w for w in shlex.split(line, comments=True)[1:]]
                words = words[1:] if words and words[0].startswith("[") else words
                if not words or words[0] in COMMANDS or "<" in words:
                    continue
                files = tuple(os.path.join("samples", case, w[1:]) for w in words if w.startswith("@"))
                if files and files not in seen:
                    seen.add(files)
                    yield files


def check_json(jsonschema, top, output, lines):
    with open(os.path.join(top, "reports/schema/lastwords-1.schema.json"), encoding="utf-8") as f:
        schema = jsonschema.Draft7Validator(json.load(f))
    documents = [json.loads(line) for line in output.splitlines()] if lines else [json.loads(output)]
    return "; ".join(e.message[:200] for d in documents for e in schema.iter_errors(d))[:400]


def check_html(html5lib, output):
    strict = html5lib.HTMLParser(strict=True)
    strict.parse(output.decode("utf-8"))
    return ""


def check_prometheus(module, output):
    families = list(module.text_string_to_metric_families(output.decode("utf-8")))
    samples = [s for f in families for s in f.samples]
    if not all(f.documentation and f.type == "gauge" for f in families):
        return "a metric without HELP or TYPE"
    if any(s.timestamp is not None for s in samples):
        return "a time stamp, which node_exporter refuses"
    if any(set(s.labels) - {"rule", "severity", "result"} for s in samples):
        return "an unbounded label"
    return "" if samples else "no metric"


def check_markdown(output):
    if len(output) >= 60000:
        return "%d bytes" % len(output)
    found, active = markdown_structure(output.decode("utf-8"))
    if "an open fence" in found or active:
        return "acts as Markdown: %s %s" % (found[-1:], active[:5])
    return ""


def check(form, module, top, output, path):
    if form in ("json", "ndjson"):
        return check_json(module, top, output, form == "ndjson")
    if form == "html":
        return check_html(module, output)
    if form == "prometheus":
        return check_prometheus(module, output)
    if form == "junit":
        return xmllint(path, os.path.join(top, "tests/schema/junit.xsd"))
    if form == "markdown":
        return check_markdown(output)
    hidden = [b for b in output if b < 32 and b != 10 or b == 127]
    return "controls %s" % hidden[:5] if hidden else ""


def main():
    program, top = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    os.chdir(top)
    count = Count("validate_reports")
    with tempfile.TemporaryDirectory() as directory:
        for files in inputs(top):
            for form, output in reports(program, ["--run-time", "2026-01-31T12:00:00Z", *files], directory).items():
                module = parser(form)
                if not module:
                    count.skip(needed(form))
                    continue
                try:
                    wrong = check(form, module, top, output, os.path.join(directory, form))
                except Exception as e:  # whatever a parser raises is what we ask for
                    wrong = "%s: %s" % (type(e).__name__, e)
                count.check(not wrong, "%s of %s: %s" % (form, " ".join(files), wrong))
    count.check(count.passed + count.skipped > 100, "the samples were found")
    return count.end()


if __name__ == "__main__":
    sys.exit(main())
