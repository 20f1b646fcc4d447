/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Leaving out lines that nobody wants; see lines.h.
 *
 * One search (sieve->next_hit) over the raw bytes tells where the next interesting place is; a skim
 * of every line tells whether a record starts there, its level and its stamp. Wanted are: lines
 * that hold a hit, error levels, stamps that fall back, whatever belongs to the record of such a
 * line, and the lines that somebody asked for with lines_want(). Skimming each line costs little
 * more than finding its end, and makes boots, levels and counts exact.
 *
 * Nearly all lines are left out, so they have a loop of their own (skip_lines()); whatever is
 * special goes through take_line().
 */
#include "parsers/cutter.h"

#include "analyzer/core/limits.h"
#include "parsers/parser.h"

#include <string.h>

/* Does a hit stand in [from, to)? A place is searched once, or as often as its line is passed. */
static bool hit_in(struct lines *in, uint64_t from, uint64_t to)
{
    struct sparse *s = &in->sparse;
    struct str bytes = { .p = in->block.p, .n = in->block.end };
    size_t at;

    if (s->hit != PLACE_NONE && s->hit < from)
        s->hit = PLACE_NONE;
    if (s->hit == PLACE_NONE && s->searched < to) {
        at = s->sieve->next_hit(s->sieve->ctx, bytes, (size_t)(from - in->block.base));
        s->hit = at == SIZE_MAX ? PLACE_NONE : in->block.base + at;
        s->searched = in->block.base + (at == SIZE_MAX ? in->block.end : at);
    }
    return s->hit < to;
}

static bool falls_back(const struct sparse *s, int64_t mono_us)
{
    return mono_us != TIME_UNKNOWN && s->last_mono != TIME_UNKNOWN && mono_us < s->last_mono;
}

static void start_record(struct sparse *s, uint64_t place, uint64_t number, enum skim_kind kind)
{
    s->head = place;
    s->head_number = number;
    s->head_odd = kind == SKIM_OTHER;
    s->head_mono = s->last_mono;
}

/*
 * Passes over whole lines of the block as long as nobody wants them, none belongs to a wanted
 * record and none is too long.
 */
static void skip_lines(struct lines *in)
{
    struct sparse *s = &in->sparse;
    struct block *b = &in->block;
    uint64_t clear = s->hit < s->searched ? s->hit : s->searched; /* no hits before */

    while (b->start < b->end) {
        struct skim skim = { .kind = SKIM_OTHER, .level = LEVEL_UNKNOWN, .mono_us = TIME_UNKNOWN };
        struct str text = block_unread(b);
        const char *nl = memchr(text.p, '\n', text.n);
        size_t n = nl ? (size_t)(nl - text.p) : SIZE_MAX;

        if (n > LIMIT_LINE_BYTES || block_place(b) + n > clear)
            return;
        text.n = n && text.p[n - 1] == '\r' ? n - 1 : n;
        s->sieve->parser->skim(text, &skim);
        if (skim.level <= LEVEL_ERR || skim.wanted || falls_back(s, skim.mono_us))
            return;
        in->number++;
        if (skim.kind != SKIM_CONT)
            start_record(s, block_place(b), in->number, skim.kind);
        else if (in->number - s->head_number > LIMIT_RECORD_LINES)
            s->head = PLACE_NONE;
        if (skim.mono_us != TIME_UNKNOWN)
            s->last_mono = skim.mono_us;
        in->stats.lines++;
        in->stats.skipped++;
        in->stats.skipped_heads += skim.kind != SKIM_OTHER;
        lines_advance(in, n + 1);
    }
}

/*
 * Was the record above the place `end` left out, and is it still in the block? A window that was
 * full of it has moved on.
 */
static bool can_go_back(const struct lines *in, uint64_t end)
{
    const struct sparse *s = &in->sparse;

    return s->head != PLACE_NONE && s->head >= in->block.base && s->head < end;
}

