/* SPDX-License-Identifier: Apache-2.0 */
/* journalctl -o json, json-pretty, json-sse, json-seq: an entry is an object of strings. */
#include "parsers/journal.h"
#include "parsers/json.h"
#include "parsers/parser.h"

/* An object that holds one of these is an entry of the journal. */
static const struct str proofs[] = {
    { STR_INIT("\"__REALTIME_TIMESTAMP\"") },
    { STR_INIT("\"__CURSOR\"") },
    { STR_INIT("\"_BOOT_ID\"") },
};

static bool proven(struct str line)
{
    for (size_t i = 0; i < sizeof proofs / sizeof proofs[0]; i++)
        if (str_find(line, proofs[i]) != STR_NOT_FOUND)
            return true;
    return false;
}

/* `"_TRANSPORT" : "kernel",`: one member of an object printed over many lines. */
static bool is_member(struct str line)
{
    struct str name;

    if (!str_take_spaces(&line) || !str_take_char(&line, '"') ||
        !str_take_until(&line, '"', &name) || !journal_name_valid(name))
        return false;
    str_take_spaces(&line);
    return str_starts(line, STR(":"));
}

/* `{"MESSAGE":"…", …}`, whatever stands before it. */
static bool is_object(struct str line)
{
    str_take_char(&line, '\x1e');
    str_take(&line, STR("data:"));
    str_take_spaces(&line);
    str_take_char(&line, '[');
    return str_starts(line, STR("{"));
}

static unsigned probe(const struct head *head)
{
    unsigned explained = 0;
    bool proof = false;

    for (size_t i = 0; i < head->n_lines; i++) {
        struct str line = head->lines[i];
        bool own = is_object(line) || is_member(line) || str_starts(line, STR("}"));

        proof |= own && proven(line);
        explained += own;
    }
    return proof ? explained : 0;
}

static enum step next(void *state, struct lines *in, struct record *out, struct err *err)
{
    struct json_field fields[JOURNAL_FIELDS + 1] = { 0 };
    struct journal_entry entry = { 0 };
    enum step step;

    for (unsigned i = 0; i < JOURNAL_FIELDS; i++)
        fields[i].name = journal_field_name((enum journal_field)i).p;
    step = json_next(state, in, fields, out, err);
    if (step != STEP_RECORD || out->flags & RECORD_UNPARSED)
        return step;
    for (unsigned i = 0; i < JOURNAL_FIELDS; i++)
        entry.value[i] = fields[i].text;
    if (fields[JOURNAL_MESSAGE].kind == FIELD_NULL)
        out->flags |= RECORD_CUT; /* longer than 4 KiB, and journalctl ran without --all */
    journal_fill(&entry, out);
    return STEP_RECORD;
}

const struct parser parser_journal_json = {
    .name = "journal-json",
    .title = "journalctl -o json, json-pretty, json-sse, json-seq",
    .probe = probe,
    .next = next,
    .state_bytes = sizeof(struct json_stream),
};
