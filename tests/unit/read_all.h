/* SPDX-License-Identifier: Apache-2.0 */
/* All records of a text in memory, kept: what most parser tests look at. */
#pragma once

#include "analyzer/core/vec.h"
#include "parsers/reader.h"

#include <check.h>

struct read_all {
    VEC(struct record *);
    struct arena arena;
    struct notes notes;
    const struct parser *format;
    struct reader_stats stats;
};

/* `format` NULL: detect. Free with read_all_done(). */
static inline struct read_all read_all(struct str text, const char *format)
{
    struct read_all all = { 0 };
    struct input *in = input_from_memory(STR("test"), text);
    struct reader_options options = { 0 };
    struct reader *reader = NULL;
    struct record r;
    struct err err = { 0 };
    enum step step;

    arena_init(&all.arena, (size_t)64 << 20);
    all.notes.arena = &all.arena;
    options.notes = &all.notes;
    options.format = format ? parser_find(str_from(format)) : NULL;
    ck_assert_msg(reader_open(&reader, in, &options, &err), "%s", err.text);
    while ((step = reader_next(reader, &r, &err)) == STEP_RECORD) {
        struct record **slot = vec_push(&all.arena, &all);

        ck_assert(slot != NULL);
        *slot = record_keep(&all.arena, &r);
        ck_assert(*slot != NULL);
    }
    ck_assert_int_eq(step, STEP_END);
    all.format = reader_format(reader);
    all.stats = reader_stats(reader);
    reader_close(reader);
    input_close(in);
    return all;
}

static inline void read_all_done(struct read_all *all)
{
    arena_done(&all->arena);
}

static inline void expect_str(struct str found, const char *expected)
{
    ck_assert_msg(str_eq(found, str_from(expected)), "found \"%.*s\", expected \"%s\"",
                  STR_ARG(found), expected);
}
