/* SPDX-License-Identifier: Apache-2.0 */
/* Why a run whose report goes to a file fails; see tell.h. */
#include "analyzer/cli/tell.h"

#include "analyzer/cli/complain.h"

enum { LOSSES_TOLD = 5 };

static void tell_loss(const struct case_result *lost)
{
    struct str place = case_place(lost);

    complain("%.*s%s%.*s", STR_ARG(place), place.n ? ": " : "", STR_ARG(case_loss(lost)));
}

static void tell_losses(const struct cases *cases)
{
    size_t n = 0;

    for (size_t i = 0; i < cases->of.n; i++) {
        const struct case_result *c = &cases->of.p[i];

        if ((c->exit_code == EXIT_PART || c->exit_code == EXIT_NOTHING) && n++ < LOSSES_TOLD)
            tell_loss(c);
    }
    if (n > LOSSES_TOLD)
        complain("and %zu more that were not read in full", n - LOSSES_TOLD);
    else if (cases->of.n == 0)
        complain("no log is there");
}

/* The rule that a case fails by: its worst, first in rank. */
static struct str worst_rule(const struct case_result *c, enum severity worst)
{
    for (size_t i = 0; i < c->diagnoses.n; i++)
        if (c->diagnoses.p[i].severity == worst)
            return c->diagnoses.p[i].rule;
    return (struct str){ 0 };
}

static void tell_findings(const struct cli *c, const struct cases *cases, enum severity threshold)
{
    const struct case_result *first = NULL;
    enum severity worst, severity = SEVERITY_INFO;
    size_t n = 0;

    for (size_t i = 0; i < cases->of.n; i++) {
        if (!case_worst(&cases->of.p[i], &worst) || worst < threshold)
            continue;
        if (n++ && worst <= severity)
            continue;
        first = &cases->of.p[i];
        severity = worst;
    }
    if (first)
        complain("%zu %s%s at or above --fail-on=%s, first %.*s (%.*s)", n,
                 args_has(&c->args, OPTION_NEW_ONLY) ? "new " : "", n == 1 ? "case" : "cases",
                 cli_fail_on(c), STR_ARG(worst_rule(first, severity)),
                 STR_ARG(severity_name(severity)));
}

void tell_cases(const struct cli *c, const struct cases *cases, int code, enum severity threshold)
{
    const char *output = c->args.value[OPTION_OUTPUT];

    if (!output || code == EXIT_FINE)
        return;
    if (code != EXIT_FINDING)
        tell_losses(cases);
    if (cli_fail_on(c))
        tell_findings(c, cases, threshold);
    complain("the report is in %s", output);
}

void tell_analysis(const struct cli *c, const struct analysis *a, enum severity worst)
{
    const char *output = c->args.value[OPTION_OUTPUT];
    const struct diagnosis *first = NULL;

    for (size_t i = 0; output && !first && i < a->diagnoses.n; i++)
        if (!a->diagnoses.p[i].superseded && a->diagnoses.p[i].severity == worst)
            first = &a->diagnoses.p[i];
    if (first)
        complain("found %.*s (%.*s); the report is in %s", STR_ARG(first->rule->id),
                 STR_ARG(severity_name(worst)), output);
}
