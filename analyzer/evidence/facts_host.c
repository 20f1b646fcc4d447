/* SPDX-License-Identifier: Apache-2.0 */
/* The host's product, and what the host says of the virtual CPUs. */
#include "analyzer/evidence/extract.h"

/* Log for VMware Workstation pid=7864 version=16.2.4 build=build-20089737 option=Release */
void take_host_product(struct extraction *x)
{
    struct str in = x->rest, product, skipped, word;

    if (!str_take_until_str(&in, STR(" pid="), &product))
        return;
    product = (struct str){ .p = product.p - STR("VMware ").n, .n = product.n + STR("VMware ").n };
    extract_text(x, FACT_HOST_PRODUCT, product, SORT_OTHER);
    if (!str_take_until_str(&in, STR("version="), &skipped) || !str_take_word(&in, &word))
        return;
    extract_text(x, FACT_HOST_VERSION, word, SORT_OTHER);
    if (!str_take_until_str(&in, STR("build="), &skipped) || !str_take_word(&in, &word))
        return;
    str_take(&word, STR("build-"));
    extract_text(x, FACT_HOST_BUILD, word, SORT_OTHER);
}

/*
 * Every virtual CPU is reset when the machine starts, and softly by the firmware. What counts is a
 * hard reset of the first CPU that comes after the start, or after the guest has spoken.
 */
void take_cpu_reset(struct extraction *x)
{
    struct facts_state *s = x->facts->state;
    uint32_t expected;

    if (x->record->thread.n && !str_eq(x->record->thread, STR("vcpu-0")))
        return;
    if (s->hard_resets < UINT32_MAX)
        s->hard_resets++;
    expected = s->guest_spoke ? 0 : 1;
    extract_number(x, x->fact, (int64_t)(s->hard_resets - expected));
}

/* A guest ran into it: the reset that follows is none of the machine's start. */
void take_triple_fault(struct extraction *x)
{
    if (x->facts->state->hard_resets == 0)
        x->facts->state->guest_spoke = true;
    extract_flag(x, x->fact, true);
}
