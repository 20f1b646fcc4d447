/* SPDX-License-Identifier: Apache-2.0 */
/* The cheap look at one line of vmware.log, for sparse reading. */
#include "parsers/vmware_line.h"

enum {
    STAMPED_MIN = 64, /* shorter lines are not worth a way of their own */
    PAREN_BYTES = 8,  /* " In(05) " */
    THREAD_MAX = 32,
    TEXT_MIN = 18, /* so that fixed places can be read without asking for each */
};

/* Level and stamp of what a guest's kernel wrote. */
static bool skim_printk(struct str text, struct skim *out)
{
    struct vmware_printk p;

    if (text.n == 0 || text.p[0] != '<' || !vmware_take_printk(&text, &p))
        return false;
    out->level = p.level;
    out->mono_us = p.mono_us;
    return true;
}

/* Continuations, and lines of the old grammar that repeat the prefix, have no "Guest: ". */
static void skim_guest(const struct vmware_line *line, struct str text, struct skim *out)
{
    enum { GUEST_BYTES = 7 };

    if (text.n > GUEST_BYTES && text.p[GUEST_BYTES] == '<' && str_take(&text, STR("Guest: ")))
        skim_printk(text, out);
    else if (line->continues || line->prefix == VMWARE_OLD)
        skim_printk(text, out);
}

/* Hand-wrapped copies: "<4>[ 1.125782] …" on a line of its own belongs to the "Guest:" above. */
static void skim_bare(struct str line, struct skim *out)
{
    if (str_take(&line, STR("Guest: "))) {
        out->kind = SKIM_HEAD;
        skim_printk(line, out);
        return;
    }
    while (str_take_char(&line, '\t'))
        ;
    if (skim_printk(line, out))
        out->kind = SKIM_CONT;
    else if (line.n && line.p[0] == '<' && vmware_is_throttle(line))
        out->kind = SKIM_HEAD;
}

/* "2024-03-04T20:00:45.040Z", "2016-08-30T16:02:43.217-07:00": its length; 0: look closer. */
static size_t stamp_length(struct str line)
{
    const char *p = line.p;

    if (line.n < STAMPED_MIN || p[4] != '-' || p[7] != '-' || p[10] != 'T' || p[13] != ':' ||
        p[16] != ':' || p[19] != '.' || !char_is_digit(p[20]) || !char_is_digit(p[21]) ||
        !char_is_digit(p[22]))
        return 0;
    if (p[23] == 'Z')
        return 24;
    return (p[23] == '+' || p[23] == '-') && p[26] == ':' ? 29 : 0;
}

/*
 * Nearly every line is one of these, and read at fixed places:
 *
 *     2024-03-04T20:00:45.040Z In(05) vmx - text
 *     2016-08-30T16:02:43.217-07:00| vcpu-0| I125: text
 *
 * False: it may be something else, continue a record or be the guest kernel's; look closer.
 */
static bool skim_common(struct str line, struct skim *out)
{
    size_t at = stamp_length(line);
    const char *p = line.p + at, *end = line.p + line.n, *level = p + 1, *thread;
    bool bars = at && *p == '|';

    if (!at || (bars && p[1] != ' '))
        return false;
    p = thread = p + (bars ? 2 : PAREN_BYTES);
    while (p < end && (unsigned char)*p > ' ' && *p != '|')
        p++;
    if (p == thread || p - thread > THREAD_MAX || (size_t)(end - p) < TEXT_MIN)
        return false;
    if (bars) {
        if (p[0] == '|' && p[1] == ' ' && p[2] == '|' && p[3] == ' ')
            p += 2; /* ESXi 7.0's empty column: "| vmx| | I005: text" */
        level = p + 2;
        if (p[0] != '|' || p[1] != ' ' || !char_is_digit(p[3]) || !char_is_digit(p[4]) ||
            !char_is_digit(p[5]) || p[6] != ':' || p[7] != ' ')
            return false;
        p += 8;
    } else {
        if (level[-1] != ' ' || level[2] != '(' || !char_is_digit(level[3]) ||
            !char_is_digit(level[4]) || level[5] != ')' || level[6] != ' ' || *p != ' ')
            return false;
        p += p[1] == '-' && p[2] == ' ' ? 3 : 1;
    }
    /* "Guest: <4>[…" */
    if (p[7] == '<' || !vmware_level(*level, &out->level))
        return false;
    out->kind = SKIM_HEAD;
    return true;
}

void vmware_line_skim(struct str line, struct skim *out)
{
    struct vmware_line l;

    *out = (struct skim){ .kind = SKIM_OTHER, .level = LEVEL_UNKNOWN, .mono_us = TIME_UNKNOWN };
    if (skim_common(line, out))
        return;
    out->level = LEVEL_UNKNOWN;
    if (!vmware_line_split(line, &l)) {
        skim_bare(line, out);
        return;
    }
    out->kind = l.continues ? SKIM_CONT : SKIM_HEAD;
    out->wanted = vmware_line_unmarked(&l);
    out->level = l.level;
    /* The threads that dump a kernel's log have no operation: "- Guest: <4>[…". */
    if (l.prefix == VMWARE_PAREN && l.text.n > 2 && l.text.p[0] == '-' && l.text.p[1] == ' ')
        l.text = str_from_at(l.text, 2);
    skim_guest(&l, l.text, out);
}
