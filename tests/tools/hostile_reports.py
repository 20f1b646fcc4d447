#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""hostile_reports.py PROGRAM TOP: a hostile log leaves every report's structure as its harmless twin does.

A made case holds a payload wherever a log can put one: the VM's name, file names, the kernel's release, a capture that fills title,
text and steps, evidence, unexplained errors, a crash's panic. The twin has a letter for each byte of the payload. Compared are the
elements and attributes of HTML and JUnit, the shape of JSON, the samples of Prometheus, the blocks of Markdown, the sections of
the text. The same for the reports of many cases: a scan of machines whose directories and names hold the payload, beside one that is
torn and one that a worker died on, and a merge of what it wrote.
"""
import gzip
import json
import os
import re
import sys
import tempfile
import xml.etree.ElementTree as xml

from reportlib import Count, PLAIN, markdown_structure, needed, parser, reports, xmllint
from validate_reports import check_json, check_prometheus

PAYLOADS = {
    "every byte": bytes(range(1, 256)),
    "markup": b"</p><script>alert(1)</script><img src=x onerror=y><!--\"'><svg onload=z></style>",
    "markup without blanks": b"</code></pre></div></main>\"'><b>&lt;&amp;&#0;&nosuch;",
    "cdata": b"]]><failure type='x'/></testcase><!DOCTYPE a [<!ENTITY b 'c'>]>&b;<?php",
    "forbidden in xml": b"\x00\x01\x08\x0b\x0c\x1f\x7f\xef\xbf\xbe\xef\xbf\xbf\xed\xa0\x80&#27;",
    "terminal": b"\x1b[2J\x1b]0;owned\x07\x1b]8;;http://evil.example\x07\x9b31m\xc2\x9b2J\r\x08",
    "bidi": "\u202e\u2066\u2069\u200b\u200f\ufeff\u2028\U000e0041".encode(),
    "not utf-8": b"\xff\xfe\xc0\xaf\xf5\x80\x80\x80\xe2\x82",
    "formula": b"=cmd|'/c calc'!A1 +1 -1 @SUM(1) =1",
    "fence": b"``` ````` ~~~ ` `` |x| <!-- |---| **b** __b__ _e_ # h",
    "fence alone": b"`````````",
    "link": b"[x](http://evil.example) ![i](http://e) <http://e> https://evil.example www.evil.example @all #1 a@b.example",
    "reference": b"[a]: http://evil.example 'x' [^1]: x",
    "blocks": b"- a 1. b > c === --- *** $x$ \\ \\\\ \\` &#42; &copy;",
    "label": b"\"} 1\\n# TYPE lastwords_findings counter\\nx{a=\"",
    "json": b"\",\"x\":1}],{\"\\u0000\\ud800\\\"",
    "words of the text": b"FATAL  forged  What to do  1. do nothing",
}
RULES = """lastwords: 1
pack: made
rules:
- id: sys.made
  title: 'A made driver says ${what}'
  severity: fatal
  category: hardware
  match: {regex: 'madedrv 0000: gave up: (?<what>.*)'}
  diagnosis: '${what} is what it said.'
  remediation: ['${what}', 'Look for ${what} again.']
  tests:
  - match: 'madedrv 0000: gave up: x'
  - no_match: 'madedrv 0000: is ready'
"""


def journal(payload):
    """A journal's export as JSON, where a message may hold any byte."""
    def line(us, text, priority):
        return json.dumps({"_SOURCE_MONOTONIC_TIMESTAMP": str(us), "__MONOTONIC_TIMESTAMP": str(us), "__REALTIME_TIMESTAMP": str(
            1779257524000000 + us), "_BOOT_ID": "8c2f4be1d0a74e6f9b5a3c17e0d46f28", "_TRANSPORT": "kernel", "SYSLOG_IDENTIFIER": "kernel",
            "PRIORITY": str(priority), "MESSAGE": list(text)}).encode()
    return b"\n".join((line(1, b"Linux version 6.1.0-made (a@b) (gcc) #1 SMP", 5), line(2000000, b"made: in front " + payload, 6),
                       line(2100000, b"madedrv 0000: gave up: " + payload, 3), line(2200000, b"nobody knows this: " + payload, 3),
                       line(2300000, b"Kernel panic - not syncing: made " + payload, 0))) + b"\n"


def plain(payload):
    """The same as dmesg -r, one line each; on a console CR and BS write over what stands there."""
    one = re.sub(rb"[\n\r\b]", b" ", payload)
    return (b"<5>[    0.000000] Linux version 6.1.0-made (a@b) (gcc) #1 SMP\n<6>[    2.0] made: in front " + one +
            b"\n<3>[    2.100000] madedrv 0000: gave up: " + one + b"\n<3>[    2.200000] nobody knows this: " + one +
            b"\n<4>[    2.250000] CPU: 0 PID: 7 Comm: " + one + b" Not tainted 6.1.0-made #1"
            b"\n<0>[    2.300000] Kernel panic - not syncing: made " + one + b"\n")


def twin(payload):
    """A letter for each byte, so that lengths stay; blanks and lines stay, because they divide."""
    return re.sub(rb"[^ \n\r\b]", b"x", payload)


def settings(payload):
    name = b"".join(b"|%02X" % b for b in payload)
    return b'.encoding = "UTF-8"\nconfig.version = "8"\ndisplayName = "' + name + b'"\nmemsize = "384"\nguestOS = "other-64"\n'


