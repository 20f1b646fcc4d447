/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Guest memory made for tests: a kernel's log in each of its formats, VMCOREINFO, page tables, and
 * the containers around them. Physical address = offset; the kernel's image is mapped so that
 * virtual = MADE_MAP + physical - MADE_PHYS_BASE.
 */
#pragma once

#include "parsers/memory/translate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MADE_PHYS_BASE 0x400000u
#define MADE_BYTES 0x800000u /* 8 MiB */
#define MADE_RELEASE "6.1.0-made"

struct made {
    unsigned char *p;
    size_t n;
};

static inline struct made made_new(size_t n)
{
    return (struct made){ calloc(1, n), n };
}

static inline void made_free(struct made *m)
{
    free(m->p);
}

static inline void made_put(unsigned char *p, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        p[i] = (unsigned char)(value >> 8 * i);
}

static inline struct str made_str(const struct made *m)
{
    return (struct str){ .p = (const char *)m->p, .n = m->n };
}

/* The kernel's address of a physical one. */
static inline uint64_t made_va(uint64_t place)
{
    return X86_KERNEL_MAP + place - MADE_PHYS_BASE;
}

/* A descriptor ring of 5.10 and later. */
struct made_ring {
    uint64_t place; /* of the struct */
    uint64_t descs, infos, data;
    unsigned count_bits;
    unsigned text_ring;  /* 40 or 48 */
    unsigned info_bytes; /* 88 or 112 */
    uint64_t first_id;   /* of the record with number 0 */
    uint64_t move;       /* added to the addresses of the arrays */
    uint64_t n;          /* records so far */
    uint64_t lpos;
};

/* Arrays behind the struct, a page apart. */
static inline struct made_ring made_ring_at(uint64_t place, unsigned count_bits)
{
    uint64_t count = (uint64_t)1 << count_bits;
    struct made_ring r = { .place = place,
                           .count_bits = count_bits,
                           .text_ring = 48,
                           .info_bytes = 88,
                           .first_id = ((uint64_t)1 << 32) - count };

    r.lpos = 0 - (count << 5);
    r.descs = (place + 4096) & ~(uint64_t)4095;
    r.infos = (r.descs + 24 * count + 4096) & ~(uint64_t)4095;
    r.data = (r.infos + 112 * count + 4096) & ~(uint64_t)4095;
    return r;
}

/* Writes the struct's words as they stand now. */
static inline void made_ring_head(struct made *m, const struct made_ring *r)
{
    uint64_t count = (uint64_t)1 << r->count_bits, size = count << 5;
    uint64_t last = r->n ? r->n - 1 : 0, first = r->n > count ? r->n - count : 0;
    unsigned char *p = m->p + r->place, *text = p + r->text_ring;

    made_put(p, r->count_bits, 4);
    made_put(p + 8, made_va(r->descs) + r->move, 8);
    made_put(p + 16, made_va(r->infos) + r->move, 8);
    made_put(p + 24, r->first_id + last, 8);
    made_put(p + 32, r->first_id + first, 8);
    made_put(text, r->count_bits + 5, 4);
    made_put(text + 8, made_va(r->data) + r->move, 8);
    made_put(text + 16, r->lpos, 8);
    made_put(text + 24, r->lpos > size ? r->lpos - size : 0 - size, 8);
}

/* Room for `n` bytes of text: where the block begins and ends, as the kernel reserves it. */
static inline void made_block(struct made_ring *r, size_t n, uint64_t *begin, uint64_t *next)
{
    uint64_t size = (uint64_t)32 << r->count_bits, bytes = (8 + n + 7) & ~(uint64_t)7;

    *begin = r->lpos;
    *next = r->lpos + bytes;
    if (*begin / size != (*next - 1) / size) /* it does not fit: all of it goes to the beginning */
        *next = *next / size * size + bytes;
    r->lpos = *next;
}

