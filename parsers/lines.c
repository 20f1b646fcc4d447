/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines out of one fixed block; see lines.h.
 *
 * The block holds the bytes [start, end). A line is cut where memchr() finds its '\n'; when there is
 * none, the rest is moved to the front and the block filled up. A line longer than LIMIT_LINE_BYTES
 * is returned cut, and its tail is skipped without being kept, so memory stays one block whatever
 * comes.
 *
 * Sparse reading walks the same lines. One search (sieve->next_hit) over the raw bytes tells where
 * the next interesting place is; a skim of every line tells whether a record starts there, its level
 * and its stamp. Wanted are: lines that hold a hit, error levels, stamps that fall back, whatever
 * belongs to the record of such a line, and the lines that somebody asked for with lines_want().
 * Skimming each line costs about as much as counting it, and makes boots, levels and counts exact.
 */
#include "parsers/lines.h"

#include "analyzer/core/limits.h"
#include "parsers/parser.h"

#include <stdlib.h>
#include <string.h>

struct lines {
    struct byte_source source;
    char *block;
    size_t size;       /* of the block */
    size_t start, end; /* unread bytes */
    uint64_t offset;   /* of block[start] in the input */
    uint64_t number;   /* of the line that starts at block[start], 0-based */
    bool eof;
    struct err kept; /* of a read; returned when the bytes before it are used up */
    bool failed;
    bool unread;
    struct line last;
    struct lines_place place;
    struct lines_stats stats;
    struct joiner joiner;

    const struct sieve *sieve;
    size_t hit;        /* offset in block of the next hit, or SIZE_MAX */
    size_t searched;   /* hits before this are known */
    uint32_t want;     /* lines to return whatever they are */
    int64_t last_mono; /* of the last stamped line */
    bool in_wanted;    /* the record above was wanted: its continuations are, too */
    size_t head_start; /* where the current record starts in the block, SIZE_MAX: before it */
    uint64_t head_number, head_offset;
};

static struct lines *lines_alloc(size_t block_bytes)
{
    struct lines *in = calloc(1, sizeof *in);

    if (!in)
        return NULL;
    in->joiner.p = malloc(LIMIT_RECORD_BYTES);
    in->block = block_bytes ? malloc(block_bytes) : NULL;
    in->size = block_bytes;
    in->hit = SIZE_MAX;
    in->last_mono = TIME_UNKNOWN;
    in->head_start = SIZE_MAX;
    if (!in->joiner.p || (block_bytes && !in->block)) {
        lines_free(in);
        return NULL;
    }
    return in;
}

struct lines *lines_new(struct byte_source source)
{
    struct lines *in = lines_alloc(LIMIT_BLOCK_BYTES);

    if (in)
        in->source = source;
    return in;
}

struct memory {
    struct str rest;
};

static ptrdiff_t read_memory(void *ctx, char *buf, size_t n, struct err *err)
{
    struct memory *m = ctx;
    struct str part = str_first(m->rest, n);

    (void)err;
    if (part.n)
        memcpy(buf, part.p, part.n);
    m->rest = str_from_at(m->rest, part.n);
    return (ptrdiff_t)part.n;
}

struct lines *lines_new_memory(struct str bytes)
{
    struct memory *m = malloc(sizeof *m);
    struct lines *in;

    if (!m)
        return NULL;
    m->rest = bytes;
    in = lines_new((struct byte_source){ .read = read_memory, .ctx = m });
    if (!in)
        free(m);
    return in;
}

void lines_free(struct lines *in)
{
    if (!in)
        return;
    if (in->source.read == read_memory)
        free(in->source.ctx);
    free(in->joiner.p);
    free(in->block);
    free(in);
}

/* Moves the unread bytes to the front and reads once. False when nothing was added. */
static bool fill(struct lines *in)
{
    size_t keep = in->head_start < in->start ? in->head_start : in->start;
    ptrdiff_t got;

    if (in->eof || in->failed)
        return false;
    if (in->end - keep == in->size && keep < in->start) {
        /* A record longer than the block: its head cannot be gone back to. */
        in->head_start = SIZE_MAX;
        keep = in->start;
    }
    if (keep) {
        memmove(in->block, in->block + keep, in->end - keep);
        in->end -= keep;
        in->start -= keep;
        in->searched = in->searched > keep ? in->searched - keep : 0;
        if (in->hit != SIZE_MAX)
            in->hit -= keep;
        if (in->head_start != SIZE_MAX)
            in->head_start -= keep;
    }
    if (in->end == in->size)
        return false;
    got = in->source.read(in->source.ctx, in->block + in->end, in->size - in->end, &in->kept);
    if (got < 0)
        in->failed = true;
    if (got == 0)
        in->eof = true;
    if (got <= 0)
        return false;
    in->end += (size_t)got;
    return true;
}

struct str lines_head(struct lines *in)
{
    while (in->end - in->start < LIMIT_HEAD_BYTES && fill(in))
        ;
    return str_first((struct str){ .p = in->block + in->start, .n = in->end - in->start },
                     LIMIT_HEAD_BYTES);
}

