/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A layer is one file or archive member with what unwraps it: look at the head, and as long as it
 * is compressed put a decompressor on top and look again. What remains is either text (an input) or
 * an archive, whose members become layers on top of it. The other half of input.c; nobody else
 * includes this.
 */
#pragma once

#include "parsers/input.h"
#include "parsers/stream.h"
#include "parsers/walk.h"

/* Compressors on top of each other in one layer: a .log.gz.xz is odd, more is an attack. */
enum { STAGES = 3 };

struct stage {
    struct peeked peeked; /* over what is below */
    struct gzip *gzip;    /* on top of it, or */
    struct unpacker *unpacker;
    struct journal_source *journal;
};

struct layer {
    struct input input;
    struct layer *below;             /* the archive that this is a member of */
    struct file file;                /* when it is none */
    struct stage stages[STAGES + 2]; /* and the text of a journal */
    size_t n_stages;
    enum packing packing; /* PACKED_ARCHIVE: an archive, else an input */
    struct str memory;    /* input_from_memory(): what is not read yet, */
    struct str whole;     /* and all of it */
    struct byte_source live; /* input_from_source() */
    struct input *companion;
    struct guest *guest;
    bool listed;    /* not named by the user: taken only when it holds a log */
    unsigned depth; /* archives below */
};

/* The files that were found beside a layer's own: a journal is read with the rest of its set. */
struct layer_siblings {
    struct arena *arena;
    struct found_list *found;
    size_t at; /* of the next one that was not read yet */
};

/* Unwraps `source` until text or an archive shows. */
bool layer_unwrap(struct layer *l, struct byte_source source, const struct layer_siblings *siblings,
                  struct err *err);

/* Is it a log (by name, or because some format bids for it)? */
bool layer_holds_log(const struct layer *l);

void layer_close(struct layer *l);
