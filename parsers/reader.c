/* SPDX-License-Identifier: Apache-2.0 */
/* Input + lines + the parser that won the bid = one record stream; see reader.h. */
#include "parsers/reader.h"

#include "analyzer/core/limits.h"
#include "parsers/memory/guest.h"

#include <stdlib.h>
#include <string.h>

struct reader {
    struct lines *lines;
    const struct parser *format;
    void *state;
    struct sieve sieve;
    struct notes *notes;
    uint32_t input;
    uint64_t unparsed;
    uint64_t first_unparsed;
    bool ended;
    bool image_open;      /* a memory image, which has records and no lines */
    uint64_t image_bytes; /* its size */
    uint64_t image_records;
};

/* Control bytes other than those that consoles print: random bytes hold 10 %, text nearly none. */
static bool looks_binary(struct str bytes)
{
    size_t odd = 0;

    for (size_t i = 0; i < bytes.n; i++) {
        unsigned char c = (unsigned char)bytes.p[i];

        odd += c == 0 || (c < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != 0x1b &&
                          c != '\b' && c != '\f' && c != 0x07);
    }
    return bytes.n && odd > bytes.n / 20;
}

static bool choose_format(struct reader *r, const struct input *in,
                          const struct reader_options *options, struct err *err)
{
    struct str head_lines[LIMIT_HEAD_LINES];
    struct head head;
    unsigned bid = PROBE_MAGIC;

    head_fill(&head, in->name, lines_head(r->lines), head_lines);
    r->format = options->format ? options->format : parser_detect(&head, &bid);
    if (r->format->library)
        return fail(err, FAIL_SUPPORT, "%s needs %s, which this build lacks", r->format->title,
                    r->format->library);
    if (!r->format->next && !r->format->open_image)
        return fail(err, FAIL_SUPPORT, "%s is recognised, but this version cannot read it",
                    r->format->title);
    if (bid == 0 && looks_binary(head.bytes))
        return !lines_failed(r->lines, err) &&
               fail(err, FAIL_SYNTAX, "not text and no format that lastwords knows");
    if (bid == 0 && head.bytes.n)
        note_add(r->notes, NOTE_INPUT_PLAIN, r->input, 0,
                 "no known format explains it; read as plain lines");
    return true;
}

/* Images are read at many places, again and again: that needs the file itself. */
static bool open_image(struct reader *r, const struct input *in,
                       const struct reader_options *options, struct err *err)
{
    struct image_source from = {
        .in = in, .notes = options->notes, .index = options->input_index, .ways = options->log_ways
    };
    struct stored stored;

    if (!r->format->open_image)
        return true;
    if (!input_stored(in, &stored))
        return fail(err, FAIL_SUPPORT,
                    "%s is read at many places, so it must be a file of its own: unpack it first "
                    "(zstd -d --sparse, gunzip, xz -d, tar -xS)",
                    r->format->title);
    r->image_bytes = stored.size_bytes;
    if (input_guest(in))
        r->image_bytes = guest_bytes(input_guest(in));
    r->image_open = true;
    return r->format->open_image(r->state, &from, err);
}

bool reader_open(struct reader **out, struct input *in, const struct reader_options *options,
                 struct err *err)
{
    struct reader *r = calloc(1, sizeof *r);

    if (!r || !(r->lines = lines_new(input_source(in)))) {
        free(r);
        return fail(err, FAIL_LIMIT, "out of memory");
    }
    r->notes = options->notes;
    r->input = options->input_index;
    if (!choose_format(r, in, options, err)) {
        reader_close(r);
        return false;
    }
    r->state = calloc(1, r->format->state_bytes ? r->format->state_bytes : 1);
    if (!r->state) {
        reader_close(r);
        return fail(err, FAIL_LIMIT, "out of memory");
    }
    if (!open_image(r, in, options, err)) {
        reader_close(r);
        return false;
    }
    if (options->sieve && r->format->skim) {
        r->sieve = *options->sieve;
        r->sieve.parser = r->format;
        lines_sparse(r->lines, &r->sieve);
    }
    *out = r;
    return true;
}

void reader_close(struct reader *r)
{
    if (!r)
        return;
    if (r->image_open)
        r->format->close_image(r->state);
    lines_free(r->lines);
    free(r->state);
    free(r);
}

static void note_ending(struct reader *r)
{
    struct lines_stats stats = lines_stats(r->lines);

    if (stats.cut)
        note_add(r->notes, NOTE_LINES_CUT, r->input, 0, "%llu lines longer than %zu KiB were cut",
                 (unsigned long long)stats.cut, LIMIT_LINE_BYTES >> 10);
    if (r->unparsed && r->format != parser_find(STR("plain")))
        note_add(r->notes, NOTE_LINES_UNPARSED, r->input, r->first_unparsed,
                 "%llu of %llu lines are not explained by the format %s",
                 (unsigned long long)r->unparsed, (unsigned long long)stats.lines, r->format->name);
}

enum step reader_next(struct reader *r, struct record *out, struct err *err)
{
    struct lines_place place;
    enum step step;

    record_init(out);
    if (r->image_open) {
        step = r->format->next_image(r->state, out, err);
        out->input = r->input;
        r->image_records += step == STEP_RECORD;
        return step;
    }
    lines_begin(r->lines);
    step = r->format->next(r->state, r->lines, out, err);
    if (step != STEP_RECORD) {
        if (!r->ended)
            note_ending(r);
        r->ended = true;
        return step;
    }
    out->input = r->input;
    place = lines_place(r->lines);
    if (out->line == 0) {
        out->line = place.line;
        out->offset = place.offset;
    }
    if (place.context)
        out->flags |= RECORD_CONTEXT;
    out->gap_line = place.gap.line;
    out->gap_mono_us = place.gap.mono_us;
    if (out->flags & RECORD_UNPARSED && out->text.n) {
        if (r->unparsed++ == 0)
            r->first_unparsed = out->line;
    }
    return STEP_RECORD;
}

void reader_want(struct reader *r, uint32_t lines)
{
    lines_want(r->lines, lines);
}

const struct parser *reader_format(const struct reader *r)
{
    return r->format;
}

struct reader_stats reader_stats(const struct reader *r)
{
    struct lines_stats lines = lines_stats(r->lines);
    uint64_t left_out_odd = lines.skipped - lines.skipped_heads;

    if (r->image_open)
        return (struct reader_stats){ .bytes = r->image_bytes,
                                      .lines = r->image_records,
                                      .understood = r->image_records };
    return (struct reader_stats){
        .bytes = lines.bytes,
        .lines = lines.lines,
        .understood = r->format == parser_find(STR("plain"))
                              ? 0
                              : lines.lines - r->unparsed - left_out_odd,
        .estimated = lines.skipped > 0,
    };
}