void lines_sparse(struct lines *in, const struct sieve *sieve)
{
    in->sieve = sieve;
}

/* Advances over `n` bytes of the block. */
static void advance(struct lines *in, size_t n)
{
    in->start += n;
    in->offset += n;
    in->stats.bytes += n;
}

/* Drops bytes up to and including the next '\n': the tail of a line that was cut. */
static void skip_tail(struct lines *in)
{
    for (;;) {
        size_t n = in->end - in->start;
        const char *nl = n ? memchr(in->block + in->start, '\n', n) : NULL;

        if (nl) {
            advance(in, (size_t)(nl - (in->block + in->start)) + 1);
            return;
        }
        advance(in, n);
        in->head_start = SIZE_MAX;
        if (!fill(in))
            return;
    }
}

/* Cuts the line at the cursor; false when there is none. */
static bool cut_line(struct lines *in, struct line *out)
{
    size_t looked = 0;

    for (;;) {
        size_t n = in->end - in->start;
        const char *p = in->block + in->start;
        const char *nl = n > looked ? memchr(p + looked, '\n', n - looked) : NULL;

        if (!nl && n <= LIMIT_LINE_BYTES) {
            looked = n;
            if (fill(in))
                continue;
            if (n == 0)
                return false;
        }
        n = nl ? (size_t)(nl - p) : in->end - in->start;
        *out = (struct line){
            .text = { .p = in->block + in->start, .n = n },
            .number = ++in->number,
            .offset = in->offset,
            .cut = n > LIMIT_LINE_BYTES,
            .unterminated = !nl,
        };
        in->stats.lines++;
        if (out->cut) {
            /* The kept part must survive skip_tail(), which refills the block. */
            out->text = str_first(out->text, LIMIT_LINE_BYTES);
            in->stats.cut++;
        }
        if (nl)
            advance(in, n + 1);
        else
            advance(in, out->cut ? out->text.n : n);
        if (out->text.n && !out->cut && out->text.p[out->text.n - 1] == '\r')
            out->text.n--;
        return true;
    }
}

/* The tail of a cut line is skipped when the next line is asked for: its head is still in use. */
static void finish_line(struct lines *in)
{
    if (in->last.cut && in->last.unterminated)
        skip_tail(in);
    in->last = (struct line){ 0 };
}

static enum step at_end(struct lines *in, struct err *err)
{
    if (!in->failed)
        return STEP_END;
    if (err)
        *err = in->kept;
    return STEP_FAIL;
}

/* Does a hit stand in block[from, to)? Hits are searched once per byte. */
static bool hit_in(struct lines *in, size_t from, size_t to)
{
    if (in->hit != SIZE_MAX && in->hit >= to)
        return false;
    if (in->hit == SIZE_MAX || in->hit < from) {
        struct str block = { .p = in->block, .n = in->end };

        if (in->hit == SIZE_MAX && in->searched >= to)
            return false;
        in->hit = in->sieve->next_hit(in->sieve->ctx, block, from);
        in->searched = in->end;
    }
    return in->hit != SIZE_MAX && in->hit < to;
}

/* Is the line wanted for itself? */
static bool wants(struct lines *in, const struct line *line, const struct skim *skim)
{
    size_t from = (size_t)(line->text.p - in->block);
    bool back = skim->mono_us != TIME_UNKNOWN && in->last_mono != TIME_UNKNOWN &&
                skim->mono_us < in->last_mono;

    if (skim->mono_us != TIME_UNKNOWN)
        in->last_mono = skim->mono_us;
    return hit_in(in, from, from + line->text.n) || back || skim->level <= LEVEL_ERR;
}

/* Goes back to the head of the record whose continuation is wanted. */
static void rewind_to_head(struct lines *in, struct line *line)
{
    uint64_t lines_back = line->number - in->head_number;
    uint64_t bytes_back = in->offset - in->head_offset;

    in->stats.lines -= lines_back + 1;
    in->stats.skipped -= lines_back;
    in->stats.skipped_heads -= lines_back;
    in->stats.bytes -= bytes_back;
    in->number = in->head_number - 1;
    in->offset = in->head_offset;
    in->start = in->head_start;
    if (in->want < lines_back + 1)
        in->want = (uint32_t)lines_back + 1;
}

