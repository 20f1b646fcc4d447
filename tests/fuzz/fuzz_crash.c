/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Crash reports from bytes: each line is a record, its first byte says who wrote it and whether it
 * has a stamp and a caller. Whatever comes out has a title and a kind, in bounded memory.
 */
#include "analyzer/evidence/crash.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void add_line(struct crashes *c, struct str line)
{
    static const struct str callers[] = { { 0 }, { STR_INIT("T1") }, { STR_INIT("C1") } };
    unsigned how = line.n ? (unsigned char)line.p[0] : 0;
    struct record r;

    record_init(&r);
    r.origin = how & 1 ? ORIGIN_UNKNOWN : ORIGIN_GUEST_KERNEL;
    r.mono_us = how & 2 ? TIME_UNKNOWN : how;
    r.caller = callers[how / 4 % 3];
    r.text = str_from_at(line, 1);
    crashes_add(c, &r);
    if (how & 128)
        crashes_settle(c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str in = { .p = (const char *)data, .n = size }, line;
    struct crashes c;
    struct arena a;

    arena_init(&a, 4 << 20);
    if (crashes_init(&c, &a)) {
        while (str_take_line(&in, &line))
            add_line(&c, line);
        crashes_settle(&c);
        for (size_t i = 0; i < c.list.n; i++)
            if (c.list.p[i]->title.n && !c.list.p[i]->kind)
                abort();
        crashes_done(&c);
    }
    arena_done(&a);
    return 0;
}
