/* SPDX-License-Identifier: Apache-2.0 */
/* The head of a /dev/kmsg record; see kmsg_record.h. */
#include "parsers/kmsg_record.h"

#include "parsers/printk.h"

/* include/linux/syslog.h: seven bits of facility, three of level. */
#define PRIORITY_MAX 1023

/* ",caller=T12" among other fields. */
static void find_caller(struct str fields, struct record *out)
{
    size_t at = str_find(fields, STR(",caller="));

    if (at == STR_NOT_FOUND)
        return;
    fields = str_from_at(fields, at + 8);
    out->caller = str_first(fields, str_find_char(fields, ','));
}

bool kmsg_take_head(struct str *in, struct record *out, struct str *fields)
{
    struct str s = *in, rest;
    uint64_t priority, seq, us;
    char flag;

    if (!str_take_u64(&s, &priority) || priority > PRIORITY_MAX || !str_take_char(&s, ',') ||
        !str_take_u64(&s, &seq) || !str_take_char(&s, ',') || !str_take_u64(&s, &us) ||
        us / 1000000 > MONO_SEC_MAX || !str_take_char(&s, ',') || !str_take_any(&s, &flag) ||
        (flag != '-' && flag != 'c' && flag != '+') || !str_take_until(&s, ';', &rest) ||
        (rest.n && rest.p[0] != ','))
        return false;
    out->level = (enum level)(priority & 7);
    if (priority >> 3 < FACILITY_COUNT)
        out->facility = (enum facility)(priority >> 3);
    out->origin = priority >> 3 ? ORIGIN_GUEST_USER : ORIGIN_GUEST_KERNEL;
    out->seq = seq;
    out->has_seq = true;
    out->mono_us = (int64_t)us;
    find_caller(rest, out);
    if (fields)
        *fields = rest;
    *in = s;
    return true;
}

struct str kmsg_decode(struct joiner *j, struct str s)
{
    struct str out;
    size_t at = str_find(s, STR("\\x"));

    if (at == STR_NOT_FOUND)
        return s;
    out = join_add(j, (struct str){ 0 });
    while (s.n) {
        int high = -1, low = -1;
        char byte;

        out.n += join_add(j, str_first(s, at)).n;
        s = str_from_at(s, at);
        if (s.n >= 4) {
            high = char_hex(s.p[2]);
            low = char_hex(s.p[3]);
        }
        byte = (char)(high * 16 + low);
        if (high >= 0 && low >= 0)
            out.n += join_add(j, (struct str){ .p = &byte, .n = 1 }).n;
        else
            out.n += join_add(j, str_first(s, 2)).n;
        s = str_from_at(s, high >= 0 && low >= 0 ? 4 : 2);
        at = str_find(s, STR("\\x"));
    }
    return out;
}
