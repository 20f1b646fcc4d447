/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text without a form, every line a record: what no format explains, and what journalctl -o cat
 * writes, the messages and nothing else. Nothing in such a file tells what it is, so there is no
 * bid for it. It is read as the journal's when the caller says so, and its lines then count as
 * understood; otherwise the report says that they are not.
 */
#include "parsers/kernel_text.h"
#include "parsers/parser.h"

static unsigned probe(const struct head *head)
{
    (void)head;
    return 0;
}

static enum step next_understood(void *state, struct lines *in, struct record *out, struct err *err)
{
    struct line line;
    enum step step = lines_next(in, &line, err);

    (void)state;
    if (step == STEP_RECORD)
        out->text = line.text;
    return step;
}

static enum step next(void *state, struct lines *in, struct record *out, struct err *err)
{
    enum step step = next_understood(state, in, out, err);

    if (step != STEP_RECORD)
        return step;
    out->text = kernel_text_unquote(out->text);
    out->flags |= RECORD_UNPARSED;
    return step;
}

const struct parser parser_journal_cat = {
    .name = "journal-cat",
    .title = "journalctl -o cat (never detected: its lines are bare text)",
    .probe = probe,
    .next = next_understood,
};

const struct parser parser_plain = {
    .name = "plain",
    .title = "plain lines of no known format",
    .probe = probe,
    .next = next,
};
