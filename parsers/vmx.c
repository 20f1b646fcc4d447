/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A VM's configuration file: every line a setting of section CONFIGURATION, in the words that
 * vmware.log dumps, too. Comments and empty lines are no records.
 */
#include "parsers/dict.h"
#include "parsers/parser.h"

/* Other dictionaries (preferences.ini, .vmsd) have none of these. */
static const struct str known_keys[] = {
    { STR_INIT("config.version") },
    { STR_INIT("virtualHW.version") },
    { STR_INIT("displayName") },
    { STR_INIT("guestOS") },
};

static bool is_known(struct str key)
{
    for (size_t i = 0; i < sizeof known_keys / sizeof known_keys[0]; i++)
        if (str_eq_nocase(key, known_keys[i]))
            return true;
    return false;
}

/* "scsi0:0.fileName" */
static bool is_key(struct str key)
{
    for (size_t i = 0; i < key.n; i++) {
        char c = key.p[i];

        if (!char_is_alnum(c) && c != '.' && c != ':' && c != '_' && c != '-')
            return false;
    }
    return key.n != 0;
}

/* Notepad puts a byte order mark before the first line. */
static struct str without_bom(struct str line, uint64_t number)
{
    if (number == 1)
        str_take(&line, STR("\xef\xbb\xbf"));
    return line;
}

static unsigned probe(const struct head *head)
{
    unsigned fits = 0, odd = 0, known = 0;

    for (size_t i = 0; i < head->n_lines; i++) {
        struct str line = without_bom(head->lines[i], i + 1), key, raw;

        if (dict_is_blank(line))
            continue;
        if (!dict_take_setting(line, &key, &raw) || !is_key(key)) {
            odd++;
            continue;
        }
        fits++;
        known += is_known(key);
    }
    return known >= 2 && odd <= fits / 10 ? fits : 0;
}

static enum step next(void *state, struct lines *in, struct record *out, struct err *err)
{
    struct line line;
    enum step step;

    (void)state;
    while ((step = lines_next(in, &line, err)) == STEP_RECORD) {
        struct str text = without_bom(line.text, line.number), raw;
        struct joiner *j;

        if (dict_is_blank(text))
            continue;
        j = lines_joiner(in);
        out->origin = ORIGIN_HOST;
        out->text = text;
        out->line = line.number;
        out->offset = line.offset;
        if (dict_take_setting(text, &out->key, &raw)) {
            out->value = dict_value(raw, j);
            out->kind = RECORD_SETTING;
            out->section = STR("CONFIGURATION");
        } else {
            out->flags |= RECORD_UNPARSED;
        }
        if (line.cut || j->cut)
            out->flags |= RECORD_CUT;
        return STEP_RECORD;
    }
    return step;
}

const struct parser parser_vmx = {
    .name = "vmx",
    .title = "configuration of a VMware VM (.vmx)",
    .probe = probe,
    .next = next,
};
