/* SPDX-License-Identifier: Apache-2.0 */
/* Call traces: the frames of every architecture's print-out, from lines of text. */
#pragma once

#include "analyzer/core/vec.h"
#include "analyzer/evidence/symbolise.h"

enum frame_context {
#define CONTEXT(sym, name) FRAME_##sym,
#include "analyzer/evidence/frame_context.def"
#undef CONTEXT
    FRAME_CONTEXT_COUNT
};

struct str frame_context_name(enum frame_context c);

struct frame {
    struct str function; /* as printed, with ".isra.0" */
    struct str module;   /* "xfs", or empty: built in or unknown */
    uint64_t offset, size;
    bool has_offset;
    bool reliable; /* not marked with '?' or (unreliable) */
    bool skipped;  /* only reports, checks or locks for others */
    enum frame_context context;
    struct source_places places; /* with a file of --vmlinux that fits; else none */
};

struct frames {
    VEC(struct frame);
};

/* A place of a trace of which the kernel printed no name: old ones, and those without kallsyms. */
struct bare_frame {
    uint64_t address;
    size_t at; /* in front of this frame of the trace */
    enum frame_context context;
    bool reliable;
};

struct bare_frames {
    VEC(struct bare_frame);
};

/* Where a walk down one trace stands: the marker lines seen so far. */
struct frame_walk {
    enum frame_context context;
};

/*
 * The frames of one line of a trace, at most two (32-bit arm names caller and callee: the callee
 * first). 0 when it is none; marker lines (<IRQ>, <EOI>) change the walk. Slices of `line`.
 */
size_t frame_take(struct frame_walk *w, struct str line, struct frame out[2]);

/* A line that holds an address and no name: "[<ffffffff81234567>]", "[<…>] 0x…", "? 0x…". */
bool frame_take_bare(struct frame_walk *w, struct str line, struct bare_frame *out);
