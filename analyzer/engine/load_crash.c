/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `block: crash` and the keys that go with it. Such a matcher becomes a text matcher whose wording
 * is tried on the titles of crash reports, so that everything that combines hits works for it.
 */
#include "analyzer/engine/load.h"

#include <string.h>

static const enum key crash_keys[CRASH_FIELDS] = {
    [CRASH_KIND] = KEY_MATCHER_KIND,     [CRASH_FUNCTION] = KEY_MATCHER_FUNCTION,
    [CRASH_MODULE] = KEY_MATCHER_MODULE, [CRASH_FRAME] = KEY_MATCHER_FRAME,
    [CRASH_TAINT] = KEY_MATCHER_TAINT,   [CRASH_COMM] = KEY_MATCHER_COMM,
    [CRASH_PANIC] = KEY_MATCHER_PANIC,
};

bool load_crash_none(struct loader *l, const struct node *n)
{
    return load_refuse(l, n, crash_keys, CRASH_FIELDS, "goes with block: crash");
}

static bool check_kinds(struct loader *l, const struct node *n, const struct strs *kinds)
{
    char quoted[60];

    for (size_t i = 0; i < kinds->n; i++)
        if (!crash_kind_known(kinds->p[i]))
            return load_fault(l, n, "there is no kind of crash '%s'",
                              err_quote(kinds->p[i], quoted, sizeof quoted));
    return true;
}

/* Letters of kernel/panic.c, taint_flags[]. */
static bool check_letters(struct loader *l, const struct node *n, const struct strs *letters)
{
    for (size_t i = 0; i < letters->n; i++)
        if (letters->p[i].n != 1 || letters->p[i].p[0] < 'A' || letters->p[i].p[0] > 'Z')
            return load_fault(l, n, "taint: expected letters such as O, E, P");
    return true;
}

static bool load_fields(struct loader *l, const struct node *n, struct crash_filter *f)
{
    const struct node *v;

    for (size_t i = 0; i < CRASH_FIELDS; i++) {
        v = key_find(n, crash_keys[i]);
        if (v && (!load_texts(l, v, &f->wanted[i]) || !f->wanted[i].n))
            return load_fault(l, v, "the list is empty");
    }
    v = key_find(n, KEY_MATCHER_KIND);
    if (v && !check_kinds(l, v, &f->wanted[CRASH_KIND]))
        return false;
    v = key_find(n, KEY_MATCHER_TAINT);
    return !v || check_letters(l, v, &f->wanted[CRASH_TAINT]);
}

/* What the expression binds, then what every report binds. */
static bool add_names(struct loader *l, const struct node *n, struct wording *w)
{
    struct str *names = arena_new(l->a, struct str, w->n_names + CRASH_NAMES);

    if (!names)
        return load_fault(l, n, "out of memory for rules");
    for (size_t i = 0; i < w->n_names; i++) {
        for (size_t k = 0; k < CRASH_NAMES; k++)
            if (str_eq(w->names[i], crash_names[k]))
                return load_fault(l, n, "block: crash binds ${%.*s} itself; rename the group",
                                  STR_ARG(w->names[i]));
        names[i] = w->names[i];
    }
    memcpy(names + w->n_names, crash_names, sizeof crash_names);
    w->names = names;
    w->n_names += CRASH_NAMES;
    return true;
}

/* Of what is inherited only what a whole report has: who wrote it, when, for which kernels. */
static struct filter crash_inherits(const struct filter *f)
{
    return (struct filter){ .origins = f->origins,
                            .level_max = LEVEL_DEBUG,
                            .phases = f->phases,
                            .nocase = f->nocase,
                            .applies = f->applies };
}

bool load_crash(struct loader *l, const struct node *n, const struct node *alt,
                const struct filter *inherited, struct matcher *m)
{
    static const enum key records_only[] = {
        KEY_MATCHER_MESSAGE_ID, KEY_MATCHER_ALT,  KEY_MATCHER_FORMAT, KEY_MATCHER_LEVEL,
        KEY_MATCHER_IDENT,      KEY_MATCHER_UNIT, KEY_MATCHER_DRIVER,
    };
    const struct node *literal = key_find(n, KEY_MATCHER_LITERAL);
    const struct node *regex = key_find(n, KEY_MATCHER_REGEX);
    const struct node *block = key_find(n, KEY_MATCHER_BLOCK);
    const struct node *text = literal ? literal : regex ? regex : block;
    struct crash_filter *crash = arena_new(l->a, struct crash_filter, 1);
    struct wording *w = arena_new(l->a, struct wording, 1);

    if (!crash || !w)
        return load_fault(l, n, "out of memory for rules");
    if (!str_eq(block->text, STR("crash")))
        return load_fault(l, block, "block: expected crash");
    if (alt)
        return load_fault(l, alt, "alt: goes with a single text matcher; use any:");
    *w = (struct wording){ .kind = literal ? WORDING_LITERAL
                                   : regex ? WORDING_REGEX
                                           : WORDING_ANYTHING,
                           .filter = crash_inherits(inherited),
                           .crash = crash,
                           .style = text->style,
                           .line = text->line,
                           .col = text->col };
    m->kind = MATCHER_TEXT;
    m->wordings = w;
    m->n_wordings = 1;
    return load_refuse(l, n, records_only, sizeof records_only / sizeof records_only[0],
                       "does not go with block: crash") &&
           load_filter(l, n, &w->filter) && load_fields(l, n, crash) &&
           load_wording_text(l, literal, regex, w) && add_names(l, n, w);
}
