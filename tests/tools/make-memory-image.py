#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Make a small memory image whose ring buffer (5.10 or later) holds a kernel log.

  make-memory-image.py LOG OUT [--text-ring 40|48] [--info-bytes 88|112] [--vmcoreinfo] [--old]

LOG has lines `<N>[secs.micros] text`. OUT's suffix says which container: .vmem, .vmss, .vmsn and .guest (with
OUT.vmem beside it), .elf (QEMU's), .flat (addresses are virtual), .kdump (what /proc/vmcore is), .lime. Nothing but
the ids of the records tells where the arrays are. --old: the records of kernels 3.5 to 5.9 instead of a ring.
"""
import argparse
import re
import struct

KERNEL_MAP, PHYS_BASE = 0xffffffff80000000, 0x0
DIRECT_MAP = 0xffff888000000000
STRUCT, ROOT, INFO, UTS = 0x3000, 0x4000, 0x1000, 0x2000


def page_up(n):
    return (n + 4095) & ~4095


def va(place):
    return KERNEL_MAP + place - PHYS_BASE


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
        put_info(m, RING_INFO.format(prb=va(STRUCT - 8), info_bytes=info_bytes, text_ring=text_ring,
                                     ring_bytes=text_ring + 40))
        struct.pack_into('<Q', m, STRUCT - 8, va(STRUCT))
    put_page_tables(m)
    return m


def make_old_memory(lines, with_info):
    records = b''
    for pri, us, text in lines:
        n = (16 + len(text) + 3) & ~3
        records += struct.pack('<QHHHBB', us * 1000, n, len(text), 0, pri >> 3, (pri & 7) << 5 | 6) + text.ljust(n - 16, b'\0')
    buf, size = 0x8000, max(4096, 1 << (len(records) + 16).bit_length())
    m = bytearray(buf + size)
    m[buf:buf + len(records)] = records
    if with_info:
        put_info(m, OLD_INFO.format(buf=va(STRUCT), len=va(STRUCT + 8), first=va(STRUCT + 12), next=va(STRUCT + 16)))
        struct.pack_into('<QIII', m, STRUCT, va(buf), size, 0, len(records))
    put_page_tables(m)
    return m


# What vmcore-dmesg and makedumpfile want to know stands in it, too.
COMMON_INFO = """OSRELEASE={release}
PAGESIZE=4096
SYMBOL(init_uts_ns)={uts:x}
OFFSET(uts_namespace.name)=4
SYMBOL(_stext)={stext:x}
SYMBOL(init_level4_pgt)={root:x}
SYMBOL(swapper_pg_dir)={root:x}
NUMBER(phys_base)={phys_base}
NUMBER(pgtable_l5_enabled)=0
NUMBER(KERNEL_IMAGE_SIZE)=1073741824
SYMBOL(mem_map)={uts:x}
SIZE(page)=64
OFFSET(page.flags)=0
OFFSET(page.mapping)=24
OFFSET(page._refcount)=52
OFFSET(page.lru)=8
"""
RING_INFO = """SYMBOL(prb)={prb:x}
SIZE(printk_ringbuffer)={ring_bytes}
OFFSET(printk_ringbuffer.desc_ring)=0
OFFSET(printk_ringbuffer.text_data_ring)={text_ring}
OFFSET(printk_ringbuffer.fail)={ring_bytes}
SIZE(prb_desc_ring)=40
OFFSET(prb_desc_ring.count_bits)=0
OFFSET(prb_desc_ring.descs)=8
OFFSET(prb_desc_ring.infos)=16
OFFSET(prb_desc_ring.head_id)=24
OFFSET(prb_desc_ring.tail_id)=32
SIZE(prb_desc)=24
OFFSET(prb_desc.state_var)=0
OFFSET(prb_desc.text_blk_lpos)=8
SIZE(prb_data_blk_lpos)=16
OFFSET(prb_data_blk_lpos.begin)=0
OFFSET(prb_data_blk_lpos.next)=8
SIZE(printk_info)={info_bytes}
OFFSET(printk_info.seq)=0
OFFSET(printk_info.ts_nsec)=8
OFFSET(printk_info.text_len)=16
OFFSET(printk_info.caller_id)=20
OFFSET(printk_info.dev_info)=24
SIZE(prb_data_ring)=32
OFFSET(prb_data_ring.size_bits)=0
OFFSET(prb_data_ring.data)=8
OFFSET(prb_data_ring.head_lpos)=16
OFFSET(prb_data_ring.tail_lpos)=24
SIZE(atomic_long_t)=8
OFFSET(atomic_long_t.counter)=0
"""
OLD_INFO = """SYMBOL(log_buf)={buf:x}
SYMBOL(log_buf_len)={len:x}
SYMBOL(log_first_idx)={first:x}
SYMBOL(log_next_idx)={next:x}
SIZE(printk_log)=16
OFFSET(printk_log.ts_nsec)=0
OFFSET(printk_log.len)=8
OFFSET(printk_log.text_len)=10
OFFSET(printk_log.dict_len)=12
"""


def put_info(m, of_log):
    release = '6.1.0-made' if 'prb' in of_log else '5.4.0-made'
    text = (COMMON_INFO.format(release=release, uts=va(UTS), stext=va(0), root=va(ROOT), phys_base=PHYS_BASE) + of_log).encode()
    m[INFO:INFO + len(text)] = text
    for field, word in enumerate((b'Linux', b'made', release.encode(), b'#1', b'x86_64')):
        m[UTS + 4 + 65 * field:UTS + 4 + 65 * field + len(word)] = word


def put_page_tables(m):
    for level, shift in enumerate((39, 30)):
        struct.pack_into('<Q', m, ROOT + 4096 * level + (KERNEL_MAP >> shift & 511) * 8, ROOT + 4096 * (level + 1) | 3)
    for i in range((len(m) >> 21) + 1):
        struct.pack_into('<Q', m, ROOT + 2 * 4096 + i * 8, i << 21 | 0x83)


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


def make_note(name, kind, desc):
    return (struct.pack('<III', len(name) + 1, len(desc), kind) + name.ljust((len(name) + 4) & ~3, b'\0') +
            desc.ljust((len(desc) + 3) & ~3, b'\0'))


def make_core(notes, loads):
    """loads: virtual address, physical address, bytes."""
    at = page_up(64 + (1 + len(loads)) * 56 + len(notes))
    headers = struct.pack('<IIQQQQQQ', 4, 0, 64 + (1 + len(loads)) * 56, 0, 0, len(notes), len(notes), 0)
    for virtual, physical, data in loads:
        headers += struct.pack('<IIQQQQQQ', 1, 7, at, virtual, physical, len(data), len(data), 0)
        at += len(data)
    head = (b'\x7fELF\2\1\1' + bytes(9) +
            struct.pack('<HHIQQQIHHHHHH', 4, 62, 1, 0, 64, 0, 0, 64, 56, 1 + len(loads), 0, 0, 0) + headers + notes)
    return head.ljust(page_up(len(head)), b'\0') + b''.join(data for _, _, data in loads)


def make_qemu_core(m):
    desc = bytearray(440)
    struct.pack_into('<Q', desc, 416, ROOT)
    return make_core(make_note(b'QEMU', 0, bytes(desc)), [(0, 0, m)])


def make_flat_core(m):
    return make_core(make_note(b'CORE', 1, bytes(336)), [(va(0), 0, m[:0x8000]), (va(0x8000), 0, m[0x8000:])])


def make_kdump_core(m):
    info = m[INFO:m.index(b'\0', INFO)]
    return make_core(make_note(b'CORE', 1, bytes(336)) + make_note(b'VMCOREINFO', 0, info),
                     [(va(0), PHYS_BASE, m), (DIRECT_MAP, 0, m)])


def make_debug_guest(m):
    """ESXi's debug.guest, version 5: one vCPU, no hole."""
    return struct.pack('<II', 5, 1) + bytes(14) + struct.pack('<QQII', len(m) - 1, len(m) // 4096, 0, 0) + bytes(64)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument('log')
    ap.add_argument('out')
    ap.add_argument('--text-ring', type=int, default=48)
    ap.add_argument('--info-bytes', type=int, default=88)
    ap.add_argument('--vmcoreinfo', action='store_true')
    ap.add_argument('--old', action='store_true')
    a = ap.parse_args()
    lines = []
    for line in open(a.log, 'rb').read().splitlines():
        x = re.fullmatch(rb'<(\d+)>\[ *(\d+)\.(\d{6})\] (.*)', line)
        if x:
            lines.append((int(x[1]), int(x[2]) * 1000000 + int(x[3]), x[4]))
    kind = a.out.rsplit('.', 1)[-1]
    with_info = a.vmcoreinfo or kind == 'kdump'
    m = bytes(make_old_memory(lines, with_info) if a.old else make_memory(lines, a.text_ring, a.info_bytes, with_info))
    whole = {'vmem': lambda: m, 'vmss': lambda: make_checkpoint(m, True),
             'vmsn': lambda: make_checkpoint(m, False), 'guest': lambda: make_debug_guest(m),
             'elf': lambda: make_qemu_core(m), 'flat': lambda: make_flat_core(m), 'kdump': lambda: make_kdump_core(m),
             'lime': lambda: struct.pack('<IIQQQ', 0x4c694d45, 1, 0, len(m) - 1, 0) + m}[kind]()
    if kind in ('vmsn', 'guest'):
        open(a.out[:-len(kind)] + 'vmem', 'wb').write(m)
    open(a.out, 'wb').write(whole)


main()
