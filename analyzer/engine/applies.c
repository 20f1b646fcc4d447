/* SPDX-License-Identifier: Apache-2.0 */
/* applies_to; see applies.h. */
#include "analyzer/engine/applies.h"

#include "analyzer/engine/version.h"

static bool test_holds(const struct version_test *t, struct str version)
{
    int order = version_cmp(version, t->version);

    switch (t->op) {
    case VERSION_LT: return order < 0;
    case VERSION_LE: return order <= 0;
    case VERSION_EQ: return order == 0;
    case VERSION_GE: return order >= 0;
    case VERSION_GT: return order > 0;
    }
    return false;
}

static bool in_range(const struct versions *ranges, struct str version)
{
    for (size_t i = 0; i < ranges->n; i++) {
        bool ok = true;

        for (size_t k = 0; ok && k < ranges->p[i].n; k++)
            ok = test_holds(&ranges->p[i].p[k], version);
        if (ok)
            return true;
    }
    return false;
}

enum tri applies_to(const struct applies *a, const struct facts *facts)
{
    const struct {
        const struct strs *list;
        enum fact_id fact;
    } lists[] = {
        { a ? &a->flavour : NULL, FACT_KERNEL_FLAVOUR },
        { a ? &a->distro : NULL, FACT_DISTRO },
        { a ? &a->arch : NULL, FACT_KERNEL_ARCH },
    };
    const struct value *v;
    enum tri result = TRI_YES;

    if (!a || !facts)
        return a ? TRI_UNKNOWN : TRI_YES;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        v = &facts_get(facts, lists[i].fact)->value;
        if (!lists[i].list->n)
            continue;
        if (v->type != VALUE_TEXT)
            result = TRI_UNKNOWN;
        else if (!strs_have(lists[i].list, v->text))
            return TRI_NO;
    }
    v = &facts_get(facts, FACT_KERNEL_VERSION)->value;
    if (a->kernel.n && v->type == VALUE_TEXT && !in_range(&a->kernel, v->text))
        return TRI_NO;
    return a->kernel.n && v->type != VALUE_TEXT ? TRI_UNKNOWN : result;
}

bool applies_to_version(const struct applies *a, struct str version)
{
    return !a || !a->kernel.n || !version.n || in_range(&a->kernel, version);
}

bool applies_to_release(const struct applies *a, struct str release)
{
    size_t dash = str_find_last_char(release, '-');

    return !a || !a->flavour.n || !release.n ||
           (dash != STR_NOT_FOUND && strs_have(&a->flavour, str_from_at(release, dash + 1)));
}
