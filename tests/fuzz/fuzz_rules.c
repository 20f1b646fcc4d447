/* SPDX-License-Identifier: Apache-2.0 */
/* The rule loader, and what it loaded: lints, a few records, findings. */
#include "analyzer/engine/match.h"
#include "analyzer/evidence/fact.h"

#include <string.h>

static void run(const struct ruleset *rs, struct arena *a)
{
    static const char *const texts[] = { "text", "a 1", "Run /init as init process", "" };
    struct boot boot = { .first_mono_us = 0, .last_mono_us = 5000, .tail_complete = TRI_YES };
    struct matching *m = matching_new(rs);
    struct hits *hits = hits_new(rs, a);
    struct findings found = { 0 };
    struct facts facts;
    const struct record *kept;
    struct record r;

    if (m && hits && facts_init(&facts, a, NULL)) {
        for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
            record_init(&r);
            r.origin = ORIGIN_GUEST_KERNEL;
            r.text = str_from(texts[i]);
            r.mono_us = (int64_t)i * 1000;
            match_record(m, hits, &r, STR("dmesg"), &kept);
        }
        correlate(rs, &boot, hits, &facts, a, &found);
        for (size_t i = 0; i < found.n; i++) {
            struct text text = { 0 };

            template_fill(&found.p[i].rule->diagnosis, finding_lookup, &found.p[i], a, &text);
        }
    }
    matching_free(m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = { .limit_bytes = 64 << 20 };
    struct problems problems = { .arena = &a };
    struct ruleset *rs = ruleset_new();

    ruleset_load(rs, STR("fuzz.yaml"), (struct str){ (const char *)data, size }, &problems);
    if (ruleset_compile(rs, NULL, &problems)) {
        ruleset_lint(rs, &problems);
        run(rs, &a);
    }
    ruleset_free(rs);
    arena_done(&a);
    return 0;
}
