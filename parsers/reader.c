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
    bool live, wire;
    bool waited; /* live: the last call had to wait */
    enum lines_pause pause;
    void *saved; /* live: `state` when the record began */
    struct str name;
    const struct selection *select;
    struct selecting selecting;
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

/* Live: puts a format in the place of the one before, if any. */
static bool set_format(struct reader *r, const struct parser *format)
{
    size_t n = format->state_bytes ? format->state_bytes : 1;
    void *state = calloc(1, n), *saved = malloc(n);

    if (!state || !saved) {
        free(state);
        free(saved);
        return false;
    }
    free(r->state);
    free(r->saved);
    r->format = format;
    r->state = state;
    r->saved = saved;
    return true;
}

/* What can be told from so few lines is told again when more have come. */
enum { CERTAIN_LINES = 8, DOUBTFUL_BYTES = 1 << 20 };

static const struct parser *bid_live(struct reader *r, unsigned *bid, size_t *n_lines)
{
    struct str head_lines[LIMIT_HEAD_LINES];
    const struct parser *best;
    struct head head;

    head_fill(&head, r->name, lines_head(r->lines), head_lines);
    best = parser_detect(&head, bid);
    *n_lines = head.n_lines - (head.bytes.n && head.bytes.p[head.bytes.n - 1] != '\n');
    /* A wire carries what programs print, too, sooner or later. */
    if (r->wire && best == parser_find(STR("dmesg")))
        return parser_find(STR("console"));
    return best;
}

/* Chooses the format as soon as it can be told. STEP_RECORD: there is one. */
static enum step detect_live(struct reader *r, struct err *err)
{
    const struct parser *plain = parser_find(STR("plain")), *best;
    struct str head = lines_head(r->lines);
    bool last = r->pause == PAUSE_LAST || lines_ended(r->lines);
    size_t n_lines;
    unsigned bid;

    if (lines_failed(r->lines, err))
        return STEP_FAIL;
    best = bid_live(r, &bid, &n_lines);
    if (r->format) {
        if (bid && best != r->format && !set_format(r, best))
            return !fail(err, FAIL_LIMIT, "out of memory") ? STEP_FAIL : STEP_END;
        return STEP_RECORD;
    }
    if (last && head.n == 0)
        return STEP_END;
    if (!last && head.n < LIMIT_HEAD_BYTES && bid < PROBE_MAGIC &&
        (r->pause == PAUSE_QUIET ? n_lines == 0 : bid == 0 || n_lines < CERTAIN_LINES))
        return STEP_WAIT;
    if (bid == 0 && looks_binary(head))
        return !fail(err, FAIL_SYNTAX, "not text and no format that lastwords knows") ? STEP_FAIL
                                                                                      : STEP_END;
    if (!best->next)
        return !fail(err, FAIL_SUPPORT, "%s is no text that can be followed", best->title)
                       ? STEP_FAIL
                       : STEP_END;
    if (!set_format(r, bid ? best : plain))
        return !fail(err, FAIL_LIMIT, "out of memory") ? STEP_FAIL : STEP_END;
    return STEP_RECORD;
}

/* Few formats look like something else at first: plain lines, and a console's first ones. */
static bool is_doubtful(const struct reader *r)
{
    return !r->format ||
           (r->waited && lines_stats(r->lines).bytes < DOUBTFUL_BYTES &&
            (r->format == parser_find(STR("plain")) || r->format == parser_find(STR("dmesg"))));
}

static enum step next_live(struct reader *r, struct record *out, struct err *err)
{
    enum step step;

    lines_set_mark(r->lines);
    step = is_doubtful(r) ? detect_live(r, err) : STEP_RECORD;
    r->waited = true;
    if (step != STEP_RECORD)
        return step;
    memcpy(r->saved, r->state, r->format->state_bytes);
    step = r->format->next(r->state, r->lines, out, err);
    if (lines_back(r->lines)) {
        memcpy(r->state, r->saved, r->format->state_bytes);
        return STEP_WAIT;
    }
    r->waited = step == STEP_WAIT;
    return step;
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
    r->name = in->name;
    r->select = options->select;
    if (options->live) {
        r->live = true;
        r->wire = options->wire;
        if (options->format && !set_format(r, options->format)) {
            reader_close(r);
            return fail(err, FAIL_LIMIT, "out of memory");
        }
        *out = r;
        return true;
    }
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
    free(r->saved);
    free(r);
}

static void note_ending(struct reader *r)
{
    struct lines_stats stats = lines_stats(r->lines);

    if (r->select && selection_has_times(r->select) && !r->selecting.clocked && stats.lines)
        note_add(r->notes, NOTE_NO_CLOCK, r->input, 0,
                 "it tells no time of day: --since and --until leave nothing out of it");
    if (stats.cut)
        note_add(r->notes, NOTE_LINES_CUT, r->input, 0, "%llu lines longer than %zu KiB were cut",
                 (unsigned long long)stats.cut, LIMIT_LINE_BYTES >> 10);
    if (r->unparsed && r->format != parser_find(STR("plain")))
        note_add(r->notes, NOTE_LINES_UNPARSED, r->input, r->first_unparsed,
                 "%llu of %llu lines are not explained by the format %s",
                 (unsigned long long)r->unparsed, (unsigned long long)stats.lines, r->format->name);
}

static enum step next_any(struct reader *r, struct record *out, struct err *err)
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
    step = r->live ? next_live(r, out, err) : r->format->next(r->state, r->lines, out, err);
    if (step == STEP_WAIT)
        return step;
    if (step != STEP_RECORD) {
        if (!r->ended && !r->live)
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

enum step reader_next(struct reader *r, struct record *out, struct err *err)
{
    enum step step = next_any(r, out, err);

    while (step == STEP_RECORD && r->select && !selection_takes(r->select, &r->selecting, out))
        step = next_any(r, out, err);
    return step;
}

void reader_want(struct reader *r, uint32_t lines)
{
    lines_want(r->lines, lines);
}

void reader_pause(struct reader *r, enum lines_pause pause)
{
    r->pause = pause;
    lines_pause(r->lines, pause);
}

void reader_restart(struct reader *r)
{
    lines_restart(r->lines);
    reader_pause(r, PAUSE_WAIT);
    r->ended = false;
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
