/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of vmware.log that follow a head; see vmware_join.h. */
#include "parsers/vmware_join.h"

#include <string.h>

/* Lines of one message to the user; the longest seen has 9. */
enum { MESSAGE_LINES_MAX = 64 };

void name_set(struct name *name, struct str value)
{
    name->n = value.n < sizeof name->p ? value.n : sizeof name->p;
    if (name->n)
        memmove(name->p, value.p, name->n);
}

struct str name_get(const struct name *name)
{
    return (struct str){ .p = name->p, .n = name->n };
}

bool vmware_take_below(struct vmware_taking *t, struct line *line)
{
    if (lines_next(t->in, line, NULL) != STEP_RECORD)
        return false;
    if (line->number == t->s->last_line + 1)
        return true;
    lines_unread(t->in);
    return false;
}

void vmware_add_line(struct vmware_taking *t, struct str text)
{
    if (text.n == 0)
        return;
    t->out->text = t->out->text.n ? join_line(t->j, t->out->text, text) : join_add(t->j, text);
}

void vmware_take_names(const struct vmware_state *s, struct vmware_line *line)
{
    if (s->has_opid)
        vmware_line_take_opid(line);
    vmware_line_take_fields(line);
}

bool vmware_split(const struct vmware_state *s, struct str line, struct vmware_line *out)
{
    if (!vmware_line_split(line, out))
        return false;
    vmware_take_names(s, out);
    return true;
}

void vmware_take_continuations(struct vmware_taking *t)
{
    struct line line;
    struct vmware_line l;

    while (vmware_take_below(t, &line)) {
        if (!vmware_split(t->s, line.text, &l) || !l.continues) {
            lines_unread(t->in);
            return;
        }
        t->s->last_line = line.number;
        vmware_add_line(t, l.text);
    }
}

static const struct {
    struct str start;
    bool repeats; /* the body repeats the prefix instead of continuing */
} messages[] = {
    { { STR_INIT("Msg_Post: ") }, true }, { { STR_INIT("Msg_Question:") }, true },
    { { STR_INIT("Msg_Reset:") }, true }, { { STR_INIT("Msg_Hint: ") }, true },
    { { STR_INIT("MsgHint: ") }, false },
};

bool vmware_starts_message(struct str text, bool *repeats)
{
    str_take_spaces(&text);
    for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++) {
        if (str_starts(text, messages[i].start)) {
            *repeats = messages[i].repeats;
            return true;
        }
    }
    return false;
}

/* Takes the dashed rule that ends a message off the end of its text. */
static bool take_rule(struct str *text)
{
    enum { RULE_MIN = 20 };
    struct str s = str_trim_end(*text);
    size_t n = s.n;

    while (n && s.p[n - 1] == '-')
        n--;
    if (s.n - n < RULE_MIN)
        return false;
    *text = str_trim_end(str_first(s, n));
    return true;
}

static bool in_message(const struct vmware_line *head, const struct vmware_line *l)
{
    struct str text = l->text;
    bool repeats;

    if (!str_eq(l->thread, head->thread) || vmware_starts_message(text, &repeats) ||
        vmware_take_guest(&text))
        return false;
    return str_eq(l->stamp, head->stamp) || str_starts(str_trim(text), STR("[msg.")) ||
           take_rule(&text);
}

void vmware_take_message(struct vmware_taking *t, const struct vmware_line *head, bool repeats)
{
    struct line line;
    struct vmware_line l;
    bool ended = false;

    for (int n = 0; !ended && n < MESSAGE_LINES_MAX; n++) {
        lines_want(t->in, 1);
        if (!vmware_take_below(t, &line))
            return;
        if (!vmware_split(t->s, line.text, &l) ||
            !(l.continues || (repeats && in_message(head, &l)))) {
            lines_unread(t->in);
            return;
        }
        t->s->last_line = line.number;
        ended = take_rule(&l.text);
        vmware_add_line(t, l.text);
    }
}
