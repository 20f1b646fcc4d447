/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which names a matcher binds. A name is bound for certain when every way in which the matcher can
 * hold binds it: all branches of any:, some step of all: and sequence:, never inside not:.
 */
#include "analyzer/engine/matcher.h"

bool strs_have(const struct strs *list, struct str s)
{
    for (size_t i = 0; i < list->n; i++) {
        if (str_eq(list->p[i], s))
            return true;
    }
    return false;
}

bool glob_match(struct str glob, struct str s)
{
    struct str retry_glob = { 0 }, retry = { 0 };
    bool starred = false;

    while (s.n || glob.n) {
        if (glob.n && glob.p[0] == '*') {
            glob = str_from_at(glob, 1);
            if (!glob.n)
                return true;
            retry_glob = glob;
            retry = s;
            starred = true;
        } else if (glob.n && s.n && (glob.p[0] == '?' || glob.p[0] == s.p[0])) {
            glob = str_from_at(glob, 1);
            s = str_from_at(s, 1);
        } else if (starred && retry.n) {
            retry = str_from_at(retry, 1);
            s = retry;
            glob = retry_glob;
        } else {
            return false;
        }
    }
    return true;
}

static bool add_name(struct arena *a, struct strs *out, struct str name)
{
    struct str *slot;

    if (strs_have(out, name))
        return true;
    slot = vec_push(a, out);
    if (slot)
        *slot = name;
    return slot != NULL;
}

/* "root" and, for a step with an id, "open.root". */
static bool add_with_id(struct arena *a, struct strs *out, struct str id, struct str name)
{
    return add_name(a, out, name) &&
           (!id.n || add_name(a, out, arena_printf(a, "%.*s.%.*s", STR_ARG(id), STR_ARG(name))));
}

static bool keep_common(struct strs *names, const struct strs *other)
{
    size_t kept = 0;

    for (size_t i = 0; i < names->n; i++) {
        if (strs_have(other, names->p[i]))
            names->p[kept++] = names->p[i];
    }
    names->n = kept;
    return true;
}

/* Recursion over the rule's tree, at most LIMIT_YAML_DEPTH deep. */
static bool inner_names(struct arena *a, const struct matcher *m, struct strs *out)
{
    for (size_t i = 0; i < m->n_of; i++) {
        struct strs inner = { 0 };

        if (!matcher_names(a, &m->of[i], &inner))
            return false;
        if (m->kind == MATCHER_ANY && i) {
            keep_common(out, &inner);
            continue;
        }
        for (size_t k = 0; k < inner.n; k++) {
            if (!add_name(a, out, inner.p[k]))
                return false;
        }
    }
    return true;
}

bool matcher_names(struct arena *a, const struct matcher *m, struct strs *out)
{
    size_t plain;

    if (m->kind == MATCHER_NOT)
        return true;
    for (size_t i = 0; m->kind == MATCHER_TEXT && i < m->wordings[0].n_names; i++) {
        if (!add_name(a, out, m->wordings[0].names[i]))
            return false;
    }
    if (!inner_names(a, m, out) || (m->kind == MATCHER_COUNT && !add_name(a, out, STR("count"))))
        return false;
    plain = out->n;
    for (size_t i = 0; m->id.n && i < plain; i++) {
        if (str_find_char(out->p[i], '.') == STR_NOT_FOUND &&
            !add_with_id(a, out, m->id, out->p[i]))
            return false;
    }
    return true;
}

bool matcher_may_bind(const struct matcher *m, struct str name)
{
    if (m->kind == MATCHER_NOT)
        return false;
    if (m->kind == MATCHER_COUNT && str_eq(name, STR("count")))
        return true;
    if (m->id.n && str_starts(name, m->id) && name.n > m->id.n && name.p[m->id.n] == '.')
        name = str_from_at(name, m->id.n + 1);
    for (size_t i = 0; m->kind == MATCHER_TEXT && i < m->wordings[0].n_names; i++) {
        if (str_eq(m->wordings[0].names[i], name))
            return true;
    }
    for (size_t i = 0; i < m->n_of; i++) {
        if (matcher_may_bind(&m->of[i], name))
            return true;
    }
    return false;
}