static enum step next_sparse(struct lines *in, struct line *out, struct err *err)
{
    while (cut_line(in, out)) {
        struct skim skim = { .kind = SKIM_OTHER, .level = LEVEL_UNKNOWN, .mono_us = TIME_UNKNOWN };
        bool wanted, cont;

        in->last = *out;
        in->sieve->parser->skim(out->text, &skim);
        cont = skim.kind == SKIM_CONT;
        wanted = wants(in, out, &skim);
        if (in->want) {
            in->want--;
            out->context = !wanted;
            in->head_start = SIZE_MAX;
            in->in_wanted = true;
            in->last = *out;
            return STEP_RECORD;
        }
        if (!cont) {
            /* The line after a wanted record is returned, too: it ends that record. */
            bool ends = in->in_wanted;

            in->in_wanted = wanted;
            in->head_start = wanted ? SIZE_MAX : (size_t)(out->text.p - in->block);
            in->head_number = out->number;
            in->head_offset = out->offset;
            if (wanted || ends) {
                out->context = !wanted;
                in->head_start = SIZE_MAX;
                in->last = *out;
                return STEP_RECORD;
            }
        } else if (in->in_wanted) {
            out->context = !wanted;
            in->last = *out;
            return STEP_RECORD;
        } else if (wanted && in->head_start != SIZE_MAX) {
            rewind_to_head(in, out);
            in->last = (struct line){ 0 };
            in->head_start = SIZE_MAX;
            continue;
        } else if (wanted) {
            in->in_wanted = true;
            return STEP_RECORD;
        }
        in->stats.skipped++;
        in->stats.skipped_heads += skim.kind != SKIM_OTHER;
        finish_line(in);
        if (in->head_start != SIZE_MAX && out->number - in->head_number > LIMIT_RECORD_LINES)
            in->head_start = SIZE_MAX;
    }
    return at_end(in, err);
}

static enum step next_dense(struct lines *in, struct line *out, struct err *err)
{
    if (!cut_line(in, out))
        return at_end(in, err);
    in->last = *out;
    return STEP_RECORD;
}

enum step lines_next(struct lines *in, struct line *out, struct err *err)
{
    enum step step;

    if (in->unread) {
        in->unread = false;
        *out = in->last;
        step = STEP_RECORD;
    } else {
        finish_line(in);
        step = in->sieve && in->offset >= LIMIT_DENSE_BYTES ? next_sparse(in, out, err)
                                                            : next_dense(in, out, err);
    }
    if (step != STEP_RECORD)
        return step;
    if (in->place.line == 0)
        in->place = (struct lines_place){ out->number, out->offset, out->context };
    in->place.context &= out->context;
    return STEP_RECORD;
}

void lines_begin(struct lines *in)
{
    in->place = (struct lines_place){ 0 };
}

struct lines_place lines_place(const struct lines *in)
{
    return in->place;
}

void lines_unread(struct lines *in)
{
    in->unread = true;
}

/* Line numbers are those of an editor: what is not cut as lines still counts as such. */
static void count_newlines(struct lines *in, struct str bytes)
{
    for (size_t at; (at = str_find_char(bytes, '\n')) != STR_NOT_FOUND;
         bytes = str_from_at(bytes, at + 1)) {
        in->number++;
        in->stats.lines++;
    }
}

enum step lines_take_bytes(struct lines *in, uint64_t n, struct str *out, struct err *err)
{
    size_t keep = n < LIMIT_LINE_BYTES ? (size_t)n : LIMIT_LINE_BYTES;
    struct str taken;

    finish_line(in);
    while (in->end - in->start < keep && fill(in))
        ;
    taken = str_first((struct str){ .p = in->block + in->start, .n = in->end - in->start }, keep);
    count_newlines(in, taken);
    advance(in, taken.n);
    n -= taken.n;
    if (n == 0 || taken.n < keep) {
        *out = taken;
        return n == 0 || taken.n ? STEP_RECORD : at_end(in, err);
    }
    /* Longer than what is kept: copy the head aside before the block moves. */
    *out = join_add(lines_joiner(in), taken);
    while (n) {
        size_t part = in->end - in->start < n ? in->end - in->start : (size_t)n;

        count_newlines(in, (struct str){ .p = in->block + in->start, .n = part });
        advance(in, part);
        n -= part;
        if (n && !fill(in))
            return at_end(in, err);
    }
    in->stats.cut++;
    return STEP_RECORD;
}

void lines_want(struct lines *in, uint32_t n)
{
    if (in->want < n)
        in->want = n;
}

struct lines_stats lines_stats(const struct lines *in)
{
    return in->stats;
}

struct joiner *lines_joiner(struct lines *in)
{
    in->joiner.n = 0;
    in->joiner.n_lines = 0;
    in->joiner.cut = false;
    return &in->joiner;
}

struct str join_add(struct joiner *j, struct str s)
{
    struct str kept = str_first(s, LIMIT_RECORD_BYTES - j->n);
    char *at = j->p + j->n;

    if (kept.n)
        memcpy(at, kept.p, kept.n);
    j->cut |= kept.n < s.n;
    j->n += kept.n;
    return (struct str){ .p = at, .n = kept.n };
}

struct str join_line(struct joiner *j, struct str text, struct str s)
{
    struct str lf, rest;

    if (++j->n_lines >= LIMIT_RECORD_LINES) {
        j->cut = true;
        return text;
    }
    lf = join_add(j, STR("\n"));
    rest = join_add(j, s);
    if (text.p == NULL)
        text.p = lf.p;
    text.n += lf.n + rest.n;
    return text;
}
