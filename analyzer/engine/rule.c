/* SPDX-License-Identifier: Apache-2.0 */
/* Words of rules, and looking into a compiled ruleset. */
#include "analyzer/engine/rule.h"

#include "analyzer/engine/pattern.h"
#include "analyzer/engine/ruleset.h"

#include <stdlib.h>

struct str severity_name(enum severity s)
{
    static const struct str names[SEVERITY_COUNT] = {
#define SEVERITY(sym, name, meaning) [SEVERITY_##sym] = { STR_INIT(name) },
#include "analyzer/engine/severity.def"
#undef SEVERITY
    };

    return s < SEVERITY_COUNT ? names[s] : STR("unknown");
}

bool severity_from_name(struct str name, enum severity *s)
{
    for (unsigned i = 0; i < SEVERITY_COUNT; i++) {
        if (str_eq(severity_name((enum severity)i), name)) {
            *s = (enum severity)i;
            return true;
        }
    }
    return false;
}

struct str confidence_name(enum confidence c)
{
    static const struct str names[] = { { STR_INIT("low") },
                                        { STR_INIT("medium") },
                                        { STR_INIT("high") } };

    return names[c];
}

struct str status_name(enum status s)
{
    static const struct str names[] = {
        { STR_INIT("draft") }, { STR_INIT("test") }, { STR_INIT("stable") }, { STR_INIT("retired") }
    };

    return names[s];
}

struct ruleset *ruleset_new(void)
{
    return calloc(1, sizeof(struct ruleset));
}

void ruleset_free(struct ruleset *rs)
{
    if (!rs)
        return;
    for (size_t i = 0; i < rs->patterns.n; i++)
        pattern_free(rs->patterns.p[i]);
    prefilter_free(rs->prefilter);
    arena_done(&rs->arena);
    free(rs);
}

size_t ruleset_count(const struct ruleset *rs)
{
    return rs->rules.n;
}

const struct rule *ruleset_at(const struct ruleset *rs, size_t index)
{
    return rs->rules.p[index];
}

const struct rule *ruleset_find(const struct ruleset *rs, struct str id)
{
    size_t from = 0, to = rs->rules.n, middle;
    int order;

    while (from < to) {
        middle = from + (to - from) / 2;
        order = str_cmp(rs->rules.p[middle]->id, id);
        if (!order)
            return rs->rules.p[middle];
        if (order < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return NULL;
}

struct str ruleset_sha256(const struct ruleset *rs)
{
    return str_from(rs->sha256);
}

const struct literal *ruleset_literals(const struct ruleset *rs, size_t *n)
{
    *n = rs->literals.n;
    return rs->literals.p;
}

size_t ruleset_next_hit(const void *ctx, struct str block, size_t from)
{
    const struct ruleset *rs = ctx;

    if (rs->sees_all)
        return from < block.n ? from : SIZE_MAX;
    return rs->prefilter ? prefilter_next(rs->prefilter, block, from) : SIZE_MAX;
}

static bool reaches(const struct edges *edges, const struct rule *a, const struct rule *b)
{
    const struct edge_list *list = &edges->from[a->index];
    size_t from = 0, to = list->n, middle;

    while (from < to) {
        middle = from + (to - from) / 2;
        if (list->p[middle] == b->index)
            return true;
        if (list->p[middle] < b->index)
            from = middle + 1;
        else
            to = middle;
    }
    return false;
}

bool rule_explains(const struct ruleset *rs, const struct rule *a, const struct rule *b)
{
    return reaches(&rs->explains, a, b);
}

bool rule_names_symptom(const struct ruleset *rs, const struct rule *a, const struct rule *b)
{
    const struct edge_list *list = &rs->says.from[a->index];

    if (!rule_explains(rs, a, b))
        return false; /* the quick answer: those lists are sorted */
    for (size_t i = 0; i < list->n; i++)
        if (list->p[i] == b->index)
            return true;
    return false;
}

bool rule_supersedes(const struct ruleset *rs, const struct rule *a, const struct rule *b)
{
    return reaches(&rs->supersedes, a, b);
}

bool rule_suppressed_by(const struct ruleset *rs, const struct rule *a, const struct rule *b)
{
    return reaches(&rs->suppressed_by, a, b);
}
