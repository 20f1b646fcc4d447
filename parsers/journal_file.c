/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The files of systemd-journald (/var/log/journal/…/system.journal): the format. input.c turns them
 * into the export form (journal_source.c) like something compressed, and what comes out is read by
 * journal_export.c.
 */
#include "parsers/journal_export.h"
#include "parsers/journal_object.h"

struct journal_file {
    uint64_t n_records;
    struct journal_export export;
};

static unsigned probe(const struct head *head)
{
    return str_starts(head->bytes, STR(JOURNAL_MAGIC)) ? PROBE_MAGIC : 0;
}

/* Lines are those of the export form, which nobody sees: the place of a record is its number. */
static enum step next(void *state, struct lines *in, struct record *out, struct err *err)
{
    struct journal_file *f = state;
    enum step step = journal_export_next(&f->export, in, out, err);

    if (step == STEP_RECORD)
        out->line = ++f->n_records;
    return step;
}

const struct parser parser_journal_file = {
    .name = "journal",
    .title = "the files of systemd-journald",
    .probe = probe,
    .next = next,
    .state_bytes = sizeof(struct journal_file),
};
