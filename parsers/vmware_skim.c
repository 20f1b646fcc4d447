/* SPDX-License-Identifier: Apache-2.0 */
/* The cheap look at one line of vmware.log, for sparse reading. */
#include "parsers/vmware_line.h"

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

void vmware_line_skim(struct str line, struct skim *out)
{
    struct vmware_line l;

    *out = (struct skim){ .kind = SKIM_OTHER, .level = LEVEL_UNKNOWN, .mono_us = TIME_UNKNOWN };
    if (!vmware_line_split(line, &l)) {
        skim_bare(line, out);
        return;
    }
    out->kind = l.continues ? SKIM_CONT : SKIM_HEAD;
    out->level = l.level;
    /* The threads that dump a kernel's log have no operation: "- Guest: <4>[…". */
    if (l.prefix == VMWARE_PAREN && l.text.n > 2 && l.text.p[0] == '-' && l.text.p[1] == ' ')
        l.text = str_from_at(l.text, 2);
    skim_guest(&l, l.text, out);
}
