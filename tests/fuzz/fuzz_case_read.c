/* SPDX-License-Identifier: Apache-2.0 */
/* The NDJSON of a worker, which read what a stranger wrote: read back, and told by every report. */
#include "analyzer/fleet/case_read.h"

#include "reports/report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void tell(const struct cases *cases)
{
    struct report_options how = { .tool_version = STR("1.0"), .junit_all_rules = true };

    for (size_t i = 0; reports[i]; i++) {
        struct out *out = reports[i]->write_cases ? out_new_memory() : NULL;

        if (out)
            reports[i]->write_cases(out, cases, &how);
        out_free(out);
    }
}

/* Twice: the second one meets the tool and the rules of the first, and a machine of its name. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cases *cases = cases_new();
    struct str ndjson = { .p = (const char *)data, .n = size };
    struct err err;

    for (unsigned i = 0; cases && i < 2; i++) {
        struct case_result c, *slot;

        if (!case_read(cases, ndjson, &c, &err))
            break;
        slot = vec_push(&cases->arena, &cases->of);
        if (slot)
            *slot = c;
    }
    if (cases && cases->of.n)
        tell(cases);
    cases_free(cases);
    return 0;
}
