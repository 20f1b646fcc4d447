#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Wraps a kernel log as other writers would: wrap.py STYLE < dmesg > wrapped

Input lines are `[    1.234567] text` or `<4>[    1.234567] text`; a line without a stamp takes that of the line above. STYLE:
  vmware-ws12   vmware.log of Workstation 12 (grammar B2), the dump at the panic, with the host's lines around it
  vmware-esx8   vmware.log of ESXi 8 (grammar C2)
  short-monotonic, json, export, syslog, kmsg, raw
Stamps of the host are counted from a fixed day, so the same input gives the same output.
"""
import datetime
import json
import re
import sys

LINE = re.compile(rb"^(?:<(\d+)>)?(?:\[ *(\d+)\.(\d{6})\](\[ *[TC]\d+\])? ?)?(.*)$", re.S)
START = datetime.datetime(2026, 3, 14, 9, 26, 53)
BOOT_ID = "5d3b9f6c2f0e4c31a4f6d7a1b2c3d4e5"
MACHINE_ID = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"


def records(data):
    usec = 0
    for line in data.split(b"\n"):
        line = line.rstrip(b"\r")
        pri, sec, frac, caller, text = LINE.match(line).groups()
        if not line:
            continue
        if sec is not None:
            usec = int(sec) * 1000000 + int(frac)
        yield int(pri) if pri else 6, usec, text, caller or b""


def stamp(usec, caller):
    return b"[%5d.%06d]%s " % (usec // 1000000, usec % 1000000, caller)


def inner(pri, usec, text, caller=b""):
    return b"<%d>%s%s" % (pri, stamp(usec, caller), text)


def iso(at, zone):
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + "%03d" % (at.microsecond // 1000) + zone


def vmware(recs, out, zone, prefix, version):
    last = max((r[1] for r in recs), default=0)
    at = START
    host = lambda when, thread, text: out.write(
        prefix(iso(when, zone), thread).encode() + text.encode() + b"\n")
    host(at, "vmx", "Log for VMware %s option=Release" % version)
    host(at, "vmx", "The process is 64-bit.")
    host(at, "vmx", 'DICT              displayName = "wrapped"')
    host(at, "vmx", "PowerOn")
    host(at, "vcpu-0", "CPU reset: hard (mode Emulation)")
    at += datetime.timedelta(microseconds=last + 3000000)
    for i, (pri, usec, text, caller) in enumerate(recs):
        when = at + datetime.timedelta(microseconds=20 * i)
        out.write(prefix(iso(when, zone), "vcpu-0").encode() + b"Guest: " + inner(pri, usec, text, caller) + b"\n")


def journal(recs, out, one):
    """The journal drops the caller that printk put behind the stamp."""
    for i, (pri, usec, text, _) in enumerate(recs):
        one(out, i, pri, usec, text)


def as_json(out, i, pri, usec, text):
    try:
        message = text.decode()
    except UnicodeDecodeError:
        message = list(text)
    real = int(START.replace(tzinfo=datetime.timezone.utc).timestamp() * 1000000) + usec
    out.write(json.dumps({
        "_TRANSPORT": "kernel", "SYSLOG_IDENTIFIER": "kernel", "PRIORITY": str(pri & 7), "SYSLOG_FACILITY": str(pri >> 3),
        "_SOURCE_MONOTONIC_TIMESTAMP": str(usec), "__MONOTONIC_TIMESTAMP": str(usec + 700), "__REALTIME_TIMESTAMP": str(real),
        "_BOOT_ID": BOOT_ID, "_MACHINE_ID": MACHINE_ID, "_HOSTNAME": "lab", "MESSAGE": message}).encode() + b"\n")


def as_export(out, i, pri, usec, text):
    real = int(START.replace(tzinfo=datetime.timezone.utc).timestamp() * 1000000) + usec
    fields = [("__CURSOR", "s=0;i=%x" % i), ("__REALTIME_TIMESTAMP", real), ("__MONOTONIC_TIMESTAMP", usec + 700),
              ("_BOOT_ID", BOOT_ID), ("_TRANSPORT", "kernel"), ("_MACHINE_ID", MACHINE_ID), ("_HOSTNAME", "lab"),
              ("_SOURCE_MONOTONIC_TIMESTAMP", usec), ("SYSLOG_IDENTIFIER", "kernel"), ("SYSLOG_FACILITY", pri >> 3), ("PRIORITY", pri & 7)]
    for name, value in fields:
        out.write(("%s=%s\n" % (name, value)).encode())
    if all(32 <= c < 127 or c >= 160 for c in text):
        out.write(b"MESSAGE=" + text + b"\n\n")
    else:
        out.write(b"MESSAGE\n" + len(text).to_bytes(8, "little") + text + b"\n\n")


def short_monotonic(out, i, pri, usec, text):
    out.write(b"[%5d.%06d] lab kernel: %s\n" % (usec // 1000000, usec % 1000000, text))


def syslog(recs, out):
    for _, usec, text, caller in recs:
        at = START + datetime.timedelta(microseconds=usec)
        out.write(at.strftime("%b %d %H:%M:%S lab kernel: ").encode() + stamp(usec, caller) + text + b"\n")


def kmsg(out, i, pri, usec, text):
    esc = b"".join(b"\\x%02x" % c if c < 32 or c >= 127 or c == 92 else bytes([c]) for c in text)
    out.write(b"%d,%d,%d,-;%s\n" % (pri, i, usec, esc))


STYLES = {
    "vmware-ws12": lambda r, o: vmware(r, o, "-07:00", lambda ts, th: "%s| %s| I125: " % (ts, th),
                                       "Workstation pid=4242 version=12.5.7 build=build-5813279"),
    "vmware-esx8": lambda r, o: vmware(r, o, "Z", lambda ts, th: "%s In(05) %s - " % (ts, th),
                                       "ESX pid=2101234 version=8.0.2 build=build-22380479"),
    "short-monotonic": lambda r, o: journal(r, o, short_monotonic),
    "json": lambda r, o: journal(r, o, as_json),
    "export": lambda r, o: journal(r, o, as_export),
    "syslog": syslog,
    "kmsg": lambda r, o: journal(r, o, kmsg),
    "raw": lambda r, o: journal(r, o, lambda out, i, p, u, t: out.write(inner(p, u, t) + b"\n")),
}


def main():
    if len(sys.argv) != 2 or sys.argv[1] not in STYLES:
        sys.exit(__doc__)
    STYLES[sys.argv[1]](list(records(sys.stdin.buffer.read())), sys.stdout.buffer)


if __name__ == "__main__":
    main()
