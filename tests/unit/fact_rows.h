/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of extractors share: records in, one fact out in its printed form. */
#pragma once

#include "analyzer/evidence/fact.h"

#include <check.h>

#define UNKNOWN "(not in the log)"

struct fact_row {
    const char *name;
    enum origin origin;
    const char *text; /* each line is a record of its own */
    const char *path;
    const char *expected; /* as value_print() has it */
};

/* "key = value" lines for settings, else messages. */
static inline void add_record(struct facts *f, enum origin origin, struct str line, bool setting)
{
    struct record r;

    record_init(&r);
    r.origin = origin;
    r.text = line;
    if (setting) {
        r.kind = RECORD_SETTING;
        r.section = STR("CONFIGURATION");
        r.value = line;
        ck_assert(str_take_until_str(&r.value, STR(" = "), &r.key));
    }
    facts_add(f, &r);
}

/* The fact after all lines were added twice over: extractors are idempotent. */
static inline void check_row(const struct fact_row *row, bool settings)
{
    struct arena a = { 0 };
    struct facts f;
    struct value value;
    struct str got;

    ck_assert(facts_init(&f, &a, NULL));
    for (int pass = 0; pass < 2; pass++) {
        struct str text = str_from(row->text), line;

        while (str_take_line(&text, &line))
            add_record(&f, row->origin, line, settings);
    }
    ck_assert_msg(facts_find(&f, str_from(row->path), &a, &value, NULL), "%s", row->path);
    got = value_print(&a, &value);
    ck_assert_msg(str_eq(got, str_from(row->expected)), "%s: got '%.*s'", row->name, STR_ARG(got));
    arena_done(&a);
}
