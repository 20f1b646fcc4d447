/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journalctl -o verbose: a head with stamp and cursor, then the fields of the entry, indented.
 *
 *     Fri 2026-11-20 23:48:02.816229 UTC
 * [s=33731145a85d…;i=1;b=7a0d…;m=23c1ca8;t=660bddff664e5;x=f…] _TRANSPORT=kernel MESSAGE=first line
 *                 second line
 *
 * The head's own stamp is local time; the cursor tells it in UTC (t) together with the guest's
 * clock (m) and the boot (b). Source: systemd src/shared/logs-show.c, output_verbose().
 */
#include "parsers/journal.h"
#include "parsers/parser.h"

enum { FIELD_INDENT = 4 };

/* The cursor of a head line; false when `line` is none. */
static bool take_head(struct str line, struct str *cursor)
{
    struct str stamp, id;
    struct str s = line;

    if (s.n == 0 || char_is_space(s.p[0]) || !str_take_until_str(&s, STR(" [s="), &stamp) ||
        stamp.n > 64 || !str_take_until(&s, ';', &id) || !str_starts(s, STR("i=")))
        return false;
    *cursor = str_from_at(line, stamp.n + 2);
    if (str_ends(*cursor, STR("]")))
        cursor->n--;
    return true;
}

/* "    NAME=value" */
static bool take_field(struct str line, struct str *name, struct str *value)
{
    return str_take_spaces(&line) == FIELD_INDENT && str_take_until(&line, '=', name) &&
           journal_name_valid(*name) && (*value = line, true);
}

static unsigned probe(const struct head *head)
{
    unsigned explained = 0;
    bool proof = false;

    for (size_t i = 0; i < head->n_lines; i++) {
        struct str cursor, name, value;
        bool is_head = take_head(head->lines[i], &cursor);

        proof |= is_head;
        explained += is_head || take_field(head->lines[i], &name, &value);
    }
    return proof ? explained : 0;
}

/* Takes the indented lines below a head. */
static void take_fields(struct lines *in, struct joiner *j, struct journal_entry *entry)
{
    struct str *last = NULL; /* the value that a continuation belongs to */
    size_t indent = 0;
    struct line line;

    while (lines_next(in, &line, NULL) == STEP_RECORD) {
        struct str name, value;
        struct record mark;
        enum journal_field field;

        if (take_field(line.text, &name, &value)) {
            last = journal_field_find(name, &field) && entry->value[field].p == NULL
                           ? &entry->value[field]
                           : NULL;
            indent = FIELD_INDENT + name.n + 1;
            if (last)
                *last = join_add(j, value);
        } else if (line.text.n == 0 || char_is_space(line.text.p[0])) {
            if (last)
                *last = join_line(j, *last, str_unindent(line.text, indent));
        } else if (record_init(&mark), journal_mark(line.text, &mark) != JOURNAL_MARK_SKIP) {
            lines_unread(in);
            return;
        }
    }
}

static enum step next(void *state, struct lines *in, struct record *out, struct err *err)
{
    struct journal_entry entry = { 0 };
    struct joiner *j;
    struct line line;
    struct str cursor;

    (void)state;
    do {
        enum step step = lines_next(in, &line, err);

        if (step != STEP_RECORD)
            return step;
        switch (journal_mark(line.text, out)) {
        case JOURNAL_MARK_BOOT: return STEP_RECORD;
        case JOURNAL_MARK_SKIP: line.text.n = 0; break;
        case JOURNAL_MARK_NONE: break;
        }
    } while (line.text.n == 0);
    if (!take_head(line.text, &cursor)) {
        out->text = line.text;
        out->flags |= RECORD_UNPARSED;
        return STEP_RECORD;
    }
    out->line = line.number;
    out->offset = line.offset;
    j = lines_joiner(in);
    entry.value[JOURNAL_CURSOR] = join_add(j, cursor);
    take_fields(in, j, &entry);
    journal_fill(&entry, out);
    if (j->cut)
        out->flags |= RECORD_CUT;
    return STEP_RECORD;
}

const struct parser parser_journal_verbose = {
    .name = "journal-verbose",
    .title = "journalctl -o verbose",
    .probe = probe,
    .next = next,
};
