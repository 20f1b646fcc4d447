/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fixed text; see fixed.h. A character that may be left out or repeated ends a run, and so does
 * whatever stands for more than one text. Groups are passed over: what is in them may be one of
 * several. The expression is known to compile.
 */
#include "analyzer/engine/fixed.h"

#include <string.h>

struct reading {
    struct str in;
    char run[FIXED_BYTES];
    size_t n;
    void (*add)(void *ctx, struct str run);
    void *ctx;
};

static void end_run(struct reading *r)
{
    if (r->n && r->add)
        r->add(r->ctx, (struct str){ .p = r->run, .n = r->n });
    r->n = 0;
}

/* "[^]\\]x]", the '[' taken. */
static void skip_class(struct str *in)
{
    char c;

    str_take(in, STR("^"));
    str_take(in, STR("]"));
    while (str_take_any(in, &c) && c != ']')
        if (c == '\\')
            str_take_any(in, &c);
}

/* "(a(b)[)]\\))", the '(' taken. */
static void skip_group(struct str *in)
{
    size_t depth = 1;
    char c;

    while (depth && str_take_any(in, &c)) {
        if (c == '\\')
            str_take_any(in, &c);
        else if (c == '[')
            skip_class(in);
        else if (c == '(')
            depth++;
        else if (c == ')')
            depth--;
    }
}

static bool take_quantifier(struct str *in, bool *needed)
{
    struct str inner;
    char c;

    if (!in->n || !strchr("?*+{", in->p[0]))
        return false;
    str_take_any(in, &c);
    *needed = c == '+';
    if (c == '{')
        str_take_until(in, '}', &inner);
    while (in->n && (in->p[0] == '?' || in->p[0] == '+'))
        str_take_any(in, &c);
    return true;
}

/* A character that stands for itself, with its quantifier. */
static void take_plain(struct reading *r, char c)
{
    bool needed = true, quantified = take_quantifier(&r->in, &needed);

    if (needed && r->n < sizeof r->run)
        r->run[r->n++] = c;
    if (quantified)
        end_run(r);
}

static void end_atom(struct reading *r)
{
    bool needed;

    end_run(r);
    take_quantifier(&r->in, &needed);
}

/* False at a '|' outside of all groups. */
static bool read_runs(struct reading *r)
{
    char c;

    while (str_take_any(&r->in, &c)) {
        switch (c) {
        case '|': return false;
        case '^':
        case '$': break;
        case '(':
            skip_group(&r->in);
            end_atom(r);
            break;
        case '[':
            skip_class(&r->in);
            end_atom(r);
            break;
        case '.': end_atom(r); break;
        case '\\':
            if (!str_take_any(&r->in, &c))
                return false;
            if (char_is_alnum(c))
                end_atom(r);
            else
                take_plain(r, c);
            break;
        default: take_plain(r, c); break;
        }
    }
    end_run(r);
    return true;
}

void fixed_runs(struct str regex, void (*add)(void *ctx, struct str run), void *ctx)
{
    struct reading silent = { .in = regex }, r = { .in = regex, .add = add, .ctx = ctx };

    if (read_runs(&silent))
        read_runs(&r);
}
