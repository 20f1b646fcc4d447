/* SPDX-License-Identifier: Apache-2.0 */
/* The list of reports, and one case as many; see report.h. */
#include "reports/report.h"

#define REPORT(sym) extern const struct report report_##sym;
#include "reports/reports.def"
#undef REPORT

const struct report *const reports[] = {
#define REPORT(sym) &report_##sym,
#include "reports/reports.def"
#undef REPORT
    NULL
};

const struct report *report_find(struct str name)
{
    for (size_t i = 0; reports[i]; i++)
        if (str_eq(str_from(reports[i]->name), name))
            return reports[i];
    return NULL;
}

void report_as_cases(struct out *out, const struct analysis *a, const struct report_options *o,
                     void (*write_cases)(struct out *out, const struct cases *cases,
                                         const struct report_options *o))
{
    struct cases *cases = cases_new();
    struct report_options how = *o;

    if (!cases)
        return;
    how.rules = a->rules;
    cases->tool_version = arena_str(&cases->arena, o->tool_version);
    cases->complete = o->exit_code < 2;
    if (cases_add_analysis(cases, a, o->exit_code))
        write_cases(out, cases, &how);
    cases_free(cases);
}
