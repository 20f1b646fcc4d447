/* SPDX-License-Identifier: Apache-2.0 */
/* Anything that no format explains: every line a record, and the report says so. */
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
    if (step != STEP_RECORD)
        return step;
    out->text = line.text;
    out->flags |= RECORD_UNPARSED;
    return STEP_RECORD;
}

const struct parser parser_plain = {
    .name = "plain",
    .title = "plain lines of no known format",
    .probe = probe,
    .next = next,
};
