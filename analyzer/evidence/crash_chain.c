/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Chains of crashes. The first report of a boot is the bug; what follows soon, or from a kernel
 * that has already gone wrong, is a consequence, unless it is of a kind that says nothing about
 * damage.
 */
#include "analyzer/evidence/crash_chain.h"

#include "analyzer/evidence/crash_pattern.h"

enum { SOON_US = 10 * 1000000 };

/* Panics that only say: stop because of the report above (kernel/panic.c, kernel/hung_task.c …). */
static const char *const following_panics[] = {
    "Fatal exception",
    "panic_on_warn set",
    "kernel: panic_on_warn set",
    "hung_task: blocked tasks",
    "softlockup: hung tasks",
    "Hard LOCKUP",
    "RCU Stall",
    "panic_on_oops",
    "panic_on_taint",
    "Fatal hardware error",
    "Oops: Fatal exception",
    "UBSAN: panic_on_warn",
    "KASAN: panic_on_warn",
    NULL,
};

static const char *const continued[] = {
    "INFO: (Freed|Allocated|Slab|Object)",
    "INFO: 0x",
    "INFO: Stall",
    "BUG: (Slab|Object)",
    "INFO: NMI handler",
    NULL,
};

/* Reports after which the task goes on running. */
static const char *const harmless[] = {
    "WARNING:",
    "INFO:",
    "UBSAN:",
    "BUG: KCSAN",
    "BUG: sleeping function",
    "BUG: using ",
    "BUG: memory leak",
    "unregister_netdevice:",
    "VFS: Busy inodes",
    NULL,
};

/* Kinds that tell of a kernel whose memory or state is damaged. */
static const char *const damaging[] = {
    "KASAN:",
    "KFENCE:",
    "BUG:",
    "general protection",
    "kernel BUG",
    "Internal error",
    "Unhandled fault",
    "invalid opcode",
    "WARNING: refcount",
    "stack segment",
    "divide error",
    NULL,
};

struct str crash_panic_reason(struct str line)
{
    static const struct str lead = { STR_INIT("Kernel panic - not syncing: ") };
    size_t at = str_find(line, lead);
    struct str reason = at == STR_NOT_FOUND ? line : str_trim_end(str_from_at(line, at + lead.n));

    /* ---[ end Kernel panic - not syncing: … ]--- */
    if (str_ends(reason, STR("]---")))
        reason = str_trim_end(str_first(reason, reason.n - 4));
    return reason;
}

bool crash_panic_follows(struct str line)
{
    return crash_pattern_in_any(following_panics, crash_panic_reason(line));
}

bool crash_kills(struct str header_line)
{
    return !crash_pattern_in_any(harmless, header_line);
}

bool crash_continues(struct str line)
{
    return crash_pattern_in_any(continued, line);
}

static bool is_soon(const struct crash *first, const struct crash *next)
{
    int64_t a = first->evidence.n ? first->evidence.p[0]->mono_us : TIME_UNKNOWN;
    int64_t b = next->evidence.n ? next->evidence.p[0]->mono_us : TIME_UNKNOWN;

    return a == TIME_UNKNOWN || b == TIME_UNKNOWN || b - a <= SOON_US;
}

/* Does the earlier crash explain the later one? */
static bool leads_to(const struct crash *first, const struct crash *next)
{
    return crash_pattern_in_any(damaging, first->title) &&
           (crash_kills(first->title) || is_soon(first, next));
}

void crash_chain(struct crash_list *list)
{
    for (size_t i = 0; i < list->n; i++) {
        list->p[i]->consequence_of = UINT32_MAX;
        for (size_t k = 0; k < i; k++) {
            if (list->p[k]->consequence_of == UINT32_MAX && leads_to(list->p[k], list->p[i])) {
                list->p[i]->consequence_of = (uint32_t)k;
                break;
            }
        }
    }
}
