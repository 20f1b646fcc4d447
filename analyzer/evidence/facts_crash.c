/* SPDX-License-Identifier: Apache-2.0 */
/* What the crash reports of a boot tell rules; see facts_crash.h. */
#include "analyzer/evidence/facts_crash.h"

enum { FIELD_KIND, FIELD_FUNCTION, FIELD_MODULE, FIELD_TITLE, FIELD_COUNT };

static const struct str fields[] = {
    [FIELD_KIND] = { STR_INIT("kind") },
    [FIELD_FUNCTION] = { STR_INIT("function") },
    [FIELD_MODULE] = { STR_INIT("module") },
    [FIELD_TITLE] = { STR_INIT("title") },
};

static struct value text_or_unknown(struct str s)
{
    return s.n ? value_text(s, SORT_OTHER) : value_unknown();
}

void facts_set_crashes(struct facts *f, const struct crashes *c)
{
    const struct crash *first = c->list.n ? c->list.p[0] : NULL;
    const struct record *proof = first && first->evidence.n ? first->evidence.p[0] : NULL;
    struct value *items;

    /* A report names the kernel that made it, also where the log lacks the banner. */
    if (first && first->kernel.n && facts_get(f, FACT_KERNEL_RELEASE)->value.type == VALUE_UNKNOWN)
        facts_set(f, FACT_KERNEL_RELEASE, value_text(first->kernel, SORT_OTHER), proof);
    facts_set(f, FACT_CRASH_COUNT, value_int((int64_t)(c->list.n + c->dropped)), proof);
    items = first ? arena_new(f->arena, struct value, FIELD_COUNT) : NULL;
    if (!items)
        return;
    items[FIELD_KIND] = value_text(first->kind->name, SORT_OTHER);
    items[FIELD_FUNCTION] = text_or_unknown(first->function);
    items[FIELD_MODULE] = text_or_unknown(first->module);
    items[FIELD_TITLE] = value_text(first->title, SORT_OTHER);
    facts_set(f, FACT_CRASH_FIRST, value_map(fields, items, FIELD_COUNT), proof);
}
