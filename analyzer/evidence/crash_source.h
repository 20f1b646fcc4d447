/* SPDX-License-Identifier: Apache-2.0 */
/* Source lines for the frames of crashes, once all records were read. */
#pragma once

#include "analyzer/core/notes.h"
#include "analyzer/evidence/crash.h"

struct crash_sources {
    struct symbols *symbols;
    struct arena *arena; /* of the text of places */
    struct notes *notes; /* what a file could not tell, once per file */
    struct kernel_place place;
    uint32_t n_frames; /* looked up so far */
};

/*
 * Fills the places of the crash's frames and of its instruction pointer. A file in which one of
 * another size is of another build: nothing is taken from it, and a note says so. Bare addresses
 * get the name that a kernel's file has there, less where KASLR put it; a note says that this
 * proves nothing when no named frame fits.
 */
void crash_sources_fill(struct crash_sources *s, struct crash *crash);
