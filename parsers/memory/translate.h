/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel's addresses in an image: a space says how a virtual address becomes a place in it. The
 * decoders of the logs read through a space and know nothing else of memory.
 */
#pragma once

#include "parsers/memory/image.h"

enum space_kind {
    SPACE_SHIFTED, /* place = address + shift: virtual images, and arrays found by their shape */
    SPACE_X86,     /* the kernel's image at phys_base, the rest by its page tables */
    SPACE_ARM64,   /* the kernel's image and the linear map, each at an offset of its own */
};

struct space {
    struct image *image;
    enum space_kind kind;
    uint64_t shift;      /* SHIFTED */
    uint64_t phys_base;  /* X86 */
    uint64_t image_size; /* X86: of the window that the kernel's image lies in */
    uint64_t root;       /* X86: place of the top page table; SPACE_NO_ROOT: none */
    bool five_levels;
    uint64_t sme_mask;
    uint64_t image_offset; /* ARM64: kimage_voffset */
    uint64_t page_offset;  /* ARM64: the linear map's first address, */
    uint64_t linear_size;  /* its size, */
    uint64_t phys_offset;  /* and the place it begins at */
};

#define SPACE_NO_ROOT UINT64_MAX
#define X86_KERNEL_MAP 0xffffffff80000000u /* __START_KERNEL_map */

struct space space_shifted(struct image *image, uint64_t shift);

/* What a VMCOREINFO says; it must outlive nothing. */
struct space space_of_kernel(struct image *image, struct str vmcoreinfo);

/* Walks x86-64 page tables from `root`: at most five reads. False: not mapped, or not there. */
bool space_walk(const struct space *s, uint64_t root, uint64_t address, uint64_t *place);

/* Where `address` is; false: it is mapped nowhere. The place need not be in the image. */
bool space_place(const struct space *s, uint64_t address, uint64_t *place);

/* False unless all `n` bytes are there. */
bool space_read(const struct space *s, uint64_t address, void *buf, size_t n);
bool space_read_u64(const struct space *s, uint64_t address, uint64_t *value);
bool space_read_u32(const struct space *s, uint64_t address, uint32_t *value);

/* Does a virtual CPU's page table map `address` to `place`? */
enum mapped { MAPPED_UNKNOWN, MAPPED_NO, MAPPED_YES };
enum mapped image_maps(struct image *m, uint64_t address, uint64_t place);

/* The place that some CPU maps `address` to; false: no CPU does, or none is known. */
bool image_translate(struct image *m, uint64_t address, uint64_t *place);
