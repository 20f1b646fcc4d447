/* SPDX-License-Identifier: Apache-2.0 */
/* What the boots before and the segmenter tell; see facts_boot.h. */
#include "analyzer/evidence/facts_boot.h"

static struct value tri_value(enum tri t)
{
    return t == TRI_UNKNOWN ? value_unknown() : value_bool(t == TRI_YES);
}

/* What an earlier boot mounted as root; the nearest one that got so far. */
static void set_earlier_root(struct facts *f, const struct facts *before)
{
    static const enum fact_id sources[] = { FACT_ROOT_DEVICE, FACT_ROOT_EARLIER };

    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
        const struct fact *fact = &before->of[sources[i]];

        if (fact->value.type == VALUE_UNKNOWN)
            continue;
        facts_set(f, FACT_ROOT_EARLIER, fact->value, fact->proof);
        return;
    }
}

void facts_set_boot(struct facts *f, const struct boot *b, const struct boot_before *before)
{
    facts_set(f, FACT_BOOT_HEAD_COMPLETE, tri_value(b->head_complete), NULL);
    facts_set(f, FACT_BOOT_TAIL_COMPLETE, tri_value(b->tail_complete), NULL);
    facts_set(f, FACT_BOOT_MERGED_DUMPS, value_int(b->merged_dumps), NULL);
    facts_set(f, FACT_BOOT_GAPS, value_int(b->gaps), NULL);
    facts_set(f, FACT_BOOT_THROTTLED, value_bool(b->throttled), NULL);
    facts_set(f, FACT_BOOT_ENDED_BY, value_text(ended_name(b->ended_by), SORT_OTHER), b->ending);
    facts_set(f, FACT_BOOT_HAS_KERNEL, value_bool(b->has_kernel), NULL);
    facts_set(f, FACT_BOOT_HAS_CONSOLE, value_bool(b->has_console), NULL);
    if (before) {
        facts_set(f, FACT_BOOT_PREVIOUS_ENDED,
                  value_text(ended_name(before->boot->ended_by), SORT_OTHER),
                  before->boot->aftermath);
        set_earlier_root(f, before->facts);
    }
    facts_set_root(f);
    facts_set_undriven(f);
}
