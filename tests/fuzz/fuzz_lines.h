/* SPDX-License-Identifier: Apache-2.0 */
/* What the harness of every line format does: bid, skim and read the same bytes. */
#pragma once

#include "parsers/reader.h"

#include <stdlib.h>

static inline int fuzz_lines(const struct parser *format, const uint8_t *data, size_t size)
{
    struct str bytes = { .p = (const char *)data, .n = size }, rest = bytes, line;
    struct arena arena;
    struct notes notes = { .arena = &arena };
    struct reader_options options = { .format = format, .notes = &notes };
    struct head head = { .bytes = bytes, .lines = &line, .n_lines = 1 };
    struct input *in = input_from_memory(STR("fuzz"), bytes);
    struct reader *reader;
    struct record r;
    struct err err;
    uint64_t sum = 0;

    arena_init(&arena, (size_t)1 << 20);
    while (str_take_line(&rest, &line)) {
        struct skim skim = { .kind = SKIM_OTHER };

        if (format->skim)
            format->skim(line, &skim);
        sum += format->probe(&head) + (unsigned)skim.kind;
    }
    if (reader_open(&reader, in, &options, &err)) {
        while (reader_next(reader, &r, &err) == STEP_RECORD)
            sum += str_hash(r.text) + str_hash(r.caller) + str_hash(r.ident) + str_hash(r.host);
        reader_close(reader);
    }
    input_close(in);
    arena_done(&arena);
    return sum == 1 ? -1 : 0;
}
