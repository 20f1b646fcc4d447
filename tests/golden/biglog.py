# SPDX-License-Identifier: Apache-2.0
"""Large logs for tests: a sample with so much ordinary text in it that only wanted lines are parsed."""
import os
import re

BYTES = 9 << 20


def spread(lines, at, filler):
    """`lines` with filler(i) between lines at-1 and at, BYTES of it."""
    out, size, i = list(lines[:at]), 0, 0
    while size < BYTES:
        line = filler(i)
        size += len(line) + 1
        out.append(line)
        i += 1
    return out + list(lines[at:])


def vmware(lines):
    """Host lines of the minutes between power-on and the guest's dump."""
    at = next(i for i, line in enumerate(lines) if b" Guest: <" in line)

    def filler(i):
        second = 20 + i // 400  # 10:27:20 and later; the dump is at 10:32
        return (b"2026-06-11T10:%02d:%02d.%03dZ In(05) vmx - GuestInfo: collected %d values of class %d, all as they were before, nothing sent"
                % (27 + second // 60, second % 60, i % 400, 17 + i % 13, i % 7))
    return spread(lines, at, filler)


def kernel(lines):
    """Kernel lines between the boot and what happened, all with the stamp of the line above."""
    at = next(i for i, line in enumerate(lines) if b"invoked oom-killer" in line)
    prefix = b"kern  :info  : " + re.search(rb"\[ *\d+\.\d+\] ", lines[at - 1])[0]

    def filler(i):
        return prefix + b"lab0: packet %d of queue %d passed on, length %d, in order, no retries so far" % (i, i % 4, 60 + i % 1400)
    return spread(lines, at, filler)


CASES = (("samples/esxi8-oops-panic/vmware.log", vmware, "vmware.log"), ("samples/oom-kill/dmesg-x.txt", kernel, "dmesg.txt"))


def make(build):
    """Writes them into `build`/golden; (sample, large log) pairs."""
    os.makedirs(os.path.join(build, "golden"), exist_ok=True)
    for source, wrap, name in CASES:
        big = os.path.join(build, "golden", name)
        with open(source, "rb") as f:
            lines = f.read().split(b"\n")
        with open(big, "wb") as f:
            f.write(b"\n".join(wrap(lines)))
        yield source, big
