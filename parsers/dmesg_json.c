/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dmesg --json of util-linux:
 *
 *     {
 *        "dmesg": [
 *           {
 *              "pri": 5,
 *              "time":     0.000000,
 *              "caller": "T0",
 *              "msg": "Linux version …"
 *           },{
 *
 * With -x there are "fac": "kern" and "pri": "notice". Before 2.41 "pri" is facility OR level
 * without the shift, so that a daemon's record (3 | 6) looks like one of the kernel (7).
 */
#include "parsers/json.h"
#include "parsers/parser.h"
#include "parsers/printk.h"

enum { FIELD_MSG, FIELD_TIME, FIELD_PRI, FIELD_LEVEL, FIELD_FAC, FIELD_CALLER, FIELD_COUNT };

static bool take_blank(struct str *in)
{
    struct str s = *in;

    while (s.n && (char_is_space(s.p[0]) || s.p[0] == '\n' || s.p[0] == '\r'))
        s = str_from_at(s, 1);
    *in = s;
    return true;
}

static unsigned probe(const struct head *head)
{
    struct str s = head->bytes;

    return take_blank(&s) && str_take_char(&s, '{') && take_blank(&s) &&
                           str_take(&s, STR("\"dmesg\"")) && take_blank(&s) &&
                           str_take_char(&s, ':') && take_blank(&s) && str_take_char(&s, '[')
                   ? PROBE_MAGIC
                   : 0;
}

static void fill_priority(const struct json_field *f, struct record *out)
{
    const struct json_field *pri = &f[FIELD_PRI];

    if (pri->kind == FIELD_NUMBER && pri->number >= 0 && pri->number < FACILITY_COUNT * 8) {
        out->level = (enum level)(pri->number & 7);
        out->facility = (enum facility)(pri->number >> 3);
    }
    level_from_name(pri->text, &out->level);
    level_from_name(f[FIELD_LEVEL].text, &out->level);
    facility_from_name(f[FIELD_FAC].text, &out->facility);
}

static enum step next(void *state, struct lines *in, struct record *out, struct err *err)
{
    struct json_field f[FIELD_COUNT + 1] = {
        [FIELD_MSG] = { .name = "msg" }, [FIELD_TIME] = { .name = "time" },
        [FIELD_PRI] = { .name = "pri" }, [FIELD_LEVEL] = { .name = "level" },
        [FIELD_FAC] = { .name = "fac" }, [FIELD_CALLER] = { .name = "caller" },
    };
    enum step step = json_next(state, in, f, out, err);
    int64_t limit = (int64_t)MONO_SEC_MAX * 1000000;

    if (step != STEP_RECORD || out->flags & RECORD_UNPARSED)
        return step;
    out->text = f[FIELD_MSG].text;
    while (out->text.n && out->text.p[out->text.n - 1] == '\n')
        out->text.n--;
    if (f[FIELD_TIME].micros >= 0 && f[FIELD_TIME].micros <= limit)
        out->mono_us = f[FIELD_TIME].micros;
    out->caller = f[FIELD_CALLER].text;
    fill_priority(f, out);
    out->origin = printk_origin(out);
    return STEP_RECORD;
}

const struct parser parser_dmesg_json = {
    .name = "dmesg-json",
    .title = "dmesg --json",
    .probe = probe,
    .next = next,
    .state_bytes = sizeof(struct json_stream),
};
