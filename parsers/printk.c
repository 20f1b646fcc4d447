/* SPDX-License-Identifier: Apache-2.0 */
/* The prefix of kernel text; see printk.h. */
#include "parsers/printk.h"

bool printk_take_priority(struct str *in, enum level *level, enum facility *facility)
{
    struct str s = *in;
    uint64_t priority;

    if (!str_take_char(&s, '<') || !str_take_u64(&s, &priority) || priority > 191 ||
        !str_take_char(&s, '>'))
        return false;
    *level = (enum level)(priority & 7);
    *facility = (enum facility)(priority >> 3);
    *in = s;
    return true;
}

bool printk_take_stamp(struct str *in, int64_t *mono_us)
{
    struct str s = *in;

    if (!str_take_char(&s, '[') || !clock_take_mono(&s, mono_us) || !str_take_char(&s, ']'))
        return false;
    *in = s;
    return true;
}

bool printk_take_caller(struct str *in, struct str *caller)
{
    struct str s = *in, start;
    uint64_t number;

    if (!str_take_char(&s, '['))
        return false;
    str_take_spaces(&s);
    start = s;
    if (!str_take_char(&s, 'T') && !str_take_char(&s, 'C'))
        return false;
    if (!str_take_u64(&s, &number) || s.n == 0 || s.p[0] != ']')
        return false;
    *caller = str_first(start, start.n - s.n);
    *in = str_from_at(s, 1);
    return true;
}

bool printk_take_prefix(struct str *in, struct record *out)
{
    bool priority = printk_take_priority(in, &out->level, &out->facility);
    bool stamp = printk_take_stamp(in, &out->mono_us);

    if (stamp)
        printk_take_caller(in, &out->caller);
    if (stamp && in->n && in->p[0] == ' ')
        *in = str_from_at(*in, 1);
    out->text = *in;
    return priority || stamp;
}

bool printk_take_wall(struct str *in)
{
    struct str s = *in;

    str_take_char(&s, ' ');
    if (!str_take(&s, STR("kernel:")) || s.n == 0 || char_is_space(s.p[0]))
        return false;
    *in = s;
    return true;
}

bool printk_announces_wall(struct str line)
{
    return str_starts(line, STR("Message from syslogd@"));
}

enum origin printk_origin(const struct record *r)
{
    return r->facility != FACILITY_UNKNOWN && r->facility != FACILITY_KERN ? ORIGIN_GUEST_USER
                                                                           : ORIGIN_GUEST_KERNEL;
}

bool printk_skim(struct str line, enum level *level, int64_t *mono_us)
{
    const char *p = line.p, *end = line.p + line.n, *digits;
    enum level found = *level;
    unsigned priority = 0;
    int64_t sec = 0, usec = 0;

    if (line.n < 14)
        return false;
    if (*p == '<') {
        for (digits = ++p; p - digits < 3 && char_is_digit(*p); p++)
            priority = priority * 10 + (unsigned)(*p - '0');
        if (p == digits || priority > 191 || *p++ != '>')
            return false;
        found = (enum level)(priority & 7);
    }
    if (end - p < 10 || *p++ != '[')
        return false;
    while (p < end && *p == ' ')
        p++;
    for (digits = p; p < end && p - digits < 9 && char_is_digit(*p); p++)
        sec = sec * 10 + (*p - '0');
    if (p == digits || end - p < 8 || *p++ != '.')
        return false;
    for (int i = 0; i < 6; i++, p++) {
        if (!char_is_digit(*p))
            return false;
        usec = usec * 10 + (*p - '0');
    }
    if (*p != ']')
        return false;
    *level = found;
    *mono_us = sec * 1000000 + usec;
    return true;
}
