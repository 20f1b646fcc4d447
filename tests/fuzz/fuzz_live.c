/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as live input: the first chooses the format (or detection), the second how the rest is
 * cut into pieces and when the source falls silent.
 */
#include "analyzer/core/arena.h"
#include "parsers/reader.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct drip {
    struct str rest;
    uint32_t seed;
};

static ptrdiff_t drip_read(void *ctx, char *buf, size_t n, struct err *err)
{
    struct drip *d = ctx;
    struct str part;

    (void)err;
    d->seed = d->seed * 1664525u + 1013904223u;
    part = str_first(str_first(d->rest, d->seed >> 24), n);
    if (d->rest.n == 0)
        return 0;
    if (part.n == 0)
        return READ_WAIT;
    memcpy(buf, part.p, part.n);
    d->rest = str_from_at(d->rest, part.n);
    return (ptrdiff_t)part.n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct drip drip = { .seed = size > 1 ? data[1] : 0 };
    struct arena arena = { 0 };
    struct notes notes = { .arena = &arena };
    struct reader_options options = { .notes = &notes, .live = true };
    size_t n = 0, pick = size ? data[0] : 0;
    struct reader *reader;
    struct record r;
    struct input *in;
    struct err err;
    enum step step = STEP_WAIT;

    while (parsers[n])
        n++;
    if (pick % (n + 1) < n && parsers[pick % (n + 1)]->next)
        options.format = parsers[pick % (n + 1)];
    options.wire = pick & 128;
    if (size > 2)
        drip.rest = (struct str){ .p = (const char *)data + 2, .n = size - 2 };
    in = input_from_source(STR("live"), (struct byte_source){ .read = drip_read, .ctx = &drip });
    if (!in || !reader_open(&reader, in, &options, &err))
        abort();
    while (step == STEP_WAIT || step == STEP_RECORD) {
        step = reader_next(reader, &r, &err);
        if (step == STEP_RECORD && r.text.n && !r.text.p)
            abort();
        reader_pause(reader, drip.seed >> 28 == 0 ? PAUSE_QUIET : PAUSE_WAIT);
    }
    reader_close(reader);
    input_close(in);
    arena_done(&arena);
    return 0;
}
