/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Source lines of kernel functions: from "ext4_iget+0x1a/0x2c0 [ext4]" and the vmlinux, module or
 * debuginfo file of the same build to fs/ext4/inode.c:123 and what was inlined there.
 *
 * Functions are found by name and size, so no load address is needed. The kernel prints the
 * distance to the next symbol as size; a file where it differs is of another build.
 */
#pragma once

#include "analyzer/core/err.h"
#include "analyzer/core/vec.h"

struct source_place {
    struct str function, file; /* "fs/ext4/inode.c", without the folder of the build */
    uint32_t line;
};

/* Innermost first; the last is the function of the frame itself. */
struct source_places {
    VEC(struct source_place);
};

struct symbol_spot {
    struct str function, module; /* no module: the kernel itself */
    uint64_t offset, size;
    bool is_return; /* the instruction behind a call; the call is meant */
};

enum symbol_answer {
    SYMBOL_FITS,
    SYMBOL_ELSEWHERE, /* the file is of another module, or does not know the function */
    SYMBOL_MISFITS,   /* functions of that name have other sizes: another build */
    SYMBOL_TWINS,     /* several functions of that name and size */
    SYMBOL_BROKEN,    /* the file cannot be read: *err */
};

struct symbols; /* the files; none is looked into before it is asked */

/* NULL: out of memory. */
struct symbols *symbols_new(void);
void symbols_free(struct symbols *s);

/*
 * Takes a file into the list and its descriptor over, also on failure. `name` is copied; "foo.ko…"
 * is the module foo, everything else a kernel. FAIL_SUPPORT: built without elfutils.
 */
bool symbols_add(struct symbols *s, struct str name, int fd, struct err *err);

/* The same with the path of a file to open. */
bool symbols_open(struct symbols *s, const char *path, struct err *err);

size_t symbols_count(const struct symbols *s);
struct str symbols_name(const struct symbols *s, size_t file);

/* True at the first call for a file: what is wrong with it is worth one note. */
bool symbols_tell(struct symbols *s, size_t file);

/* Is the function in this file? With SYMBOL_MISFITS *size is its size there. */
enum symbol_answer symbols_match(struct symbols *s, size_t file, const struct symbol_spot *spot,
                                 uint64_t *size, struct err *err);

/*
 * The function at an address as the file was linked, whose text begins at `base` (0: not known).
 * spot->is_return is set before; the rest is filled, its text in `a`. SYMBOL_MISFITS: the file was
 * linked to another base.
 */
enum symbol_answer symbols_at(struct symbols *s, size_t file, uint64_t address, uint64_t base,
                              struct symbol_spot *spot, struct arena *a);

/* The places of a spot that fits; their text lives in `a`. None: the file has no line for it. */
struct source_places symbols_places(struct symbols *s, size_t file, const struct symbol_spot *spot,
                                    struct arena *a);