/* Appends a record: level 6, kern, stamps 1 ms apart. Returns its slot. */
static inline uint64_t made_ring_add(struct made *m, struct made_ring *r, const char *line)
{
    uint64_t count = (uint64_t)1 << r->count_bits, size = count << 5, id = r->first_id + r->n;
    uint64_t slot = id & (count - 1), begin, next, at;
    unsigned char *desc = m->p + r->descs + 24 * slot;
    unsigned char *info = m->p + r->infos + r->info_bytes * slot;

    made_block(r, strlen(line), &begin, &next);
    at = begin / size == (next - 1) / size ? begin % size : 0;
    made_put(desc, (uint64_t)2 << 62 | id, 8);
    made_put(desc + 8, begin, 8);
    made_put(desc + 16, next, 8);
    made_put(info, r->n, 8);
    made_put(info + 8, r->n * 1000000 + 5000, 8);
    made_put(info + 16, strlen(line), 2);
    made_put(info + 18, 0, 1);
    made_put(info + 19, 6u << 5 | 2, 1);
    made_put(info + 20, 0x80000001u, 4);
    made_put(m->p + r->data + at, id, 8);
    memcpy(m->p + r->data + at + 8, line, strlen(line));
    r->n++;
    return slot;
}

/* A banner and `n` - 1 lines "line K of NAME". */
static inline void made_ring_fill(struct made *m, struct made_ring *r, const char *name, unsigned n)
{
    char line[96];

    made_ring_add(m, r, "Linux version " MADE_RELEASE " (made for tests)");
    for (unsigned i = 1; i < n; i++) {
        snprintf(line, sizeof line, "line %u of %s", i, name);
        made_ring_add(m, r, line);
    }
    made_ring_head(m, r);
}

/* VMCOREINFO at `place`, init_uts_ns with the release at `uts`; `more` are further lines. */
static inline void made_info(struct made *m, uint64_t place, uint64_t uts, const char *more)
{
    int n = snprintf((char *)m->p + place, 4096,
                     "OSRELEASE=" MADE_RELEASE "\nPAGESIZE=4096\nSYMBOL(init_uts_ns)=%llx\n"
                     "NUMBER(phys_base)=%d\n%s",
                     (unsigned long long)made_va(uts), (int)MADE_PHYS_BASE, more);

    m->p[place + (size_t)n] = 0;
    memcpy(m->p + uts + 134, MADE_RELEASE, sizeof MADE_RELEASE);
}

/* The same for a ring: `pointer` is where prb stands. */
static inline void made_info_ring(struct made *m, uint64_t place, uint64_t uts, uint64_t pointer,
                                  const struct made_ring *r)
{
    char more[200];

    snprintf(more, sizeof more,
             "SYMBOL(prb)=%llx\nOFFSET(printk_ringbuffer.text_data_ring)=%u\n"
             "SIZE(printk_info)=%u\n",
             (unsigned long long)made_va(pointer), r->text_ring, r->info_bytes);
    made_info(m, place, uts, more);
    made_put(m->p + pointer, made_va(r->place), 8);
}

/* A 2 MiB page at `va` for the 2 MiB at `place`: three tables from `root` on, 4 KiB each. */
static inline void made_map(struct made *m, uint64_t root, uint64_t va, uint64_t place)
{
    made_put(m->p + root + (va >> 39 & 511) * 8, (root + 4096) | 3, 8);
    made_put(m->p + root + 4096 + (va >> 30 & 511) * 8, (root + 8192) | 3, 8);
    made_put(m->p + root + 8192 + (va >> 21 & 511) * 8, (place & ~(uint64_t)0x1fffff) | 0x83, 8);
}

/* Containers: `out` is made anew. */
static inline void made_append(struct made *out, const void *p, size_t n)
{
    out->p = realloc(out->p, out->n + n);
    memcpy(out->p + out->n, p, n);
    out->n += n;
}

static inline void made_word(struct made *out, uint64_t value, size_t bytes)
{
    unsigned char word[8];

    made_put(word, value, bytes);
    made_append(out, word, bytes);
}

/* A tag of a checkpoint with its value; indices below 0 are left out. */
static inline void made_tag(struct made *out, const char *name, int i, int k, uint64_t value,
                            unsigned bytes)
{
    unsigned n_index = (unsigned)(i >= 0) + (unsigned)(k >= 0);

    made_word(out, strlen(name) << 8 | (uint64_t)n_index << 6 | bytes, 2);
    made_append(out, name, strlen(name));
    if (i >= 0)
        made_word(out, (uint32_t)i, 4);
    if (k >= 0)
        made_word(out, (uint32_t)k, 4);
    made_word(out, value, bytes);
}

