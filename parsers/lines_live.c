/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines of live input; see lines.h. A parser need not know that its input is live: when the lines
 * of a record are not all there yet, the reader goes back to where the record began and tries again
 * when more has come. The bytes from there on stay in the block.
 */
#include "parsers/cutter.h"

void lines_pause(struct lines *in, enum lines_pause pause)
{
    in->pause = pause;
}

/* A line that was given back is cut again: its text would not survive a move of the block. */
static bool uncut_last(struct lines *in)
{
    uint64_t back = block_place(&in->block) - in->last.offset;

    if (in->last.offset < in->block.base || back > in->block.start)
        return false;
    in->block.start -= (size_t)back;
    in->number--;
    in->stats.bytes -= back;
    in->stats.lines--;
    in->stats.cut -= in->last.cut;
    in->in_tail = false;
    in->unread = false;
    return true;
}

void lines_set_mark(struct lines *in)
{
    in->waited = false;
    in->mark.set = !in->unread || uncut_last(in);
    if (!in->mark.set)
        return;
    in->mark.place = block_place(&in->block);
    in->mark.number = in->number;
    in->mark.stats = in->stats;
    in->mark.in_tail = in->in_tail;
}

bool lines_back(struct lines *in)
{
    if (!in->waited || in->pause != PAUSE_WAIT || !in->mark.set || in->mark.place < in->block.base)
        return false;
    in->block.start = (size_t)(in->mark.place - in->block.base);
    in->number = in->mark.number;
    in->stats = in->mark.stats;
    in->in_tail = in->mark.in_tail;
    in->unread = false;
    return true;
}

bool lines_ended(const struct lines *in)
{
    return in->block.eof;
}

void lines_restart(struct lines *in)
{
    in->block.start = in->block.end = 0;
    in->block.base = 0;
    in->block.waiting = false;
    in->number = 0;
    in->unread = in->in_tail = in->waited = false;
    in->mark.set = false;
}
