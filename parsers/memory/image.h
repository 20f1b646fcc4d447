/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A guest's memory as the containers (vmss.c, elf.c, lime.c, raw.c) lay it out: which addresses
 * stand where in which file. Everything in it is a stranger's word: every range is clipped to its
 * file, and an address that no range holds is absent, not zero.
 */
#pragma once

#include "analyzer/core/vec.h"
#include "parsers/input.h"

#define IMAGE_PAGE 4096u

/* A stretch of memory in one of the files. */
struct segment {
    uint64_t start, size; /* physical addresses; virtual ones in a virtual image */
    uint64_t offset;      /* in the file */
    unsigned file;
    uint64_t mapped; /* where the kernel has `start` mapped, when the container tells; else 0 */
};

/*
 * A guest that is asked for its memory instead of a file. Both give how many bytes from `address`
 * on there are, at most `n`; what `read` gave once it gives again without asking.
 */
struct image_live {
    size_t (*read)(void *ctx, uint64_t address, void *buf, size_t n);
    size_t (*pass)(void *ctx, uint64_t address, void *buf, size_t n);
    void *ctx;
};

enum { IMAGE_INPUT, IMAGE_COMPANION, IMAGE_FILES };

struct image {
    struct arena *arena;
    struct stored files[IMAGE_FILES];
    struct segments {
        VEC(struct segment);
    } segments; /* after image_settle(): ascending, without overlap */
    struct roots {
        VEC(uint64_t);
    } cr3;                    /* of the virtual CPUs, where the container has them */
    struct str vmcoreinfo;    /* the note's text, or empty */
    const char *kind;         /* "checkpoint with its memory inside" */
    bool is_virtual;          /* addresses are the kernel's own */
    bool guessed;             /* where the memory lies is an assumption */
    uint64_t missing;         /* bytes that the container names and the file lacks */
    uint64_t overlapping;     /* bytes that two ranges claim, mapped in the same place */
    struct image_line *lines; /* cache */
    struct image_live live;   /* then segments tell only where to look for logs */
};

/* An empty image that reads `in`. False: out of memory. */
bool image_init(struct image *m, const struct stored *in, struct arena *arena, struct err *err);
void image_done(struct image *m);

/* Forgets what was read: addresses mean other places now. */
void image_forget(struct image *m);

/* Adds a range, clipped to its file and to the address space. */
void image_add(struct image *m, struct segment s);

/* Puts the segments in order; where two overlap the one that starts lower stays whole. */
void image_settle(struct image *m);

/* Adds a CPU's CR3, unless there are enough. */
void image_add_cr3(struct image *m, uint64_t cr3);

/* False unless all `n` bytes are there. */
bool image_read(struct image *m, uint64_t address, void *buf, size_t n);

/* How many bytes from `address` on are in one segment. */
uint64_t image_room(const struct image *m, uint64_t address);

/* Where in its file a byte of memory stands; 0: nowhere. */
uint64_t image_offset(const struct image *m, uint64_t address);

/* Bytes of memory in the image. */
uint64_t image_size(const struct image *m);

/* Do its pages hold what only a cipher makes? Reads a bounded number of them. */
bool image_looks_encrypted(struct image *m);

/* Little-endian words out of bytes. */
uint16_t le16(const void *p);
uint32_t le32(const void *p);
uint64_t le64(const void *p);

/*
 * The containers. Each fills an image_init()ed image; false and *err when it is not what it seemed.
 * `beside` is the other half, or NULL.
 */
bool vmss_open(struct image *m, const struct stored *beside, struct err *err);
bool elf_open(struct image *m, const struct stored *beside, struct err *err);
bool lime_open(struct image *m, const struct stored *beside, struct err *err);
bool raw_open(struct image *m, const struct stored *beside, struct err *err);

/* The checkpoint in `checkpoint`, of which the memory lies in file `memory` when it has none. */
bool vmss_lay_out(struct image *m, const struct stored *checkpoint, unsigned memory,
                  struct err *err);

/* Does the file begin with a checkpoint's magic? */
bool vmss_is_checkpoint(const struct stored *s);

/* Where VMware puts `size` bytes of memory when nothing says so: a hole from `low` to 4 GiB. */
void raw_lay_out(struct image *m, unsigned file, uint64_t offset, uint64_t size, uint64_t low);