static inline void made_tag_block(struct made *out, const char *name, const void *p, size_t n)
{
    made_word(out, strlen(name) << 8 | 63, 2);
    made_append(out, name, strlen(name));
    made_word(out, n, 8);
    made_word(out, n, 8);
    made_word(out, 5, 2);
    made_append(out, "pad..", 5);
    made_append(out, p, n);
}

static inline void made_group(struct made *out, const char *name, uint64_t position, uint64_t size)
{
    char padded[64] = { 0 };

    memcpy(padded, name, strlen(name));
    made_append(out, padded, sizeof padded);
    made_word(out, position, 8);
    made_word(out, size, 8);
}

/* A checkpoint of one region, with the memory inside or not, and one virtual CPU. */
static inline struct made made_vmss(const struct made *mem, bool inside, uint64_t cr3)
{
    struct made cpu = { 0 }, memory = { 0 }, out = { 0 };

    made_tag(&cpu, "cpu:numVCPUs", -1, -1, 1, 4);
    made_tag(&cpu, "rip", 0, -1, 0x1234, 8);
    made_tag(&cpu, "CR64", 0, 3, cr3, 8);
    made_word(&cpu, 0, 2);
    made_tag(&memory, "align_mask", 0, -1, 0xffff, 4);
    made_tag(&memory, "regionsCount", -1, -1, 1, 4);
    made_tag(&memory, "regionPageNum", 0, -1, 0, 4);
    made_tag(&memory, "regionPPN", 0, -1, 0, 4);
    made_tag(&memory, "regionSize", 0, -1, mem->n / 4096, 4);
    if (inside)
        made_tag_block(&memory, "Memory", mem->p, mem->n);
    made_word(&memory, 0, 2);
    made_word(&out, 0xbed2bed2, 4);
    made_word(&out, 8, 4);
    made_word(&out, 3, 4);
    made_group(&out, "Checkpoint", 0, 0);
    made_group(&out, "cpu", 12 + 3 * 80, cpu.n);
    made_group(&out, "memory", 12 + 3 * 80 + cpu.n, memory.n);
    made_append(&out, cpu.p, cpu.n);
    made_append(&out, memory.p, memory.n);
    made_free(&cpu);
    made_free(&memory);
    return out;
}

struct made_load {
    uint32_t type;
    uint64_t offset, va, pa, size;
};

/* The header and program headers of a core; what they name is to be appended. */
static inline struct made made_elf(const struct made_load *loads, unsigned n)
{
    struct made out = { 0 };

    made_append(&out, "\177ELF\2\1\1\0\0\0\0\0\0\0\0\0", 16);
    made_word(&out, 4, 2);
    made_word(&out, 62, 2);
    made_word(&out, 1, 4);
    made_word(&out, 0, 8);
    made_word(&out, 64, 8);
    made_word(&out, 0, 8);
    made_word(&out, 0, 4);
    made_word(&out, 64, 2);
    made_word(&out, 56, 2);
    made_word(&out, n, 2);
    made_word(&out, 0, 6);
    for (unsigned i = 0; i < n; i++) {
        made_word(&out, loads[i].type, 4);
        made_word(&out, 7, 4);
        made_word(&out, loads[i].offset, 8);
        made_word(&out, loads[i].va, 8);
        made_word(&out, loads[i].pa, 8);
        made_word(&out, loads[i].size, 8);
        made_word(&out, loads[i].size, 8);
        made_word(&out, 0, 8);
    }
    return out;
}

/* One range of LiME. */
static inline void made_lime(struct made *out, const struct made *mem, uint64_t from, uint64_t n)
{
    made_word(out, 0x4c694d45, 4);
    made_word(out, 1, 4);
    made_word(out, from, 8);
    made_word(out, from + n - 1, 8);
    made_word(out, 0, 8);
    made_append(out, mem->p + from, n);
}

/* The memory as an image, mapped one to one. */
struct made_image {
    struct image image;
    struct arena arena;
};

static inline void made_image_open(struct made_image *i, const struct made *m)
{
    struct stored stored = { .fd = -1, .memory = made_str(m), .size_bytes = m->n };

    *i = (struct made_image){ 0 };
    image_init(&i->image, &stored, &i->arena, NULL);
    image_add(&i->image, (struct segment){ .size = m->n });
    image_settle(&i->image);
}

static inline void made_image_close(struct made_image *i)
{
    image_done(&i->image);
    arena_done(&i->arena);
}
