/* SPDX-License-Identifier: Apache-2.0 */
/* The list of reports; see report.h. */
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
