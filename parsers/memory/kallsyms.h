/* SPDX-License-Identifier: Apache-2.0 */
/* The few symbols that lead to a kernel's log, out of a System.map or a copy of /proc/kallsyms. */
#pragma once

#include "parsers/lines.h"

struct kallsyms {
    uint64_t text;    /* _text: where the kernel begins that the file is of */
    uint64_t prb;     /* the pointer to the ring, since 5.10; 0: not there */
    uint64_t log_buf; /* the pointer to the buffer, before */
    uint64_t log_buf_len;
};

/* False and *err: no such file, or nothing in it that helps. */
bool kallsyms_open(struct kallsyms *out, const char *path, struct err *err);

/* The same from lines: "ffffffff82c4b6f8 d prb". */
bool kallsyms_read(struct kallsyms *out, struct lines *in, struct err *err);