/* Goes back to the head of the record above: its lines, and `more` behind them, are wanted. */
static void rewind_to_head(struct lines *in, uint32_t more)
{
    struct sparse *s = &in->sparse;
    uint64_t lines_back = in->number + 1 - s->head_number;

    in->stats.lines -= lines_back;
    in->stats.skipped -= lines_back;
    in->stats.skipped_heads -= lines_back - s->head_odd;
    in->stats.bytes = s->head;
    in->block.start = (size_t)(s->head - in->block.base);
    in->number = s->head_number - 1;
    in->in_tail = false;
    s->last_mono = s->head_mono;
    s->head = PLACE_NONE;
    if (s->want < lines_back + more)
        s->want = (uint32_t)lines_back + more;
}

/* Gives back a line; rewind_to_head() sets the rest. */
static void uncut(struct lines *in, const struct line *line)
{
    in->stats.lines--;
    in->stats.cut -= line->cut;
    in->number--;
}

enum verdict { LEAVE_OUT, TAKE, GO_BACK };

/* What to do with a line that may be special. */
static enum verdict judge(struct lines *in, struct line *line, enum skim_kind kind, bool wanted)
{
    struct sparse *s = &in->sparse;
    bool was_wanted = s->in_wanted;

    line->context = !wanted;
    if (s->want) {
        s->want--;
        s->in_wanted = true;
        return TAKE;
    }
    if (kind != SKIM_CONT) {
        /* The line after a wanted record is returned, too: it ends that record. */
        s->in_wanted = wanted;
        return wanted || was_wanted ? TAKE : LEAVE_OUT;
    }
    if (was_wanted)
        return TAKE;
    s->in_wanted = wanted && !can_go_back(in, line->offset);
    if (wanted)
        return s->in_wanted ? TAKE : GO_BACK;
    return LEAVE_OUT;
}

static enum verdict take_line(struct lines *in, struct line *line)
{
    struct sparse *s = &in->sparse;
    struct skim skim = { .kind = SKIM_OTHER, .level = LEVEL_UNKNOWN, .mono_us = TIME_UNKNOWN };
    enum verdict verdict;
    bool wanted;

    s->sieve->parser->skim(line->text, &skim);
    wanted = hit_in(in, line->offset, line->offset + line->text.n) || falls_back(s, skim.mono_us) ||
             skim.level <= LEVEL_ERR || skim.wanted;
    verdict = judge(in, line, skim.kind, wanted);
    if (verdict == GO_BACK)
        return verdict;
    if (verdict == LEAVE_OUT && skim.kind != SKIM_CONT)
        start_record(s, line->offset, line->number, skim.kind);
    else if (verdict == TAKE)
        s->head = PLACE_NONE;
    if (verdict == TAKE && in->stats.skipped != s->told)
        line->gap = (struct gap){ line->number - 1, s->last_mono };
    if (verdict == TAKE)
        s->told = in->stats.skipped;
    if (skim.mono_us != TIME_UNKNOWN)
        s->last_mono = skim.mono_us;
    if (verdict == LEAVE_OUT) {
        in->stats.skipped++;
        in->stats.skipped_heads += skim.kind != SKIM_OTHER;
    } else if (!s->in_wanted) {
        /* It is out already, as the end of the record above; what follows it may be wanted yet. */
        start_record(s, block_place(&in->block), line->number + 1, SKIM_CONT);
    }
    return verdict;
}

enum step sparse_next(struct lines *in, struct line *out, struct err *err)
{
    for (;;) {
        lines_skip_tail(in);
        if (!in->sparse.want && !in->sparse.in_wanted)
            skip_lines(in);
        if (!lines_cut(in, out)) {
            if (!can_go_back(in, block_place(&in->block)))
                return lines_at_end(in, err);
            rewind_to_head(in, 0);
            continue;
        }
        switch (take_line(in, out)) {
        case TAKE: return STEP_RECORD;
        case GO_BACK:
            uncut(in, out);
            rewind_to_head(in, 1);
            break;
        case LEAVE_OUT: break;
        }
    }
}
