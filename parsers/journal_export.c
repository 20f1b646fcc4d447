/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journalctl -o export, systemd-journal-remote: entries of NAME=value lines, a blank line behind
 * each. A value that holds a newline or is no printable text stands behind its name's own line,
 * led by its length:
 *
 *     MESSAGE\n
 *     <64 bits, little endian> the bytes \n
 *
 * Source: https://systemd.io/JOURNAL_EXPORT_FORMATS/
 */
#include "parsers/journal_export.h"

#include "analyzer/core/limits.h"

/* journald accepts no longer field (journal-importer.h, DATA_SIZE_MAX): a length beyond is damage.
 */
#define FIELD_BYTES_MAX ((uint64_t)768 << 20)

static unsigned probe(const struct head *head)
{
    unsigned explained = 0;
    bool proof = false;

    for (size_t i = 0; i < head->n_lines; i++) {
        struct str line = head->lines[i], name;

        proof |= str_starts(line, STR("__CURSOR=s=")) ||
                 str_starts(line, STR("__REALTIME_TIMESTAMP="));
        explained += str_take_until(&line, '=', &name) && journal_name_valid(name);
    }
    return proof ? explained : 0;
}

static void begin_entry(struct journal_export *s, struct lines *in, const struct line *line)
{
    *s = (struct journal_export){ .open = true, .joiner = lines_joiner(in) };
    s->start = (struct lines_place){ .line = line->number, .offset = line->offset };
}

static enum step end_entry(struct journal_export *s, struct record *out)
{
    journal_fill(&s->entry, out);
    out->line = s->start.line;
    out->offset = s->start.offset;
    if (s->cut || s->joiner->cut)
        out->flags |= RECORD_CUT;
    s->open = false;
    return STEP_RECORD;
}

/* Of a field that an entry has several times the first value counts. */
static void keep_value(struct journal_export *s, struct str name, struct str value)
{
    enum journal_field field;

    if (journal_field_find(name, &field) && s->entry.value[field].p == NULL)
        s->entry.value[field] = join_add(s->joiner, value);
}

/* The value behind a line that is only a name. False when it is torn or no such value. */
static bool take_binary(struct journal_export *s, struct lines *in, struct str name)
{
    struct line newline;
    struct str bytes;
    uint64_t length = 0;
    char name_bytes[64];
    bool first = true;

    for (size_t i = 0; i < name.n; i++)
        name_bytes[i] = name.p[i];
    name.p = name_bytes;
    if (lines_take_bytes(in, 8, &bytes, NULL) != STEP_RECORD || bytes.n < 8)
        return false;
    for (size_t i = 8; i-- > 0;)
        length = length << 8 | (unsigned char)bytes.p[i];
    if (length > FIELD_BYTES_MAX)
        return false;
    /* In parts, because more than LIMIT_LINE_BYTES at once would use our joiner. */
    do {
        uint64_t part = length < LIMIT_LINE_BYTES ? length : LIMIT_LINE_BYTES;

        if (lines_take_bytes(in, part, &bytes, NULL) != STEP_RECORD)
            return false;
        if (first)
            keep_value(s, name, bytes);
        s->cut |= !first && bytes.n;
        first = false;
        length -= part;
        if (bytes.n < part)
            return false;
    } while (length);
    return lines_next(in, &newline, NULL) == STEP_RECORD && newline.text.n == 0;
}

/* Takes the field that `line` is or begins; false when it is none. */
static bool take_field(struct journal_export *s, struct lines *in, const struct line *line)
{
    struct str value = line->text, name;

    if (str_take_until(&value, '=', &name) && journal_name_valid(name)) {
        keep_value(s, name, value);
        s->cut |= line->cut;
        return true;
    }
    if (!journal_name_valid(line->text))
        return false;
    s->cut |= !take_binary(s, in, line->text);
    return true;
}

enum step journal_export_next(void *state, struct lines *in, struct record *out, struct err *err)
{
    struct journal_export *s = state;

    for (;;) {
        struct line line;
        enum step step = lines_next(in, &line, err);
        bool opened = s->open;

        if (step == STEP_WAIT)
            return step;
        if (step != STEP_RECORD)
            return s->open ? end_entry(s, out) : step;
        if (line.text.n == 0) {
            if (s->open)
                return end_entry(s, out);
            continue;
        }
        if (!opened)
            begin_entry(s, in, &line);
        if (take_field(s, in, &line))
            continue;
        if (opened) {
            lines_unread(in);
            return end_entry(s, out);
        }
        s->open = false;
        out->text = line.text;
        out->flags |= RECORD_UNPARSED;
        return STEP_RECORD;
    }
}

const struct parser parser_journal_export = {
    .name = "journal-export",
    .title = "journalctl -o export",
    .probe = probe,
    .next = journal_export_next,
    .state_bytes = sizeof(struct journal_export),
};
