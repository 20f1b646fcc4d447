#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Make a small memory image whose ring buffer (5.10 or later) holds a kernel log.

  make-memory-image.py LOG OUT [--text-ring 40|48] [--info-bytes 88|112] [--vmcoreinfo]

LOG has lines `<N>[secs.micros] text`. OUT's suffix says which container: .vmem, .vmss, .vmsn (with
OUT.vmem beside it), .elf, .lime. The kernel's image is mapped 4 MiB above its physical address, so
nothing but the ids of the records tells where the arrays are.
"""
import argparse
import re
import struct

KERNEL_MAP, PHYS_BASE = 0xffffffff80000000, 0x0
STRUCT, ROOT, INFO, UTS = 0x3000, 0x4000, 0x1000, 0x2000


def page_up(n):
    return (n + 4095) & ~4095


def make_memory(lines, text_ring, info_bytes, with_info):
    bits = max(5, (len(lines) - 1).bit_length())
    while 32 << bits < sum(16 + len(t) for _, _, t in lines):
        bits += 1
    count = 1 << bits
    size, first_id = count * 32, (1 << 32) - count
    descs = 0x8000
    infos = page_up(descs + 24 * count)
    data = page_up(infos + info_bytes * count)
    m = bytearray(page_up(data + size))
    va = lambda place: KERNEL_MAP + place - PHYS_BASE
    lpos = -size
    for i, (pri, us, text) in enumerate(lines):
        ident = first_id + i
        slot = ident % count
        begin, lpos = lpos, lpos + ((8 + len(text) + 7) & ~7)
        struct.pack_into('<QQQ', m, descs + 24 * slot, 2 << 62 | ident, begin % 2**64, lpos % 2**64)
        struct.pack_into('<QQHBBI', m, infos + info_bytes * slot, i, us * 1000, len(text), pri >> 3,
                         (pri & 7) << 5 | 2, 0x80000000)
        at = data + begin % size
        struct.pack_into('<Q', m, at, ident)
        m[at + 8:at + 8 + len(text)] = text
    last = first_id + len(lines) - 1
    struct.pack_into('<IIQQQQ', m, STRUCT, bits, 0, va(descs), va(infos), last, first_id)
    struct.pack_into('<IIQQQ', m, STRUCT + text_ring, bits + 5, 0, va(data), lpos % 2**64, -size % 2**64)
    if with_info:
        text = (f'OSRELEASE=6.1.0-made\nPAGESIZE=4096\nSYMBOL(init_uts_ns)={va(UTS):x}\n'
                f'NUMBER(phys_base)={PHYS_BASE}\nSYMBOL(prb)={va(STRUCT - 8):x}\nSIZE(printk_info)={info_bytes}\n'
                f'OFFSET(printk_ringbuffer.text_data_ring)={text_ring}\n').encode()
        m[INFO:INFO + len(text)] = text
        m[UTS + 134:UTS + 146] = b'6.1.0-made\0\0'
        struct.pack_into('<Q', m, STRUCT - 8, va(STRUCT))
    for level, shift in enumerate((39, 30, 21)):
        to = 0x83 if shift == 21 else ROOT + 4096 * (level + 1) | 3
        struct.pack_into('<Q', m, ROOT + 4096 * level + (KERNEL_MAP >> shift & 511) * 8, to)
    return bytes(m)


def tag(name, indices, value, size):
    return (struct.pack('<H', len(name) << 8 | len(indices) << 6 | size) + name.encode() +
            b''.join(struct.pack('<i', i) for i in indices) + value)


def word(name, indices, value, size):
    return tag(name, indices, value.to_bytes(size, 'little'), size)


def make_checkpoint(m, inside):
    cpu = word('cpu:numVCPUs', (), 1, 4) + word('CR64', (0, 3), ROOT, 8) + b'\0\0'
    memory = b''.join(word(name, index, value, 4) for name, index, value in (
        ('regionsCount', (), 1), ('regionPageNum', (0,), 0), ('regionPPN', (0,), 0),
        ('regionSize', (0,), len(m) // 4096)))
    if inside:
        memory += tag('Memory', (), struct.pack('<QQH', len(m), len(m), 0) + m, 63)
    at = 12 + 2 * 80
    return (struct.pack('<III', 0xbed2bed2, 8, 2) + struct.pack('<64sQQ', b'cpu', at, len(cpu)) +
            struct.pack('<64sQQ', b'memory', at + len(cpu), len(memory)) + cpu + memory + b'\0\0')


def make_core(m):
    desc = bytearray(440)
    struct.pack_into('<Q', desc, 416, ROOT)
    note = struct.pack('<III', 5, len(desc), 0) + b'QEMU\0\0\0\0' + bytes(desc)
    at = 64 + 2 * 56
    return (b'\x7fELF\2\1\1' + bytes(9) + struct.pack('<HHIQQQIHHHHHH', 4, 62, 1, 0, 64, 0, 0, 64, 56, 2, 0, 0, 0) +
            struct.pack('<IIQQQQQQ', 4, 0, at, 0, 0, len(note), len(note), 0) +
            struct.pack('<IIQQQQQQ', 1, 7, at + len(note), 0, 0, len(m), len(m), 0) + note + m)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument('log')
    ap.add_argument('out')
    ap.add_argument('--text-ring', type=int, default=48)
    ap.add_argument('--info-bytes', type=int, default=88)
    ap.add_argument('--vmcoreinfo', action='store_true')
    a = ap.parse_args()
    lines = []
    for line in open(a.log, 'rb').read().splitlines():
        x = re.fullmatch(rb'<(\d+)>\[ *(\d+)\.(\d{6})\] (.*)', line)
        if x:
            lines.append((int(x[1]), int(x[2]) * 1000000 + int(x[3]), x[4]))
    m = make_memory(lines, a.text_ring, a.info_bytes, a.vmcoreinfo)
    kind = a.out.rsplit('.', 1)[-1]
    whole = {'vmem': lambda: m, 'vmss': lambda: make_checkpoint(m, True),
             'vmsn': lambda: make_checkpoint(m, False), 'elf': lambda: make_core(m),
             'lime': lambda: struct.pack('<IIQQQ', 0x4c694d45, 1, 0, len(m) - 1, 0) + m}[kind]()
    if kind == 'vmsn':
        open(a.out[:-5] + '.vmem', 'wb').write(m)
    open(a.out, 'wb').write(whole)


main()
