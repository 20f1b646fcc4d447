/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines out of one fixed block; see lines.h.
 *
 * A line is cut where memchr() finds its '\n'; when there is none in the block, the rest is moved
 * to the front and the block filled up. A line longer than LIMIT_LINE_BYTES is returned cut, and
 * its tail is skipped without being kept, so memory stays one block whatever comes. sparse.c leaves
 * lines out.
 */
#include "parsers/cutter.h"

#include "analyzer/core/limits.h"
#include "parsers/parser.h"

#include <stdlib.h>
#include <string.h>

struct lines *lines_new(struct byte_source source)
{
    struct lines *in = calloc(1, sizeof *in);

    if (!in)
        return NULL;
    in->sparse.hit = in->sparse.head = PLACE_NONE;
    in->sparse.last_mono = TIME_UNKNOWN;
    in->sparse.in_wanted = true; /* like all lines of the dense part */
    in->joiner.p = malloc(LIMIT_RECORD_BYTES);
    if (!block_init(&in->block, source, LIMIT_BLOCK_BYTES) || !in->joiner.p) {
        block_done(&in->block);
        free(in->joiner.p);
        free(in);
        return NULL;
    }
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
    if (in->block.source.read == read_memory)
        free(in->block.source.ctx);
    block_done(&in->block);
    free(in->joiner.p);
    free(in);
}

struct str lines_head(struct lines *in)
{
    while (block_unread(&in->block).n < LIMIT_HEAD_BYTES && block_fill(&in->block, PLACE_NONE))
        ;
    return str_first(block_unread(&in->block), LIMIT_HEAD_BYTES);
}

void lines_sparse(struct lines *in, const struct sieve *sieve)
{
    in->sparse.sieve = sieve;
}

void lines_advance(struct lines *in, size_t n)
{
    in->block.start += n;
    in->stats.bytes += n;
}

/* The place from which on bytes must stay in the block. */
static uint64_t kept_place(const struct lines *in)
{
    return in->mark.set ? in->mark.place : in->sparse.head;
}

void lines_skip_tail(struct lines *in)
{
    while (in->in_tail) {
        struct str rest = block_unread(&in->block);
        const char *nl = rest.n ? memchr(rest.p, '\n', rest.n) : NULL;

        lines_advance(in, nl ? (size_t)(nl - rest.p) + 1 : rest.n);
        if (nl || !block_fill(&in->block, PLACE_NONE)) {
            in->in_tail = !nl && in->block.waiting && in->pause != PAUSE_LAST;
            return;
        }
    }
}

/* Makes the block hold a whole line, or as much of it as is ever kept; *nl gets its end, if any. */
static struct str find_line(struct lines *in, const char **nl)
{
    size_t looked = 0;

    for (;;) {
        struct str rest = block_unread(&in->block);

        *nl = rest.n > looked ? memchr(rest.p + looked, '\n', rest.n - looked) : NULL;
        if (*nl)
            return str_first(rest, (size_t)(*nl - rest.p));
        if (rest.n > LIMIT_LINE_BYTES)
            return rest;
        looked = rest.n;
        if (!block_fill(&in->block, kept_place(in)))
            return rest;
    }
}

bool lines_cut(struct lines *in, struct line *out)
{
    const char *nl;
    struct str text = find_line(in, &nl);

    if (!nl && text.n == 0)
        return false;
    if (!nl && text.n <= LIMIT_LINE_BYTES && in->block.waiting && in->pause != PAUSE_LAST)
        return false;
    *out = (struct line){
        .text = str_first(text, LIMIT_LINE_BYTES),
        .number = ++in->number,
        .offset = block_place(&in->block),
        .cut = text.n > LIMIT_LINE_BYTES,
        .unterminated = !nl && text.n <= LIMIT_LINE_BYTES,
    };
    in->stats.lines++;
    in->stats.cut += out->cut;
    /* The kept part stays in its place until the next line is asked for. */
    in->in_tail = out->cut && !nl;
    lines_advance(in, nl ? text.n + 1 : out->text.n);
    if (!out->cut && str_ends(out->text, STR("\r")))
        out->text.n--;
    return true;
}

bool lines_failed(const struct lines *in, struct err *err)
{
    if (in->block.failed)
        *err = in->block.kept;
    return in->block.failed;
}

enum step lines_at_end(struct lines *in, struct err *err)
{
    in->waited |= in->block.waiting;
    if (in->block.waiting && in->pause != PAUSE_LAST)
        return STEP_WAIT;
    if (!in->block.failed)
        return STEP_END;
    if (err)
        *err = in->block.kept;
    return STEP_FAIL;
}

static enum step next_dense(struct lines *in, struct line *out, struct err *err)
{
    return lines_cut(in, out) ? STEP_RECORD : lines_at_end(in, err);
}

enum step lines_next(struct lines *in, struct line *out, struct err *err)
{
    enum step step = STEP_RECORD;

    if (in->unread) {
        in->unread = false;
        *out = in->last;
    } else {
        lines_skip_tail(in);
        if (in->in_tail)
            return lines_at_end(in, err);
        step = in->sparse.sieve && block_place(&in->block) >= LIMIT_DENSE_BYTES
                       ? sparse_next(in, out, err)
                       : next_dense(in, out, err);
    }
    if (step != STEP_RECORD)
        return step;
    in->last = *out;
    if (in->place.line == 0)
        in->place = (struct lines_place){ out->number, out->offset, out->context, out->gap };
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
    struct block *b = &in->block;
    struct str taken;

    lines_skip_tail(in);
    while (block_unread(b).n < keep && block_fill(b, kept_place(in)))
        ;
    taken = str_first(block_unread(b), keep);
    count_newlines(in, taken);
    lines_advance(in, taken.n);
    n -= taken.n;
    if (n == 0 || taken.n < keep) {
        *out = taken;
        in->waited |= n > 0 && b->waiting;
        return n == 0 || taken.n ? STEP_RECORD : lines_at_end(in, err);
    }
    /* Longer than what is kept: copy the head aside before the block moves. */
    *out = join_add(lines_joiner(in), taken);
    while (n) {
        struct str part = str_first(block_unread(b), n < SIZE_MAX ? (size_t)n : SIZE_MAX);

        count_newlines(in, part);
        lines_advance(in, part.n);
        n -= part.n;
        if (n && !block_fill(b, kept_place(in)))
            return lines_at_end(in, err);
    }
    in->stats.cut++;
    return STEP_RECORD;
}

void lines_want(struct lines *in, uint32_t n)
{
    if (in->sparse.want < n)
        in->sparse.want = n;
}

struct lines_stats lines_stats(const struct lines *in)
{
    return in->stats;
}