def write_case(directory, payload, log):
    name = payload.replace(b"\0", b"0").replace(b"/", b"_").replace(b"\n", b"_")[:180]
    folder = os.path.join(os.fsencode(directory), b"vm " + name)
    os.mkdir(folder)
    words = []
    for base, content in ((b"vm.vmx", settings(payload)), (b"log " + name, log(payload))):
        with open(os.path.join(folder, base), "wb") as f:
            f.write(content)
        words.append(os.path.join(folder, base))
    return words


def write_lab(directory, payload, log):
    """Machines of a scan: two that have it in their directories and names, one that is torn, one whose worker dies."""
    lab = os.path.join(directory, "lab")
    os.mkdir(lab)
    if log is plain:  # a file that nobody named is no log when it holds NULs
        payload = payload.replace(b"\0", b"\1")
    for top in ("a", "b"):
        os.mkdir(os.path.join(lab, top))
        write_case(os.path.join(lab, top), payload, log)
    words = write_case(lab, b"torn " + payload, log)
    packed = gzip.compress(log(payload), compresslevel=0, mtime=0)  # as long as its twin
    with open(words[1] + b".gz", "wb") as f:
        f.write(packed[:len(packed) // 2])
    os.remove(words[1])
    dead = os.path.dirname(write_case(lab, b"dead " + payload, log)[0])
    return lab, dead


def outputs(program, rules, directory, payload, log):
    """By the name of a run: the reports of one case, of a scan, of the merge of the scan's lines."""
    one = reports(program, ["--rules", rules, *write_case(directory, payload, log)], directory, PLAIN)
    if log is plain and len(payload) != 255:  # every byte, and its twin; the others come in the journal
        return {"one case": one}
    lab, dead = write_lab(directory, payload, log)
    many = reports(program, ["scan", "--rules", rules, "-j", "2", "--run-time", "none", "--worker-fault", b"kill:" + os.fsencode(
        dead), lab], directory, PLAIN)
    lines = os.path.join(directory, "lab.ndjson")
    with open(lines, "wb") as f:
        f.write(many["ndjson"])
    merged = reports(program, ["merge", "--rules", rules, "--run-time", "none", lines], directory, PLAIN)
    return {"one case": one, "a scan": many, "a merge": merged}


def shape(value):
    if isinstance(value, dict):
        return {key: shape(v) for key, v in value.items()}
    if isinstance(value, list):
        return [shape(v) for v in value]
    return type(value).__name__


def elements(root):
    return [(e.tag if isinstance(e.tag, str) else "comment", sorted(e.attrib)) for e in root.iter()]


def structure(form, module, output):
    text = output.decode("utf-8")
    if form == "json":
        return shape(json.loads(text))
    if form == "ndjson":
        return [shape(json.loads(line)) for line in text.splitlines()]
    if form == "html":
        return elements(module.HTMLParser(strict=True).parse(text))
    if form == "junit":
        return elements(xml.fromstring(text))
    if form == "prometheus":
        return [(s.name, s.labels) for family in module.text_string_to_metric_families(text) for s in family.samples]
    if form == "markdown":
        return markdown_structure(text)
    return re.findall(r"^(?:[A-Z]{4,8}(?=  )|  What to do|  \d+\. |  It explains)", text, re.M)


def safe(output):
    """No control, no byte that is not UTF-8, nothing that reorders or hides."""
    return not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffe\uffff\U000e0000-\U000e0fff]",
                         output.decode("utf-8"))


def compare(count, what, form, module, top, pair):
    hostile, harmless = pair
    schema = os.path.join(top, "tests/schema/junit.xsd")
    try:
        if "--verbose" in sys.argv and structure(form, module, hostile) != structure(form, module, harmless):
            print(*(structure(form, module, x) for x in pair), sep="\n")
        same = structure(form, module, hostile) == structure(form, module, harmless)
        count.check(same, "%s: %s changes its structure" % (what, form))
        wrong = ""
        if form in ("json", "ndjson"):
            wrong = check_json(module, top, hostile, form == "ndjson")
        elif form == "prometheus":
            wrong = check_prometheus(module, hostile)
        elif form == "markdown" and len(hostile) >= 60000:
            wrong = "%d bytes" % len(hostile)
        count.check(not wrong, "%s: %s: %s" % (what, form, wrong))
    except Exception as e:  # whatever a parser raises is what we ask for
        count.check(False, "%s: %s: %s: %s" % (what, form, type(e).__name__, e))
    count.check(safe(hostile), "%s: %s shows what it should hide" % (what, form))
    if form == "junit":
        with tempfile.NamedTemporaryFile(suffix=".xml") as f:
            f.write(hostile)
            f.flush()
            wrong = xmllint(f.name, schema)
        count.check(not wrong, "%s: %s" % (what, wrong))


def main():
    program, top = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    count = Count("hostile_reports")
    with tempfile.TemporaryDirectory() as work:
        rules = os.path.join(work, "made.yaml")
        with open(rules, "w", encoding="utf-8") as f:
            f.write(RULES)
        os.chmod(rules, 0o644)
        for name, payload in PAYLOADS.items():
            for log in (journal, plain):
                found = []
                for bytes_ in (payload, twin(payload)):
                    with tempfile.TemporaryDirectory(dir=work) as directory:
                        found.append(outputs(program, rules, directory, bytes_, log))
                for run, hostile in found[0].items():
                    what = "%s in a %s, %s" % (name, log.__name__, run)
                    count.check(b"sys.made" in hostile.get("json", b""), "%s: the rule is found" % what)
                    for form in hostile:
                        module = parser(form)
                        if not module:
                            count.skip(needed(form))
                            continue
                        compare(count, what, form, module, top, (hostile[form], found[1][run][form]))
    return count.end()


if __name__ == "__main__":
    sys.exit(main())
