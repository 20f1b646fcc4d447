/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One pass over PCRE2 syntax that knows escapes, classes, \Q…\E and groups, and nothing else. It is
 * for names and lints only: PCRE2 itself decides what an expression means.
 */
#include "analyzer/engine/regex_scan.h"
enum { GROUPS_MAX = 64 };

struct scan {
    struct str in;
    struct arena *a;
    struct regex_scan *out;
    struct {
        bool atomic, unbounded;
    } groups[GROUPS_MAX];
    size_t depth;
};

static void skip_class(struct str *in)
{
    str_take(in, STR("["));
    str_take(in, STR("^"));
    str_take(in, STR("]")); /* the first one is a member */
    while (in->n && !str_take(in, STR("]"))) {
        if (in->p[0] == '\\' && in->n > 1)
            *in = str_from_at(*in, 1);
        *in = str_from_at(*in, 1);
    }
}

static void skip_escape(struct str *in)
{
    struct str quoted;

    if (!str_take(in, STR("\\Q"))) {
        *in = str_from_at(*in, 2);
        return;
    }
    if (!str_take_until_str(in, STR("\\E"), &quoted))
        *in = str_from_at(*in, in->n);
}

/* "(?<name>", "(?P<name>", "(?'name'" and what other groups begin with. */
static bool open_group(struct scan *s)
{
    struct str name = { 0 }, *slot, in;
    bool atomic;

    str_take(&s->in, STR("("));
    in = s->in;
    atomic = str_take(&in, STR("?>"));
    if (((str_take(&in, STR("?<")) || str_take(&in, STR("?P<"))) &&
         str_take_until(&in, '>', &name)) ||
        (str_take(&in, STR("?'")) && str_take_until(&in, '\'', &name))) {
        /* "(?<=" and "(?<!" look behind */
        if (name.n && (char_is_alpha(name.p[0]) || name.p[0] == '_')) {
            slot = vec_push(s->a, &s->out->names);
            if (!slot)
                return false;
            *slot = name;
            s->in = in;
        }
    }
    if (str_take(&s->in, STR("?#")))
        str_take_until(&s->in, ')', &name);
    else if (s->depth < GROUPS_MAX)
        s->groups[s->depth++] = (__typeof__(s->groups[0])){ .atomic = atomic };
    return true;
}

/* Takes a quantifier that has no upper end and may give back what it took. */
static bool take_unbounded(struct str *in)
{
    struct str s = *in, bounds;

    if (!str_take(&s, STR("*")) && !str_take(&s, STR("+"))) {
        if (!str_take(&s, STR("{")) || !str_take_until(&s, '}', &bounds) ||
            !str_ends(bounds, STR(",")))
            return false;
    }
    *in = s;
    return !str_take(in, STR("+")); /* possessive */
}

static void close_group(struct scan *s)
{
    bool inner;

    s->in = str_from_at(s->in, 1);
    if (!s->depth)
        return;
    s->depth--;
    inner = s->groups[s->depth].unbounded && !s->groups[s->depth].atomic;
    if (inner && take_unbounded(&s->in))
        s->out->nested_unbounded = true;
    if (inner && s->depth)
        s->groups[s->depth - 1].unbounded = true;
}

bool regex_scan(struct arena *a, struct str regex, struct regex_scan *out)
{
    struct scan s = { .in = regex, .a = a, .out = out };
    struct str after = regex, flags;

    *out = (struct regex_scan){ .leading_any = str_starts(regex, STR(".*")) };
    out->extended = str_take(&after, STR("(?")) && str_take_until(&after, ')', &flags) &&
                    flags.n < 6 && str_find_char(flags, 'x') != STR_NOT_FOUND &&
                    str_find_char(flags, ':') == STR_NOT_FOUND;
    while (s.in.n) {
        switch (s.in.p[0]) {
        case '\\': skip_escape(&s.in); break;
        case '[': skip_class(&s.in); break;
        case '(':
            if (!open_group(&s))
                return false;
            break;
        case ')': close_group(&s); break;
        case '*':
        case '+':
        case '{':
            if (!take_unbounded(&s.in))
                s.in = str_from_at(s.in, 1);
            else if (s.depth)
                s.groups[s.depth - 1].unbounded = true;
            break;
        default: s.in = str_from_at(s.in, 1); break;
        }
    }
    return true;
}
