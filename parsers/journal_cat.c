/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journalctl -o cat: the messages and nothing else. Nothing in such a file tells what it is, so
 * there is no bid for it: it is read as this format when the caller says so, and as plain lines
 * otherwise. The difference is that these lines count as understood.
 */
#include "parsers/parser.h"

static unsigned probe(const struct head *head)
{
    (void)head;
    return 0;
}

static enum step next(void *state, struct lines *in, struct record *out, struct err *err)
{
    struct line line;
    enum step step = lines_next(in, &line, err);

    (void)state;
    if (step == STEP_RECORD)
        out->text = line.text;
    return step;
}

const struct parser parser_journal_cat = {
    .name = "journal-cat",
    .title = "journalctl -o cat (never detected: its lines are bare text)",
    .probe = probe,
    .next = next,
};
