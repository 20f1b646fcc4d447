/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What read(2) of /dev/kmsg returns, one record a line; see kmsg_record.h. Lines that begin with a
 * blank are the device of the record above (" SUBSYSTEM=pci") and say nothing that its text does
 * not. util-linux's dmesg --kmsg-file wants a NUL after each record: such files exist, too.
 */
#include "parsers/kmsg_record.h"
#include "parsers/parser.h"

static struct str without_nul(struct str s)
{
    while (s.n && s.p[0] == '\0')
        s = str_from_at(s, 1);
    return s;
}

/* " SUBSYSTEM=pci" */
static bool is_device_line(struct str s)
{
    return s.n > 2 && s.p[0] == ' ' && char_is_alpha(s.p[1]) &&
           str_find_char(s, '=') != STR_NOT_FOUND;
}

static enum step next(void *state, struct lines *in, struct record *out, struct err *err)
{
    struct joiner *joined;
    struct line line;
    struct str s;
    enum step step;

    (void)state;
    do
        step = lines_next(in, &line, err);
    while (step == STEP_RECORD && without_nul(line.text).n == 0);
    if (step != STEP_RECORD)
        return step;
    s = without_nul(line.text);
    out->line = line.number;
    out->offset = line.offset;
    if (line.cut)
        out->flags |= RECORD_CUT;
    joined = lines_joiner(in);
    if (!kmsg_take_head(&s, out, NULL)) {
        out->flags |= RECORD_UNPARSED;
        out->text = s;
        return STEP_RECORD;
    }
    out->caller = join_add(joined, out->caller);
    out->text = kmsg_decode(joined, s);
    if (out->text.p == s.p)
        out->text = join_add(joined, s);
    if (joined->cut)
        out->flags |= RECORD_CUT;
    while (lines_next(in, &line, err) == STEP_RECORD) {
        if (is_device_line(line.text))
            continue;
        lines_unread(in);
        break;
    }
    return STEP_RECORD;
}

static void skim(struct str line, struct skim *out)
{
    struct record r;

    line = without_nul(line);
    if (is_device_line(line) || line.n == 0) {
        out->kind = SKIM_CONT;
        return;
    }
    record_init(&r);
    if (!kmsg_take_head(&line, &r, NULL))
        return;
    out->kind = SKIM_HEAD;
    out->level = r.level;
    out->mono_us = r.mono_us;
}

static unsigned probe(const struct head *head)
{
    unsigned bid = 0;

    for (size_t i = 0; i < head->n_lines; i++) {
        struct skim look = { .kind = SKIM_OTHER };

        skim(head->lines[i], &look);
        bid += look.kind == SKIM_HEAD || (look.kind == SKIM_CONT && bid && head->lines[i].n);
    }
    return bid;
}

const struct parser parser_kmsg = {
    .name = "kmsg",
    .title = "records as read from /dev/kmsg",
    .probe = probe,
    .next = next, /* no skim: gaps in the sequence show only when every line is read */
};
