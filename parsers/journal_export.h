/* SPDX-License-Identifier: Apache-2.0 */
/* The export form's parser, which also reads what journal_file.c makes of journal files. */
#pragma once

#include "parsers/journal.h"
#include "parsers/parser.h"

struct journal_export {
    bool open; /* fields of an entry were taken */
    struct joiner *joiner;
    struct journal_entry entry; /* its values stand in the joiner */
    struct lines_place start;
    bool cut;
};

/* parser_journal_export's `next`; `state` is a struct journal_export. */
enum step journal_export_next(void *state, struct lines *in, struct record *out, struct err *err);
