/* SPDX-License-Identifier: Apache-2.0 */
/* A whole memory image, made for tests, as the reader sees it. */
#pragma once

#include "tests/unit/made_memory.h"
#include "tests/unit/read_all.h"

enum { RING = 0x500000, INFO = 0x480000, UTS = 0x481000, POINTER = 0x482000, ROOT = 0x10000 };

struct image_case {
    struct input *in;
    struct reader *reader;
    struct notes notes;
    struct arena arena;
    struct err err;
};

static inline struct image_case *open_case(struct str bytes, struct str beside, const char *name,
                                           unsigned ways)
{
    struct image_case *c = calloc(1, sizeof *c);
    struct reader_options options = { .notes = &c->notes, .log_ways = ways };

    c->notes.arena = &c->arena;
    c->in = input_from_memory(str_from(name), bytes);
    if (beside.n)
        input_set_companion(c->in, input_from_memory(STR("beside"), beside));
    if (!reader_open(&c->reader, c->in, &options, &c->err))
        c->reader = NULL;
    return c;
}

static inline void close_case(struct image_case *c)
{
    reader_close(c->reader);
    input_close(c->in);
    arena_done(&c->arena);
    free(c);
}

/* Reads on; how many records there were, and the text of the last one. */
static inline unsigned count_records(struct image_case *c, char *last, size_t size)
{
    struct record r;
    unsigned n = 0;

    while (c->reader && reader_next(c->reader, &r, &c->err) == STEP_RECORD) {
        n++;
        snprintf(last, size, "%.*s", STR_ARG(r.text));
    }
    return n;
}

static inline void expect_log(struct image_case *c, unsigned n, const char *last)
{
    char text[128] = "";
    unsigned found;

    ck_assert_msg(c->reader != NULL, "%s", c->err.text);
    found = count_records(c, text, sizeof text);
    ck_assert_uint_eq(found, n);
    ck_assert_str_eq(text, last);
}

static inline bool has_note(const struct image_case *c, const char *part)
{
    for (size_t i = 0; i < c->notes.n; i++)
        if (str_find(c->notes.p[i].text, str_from(part)) != STR_NOT_FOUND)
            return true;
    return false;
}

static inline struct made one_log(unsigned n)
{
    struct made m = made_new(MADE_BYTES);
    struct made_ring r = made_ring_at(RING, 7);

    made_ring_fill(&m, &r, "one", n);
    made_info_ring(&m, INFO, UTS, POINTER, &r);
    made_map(&m, ROOT, made_va(RING), RING);
    return m;
}
