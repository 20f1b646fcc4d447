/* SPDX-License-Identifier: Apache-2.0 */
/* The records of 3.5 to 5.9, found in an image without any symbol: by how they lead to each other.
 */
#pragma once

#include "parsers/memory/logbuf.h"

struct chain {
    uint64_t from, to; /* places */
    uint64_t n;
    uint64_t header;
    uint64_t first_ns, last_ns;
};

/*
 * The longest chain of an image as a log, the older half of a ring that wrapped included. False:
 * there is none.
 */
bool chains_find(struct image *m, struct arena *arena, struct logbuf *out, struct err *err);
