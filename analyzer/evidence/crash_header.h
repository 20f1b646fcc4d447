/* SPDX-License-Identifier: Apache-2.0 */
/* Which lines begin a crash report: crash_headers.def. */
#pragma once

#include "analyzer/core/pairs.h"

enum crash_header {
    HEADER_NONE,
#define HEADER(sym, literal, flags) HEADER_##sym,
#define NOT_HEADER(sym, pattern)
#include "analyzer/evidence/crash_headers.def"
#undef HEADER
#undef NOT_HEADER
    HEADER_COUNT
};

enum header_flag {
    HEADER_JOINS = 1 << 0, /* belongs to a report that is open */
    HEADER_BARE = 1 << 1,  /* needs the kernel's stamp or a known form */
    HEADER_FORM = 1 << 2,  /* needs a known form */
    HEADER_START = 1 << 3, /* needs to stand at the start of the line */
};

/* The header in `line`, whose pairs are given, that counts, or HEADER_NONE; *at gets its offset. */
enum crash_header crash_header_find(struct str line, const struct pairs *pairs, size_t *at);

/* Does the line go on with an open report, whatever else it holds ("Internal error: Oops - BUG:")?
 */
bool crash_header_joins(struct str line);

unsigned crash_header_flags(enum crash_header h);
