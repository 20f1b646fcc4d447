/* SPDX-License-Identifier: Apache-2.0 */
/* Source lines for the frames of crashes, once all records were read. */
#pragma once

#include "analyzer/core/notes.h"
#include "analyzer/evidence/crash.h"

struct crash_sources {
    struct symbols *symbols;
    struct arena *arena; /* of the text of places */
    struct notes *notes; /* what a file could not tell, once per file */
    uint32_t n_frames;   /* looked up so far */
};

/*
 * Fills the places of the crash's frames and of its instruction pointer. A file in which one of
 * them has another size is of another build: nothing is taken from it, and a note says so.
 */
void crash_sources_fill(struct crash_sources *s, struct crash *crash);
