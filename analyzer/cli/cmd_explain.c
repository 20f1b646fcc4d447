/* SPDX-License-Identifier: Apache-2.0 */
/* `lastwords explain RULE [FILE…]`: the rule in words; with a log, which condition held where. */
#include "analyzer/cli/cli.h"

#include "analyzer/cli/complain.h"
#include "analyzer/cli/rule_text.h"
#include "reports/wording.h"

#include <inttypes.h>

static const struct finding *find_in(const struct findings *all, const struct rule *rule)
{
    for (size_t i = 0; i < all->n; i++)
        if (all->p[i].rule == rule)
            return &all->p[i];
    return NULL;
}

/* What ranking makes of a rule that fires. `boot`: UINT32_MAX for the case. */
static void put_place(struct cli *c, const struct analysis *a, const struct rule *rule,
                      uint32_t boot)
{
    const struct diagnosis *d = NULL, *cause;

    for (size_t i = 0; i < a->diagnoses.n && !d; i++)
        if (a->diagnoses.p[i].rule == rule && a->diagnoses.p[i].boot == boot)
            d = &a->diagnoses.p[i];
    if (!d) {
        out_puts(c->output.out, "  and is left out of the report: another rule mutes it "
                                "(suppress_if) or knows the same crash (catch_all)\n");
        return;
    }
    cause = d->explained_by < a->diagnoses.n ? &a->diagnoses.p[d->explained_by] : NULL;
    if (d->superseded)
        out_puts(c->output.out, "  and is shown with --all only: a more specific rule fires, too "
                                "(supersedes)\n");
    else if (cause)
        out_printf(c->output.out, "  and is a symptom of %.*s in the report\n",
                   STR_ARG(cause->rule->id));
    else
        out_printf(c->output.out, "  and stands in the report as %.*s\n",
                   STR_ARG(role_name(d->role)));
}

static void put_lines(struct cli *c, const struct strs *lines)
{
    for (size_t n = 0; n < lines->n; n++) {
        out_puts(c->output.out, "  ");
        out_tty(c->output.out, lines->p[n]);
        out_puts(c->output.out, "\n");
    }
}

static void explain_boot(struct cli *c, struct analysis *a, const struct rule *rule, uint32_t i)
{
    const struct case_boot *kept = &a->of_boot.p[i];
    struct case_part part = { kept->boot, kept->hits };
    struct explain_scope scope = { .boot = kept->boot,
                                   .parts = &part,
                                   .n_parts = 1,
                                   .facts = kept->facts,
                                   .matching = a->matching };
    struct strs lines = finding_explain(c->rules, rule, &scope, &a->arena);

    out_printf(c->output.out, "\n  In boot %" PRId64 "\n", wording_boot_offset(a, i));
    put_lines(c, &lines);
    if (find_in(&kept->findings, rule))
        put_place(c, a, rule, i);
}

/* A rule of scope case sees the host and all boots together. */
static void explain_case(struct cli *c, struct analysis *a, const struct rule *rule)
{
    struct case_part *parts = arena_new(&a->arena, struct case_part, a->of_boot.n + 1);
    struct explain_scope scope = { .parts = parts,
                                   .n_parts = parts ? a->of_boot.n : 0,
                                   .facts = &a->case_facts,
                                   .matching = a->matching };
    struct strs lines;

    for (size_t i = 0; i < scope.n_parts; i++)
        parts[i] = (struct case_part){ a->of_boot.p[i].boot, a->of_boot.p[i].hits };
    lines = finding_explain(c->rules, rule, &scope, &a->arena);
    out_puts(c->output.out, "\n  In all boots and the host's log together\n");
    put_lines(c, &lines);
    if (find_in(&a->case_findings, rule))
        put_place(c, a, rule, UINT32_MAX);
}

static int explain_log(struct cli *c, const struct rule *rule)
{
    struct analysis_options options;
    struct analysis *a;
    int code;

    if (!cli_analysis_options(c, &options))
        return EXIT_NOTHING;
    options.watch = rule->id;
    a = cli_analyse(c, 1, &options);
    if (!a)
        return EXIT_NOTHING;
    code = cli_judge(a);
    if (rule->case_scope)
        explain_case(c, a, rule);
    for (uint32_t i = 0; !rule->case_scope && i < boots_count(a->boots); i++)
        if (i == a->focus || options.choice == BOOT_ALL)
            explain_boot(c, a, rule, i);
    analysis_free(a);
    return code;
}

int cmd_explain(struct cli *c)
{
    const struct rule *rule;
    int code = EXIT_FINE;

    if (c->args.words.n == 0) {
        complain("explain needs the id of a rule (lastwords rules list shows them)");
        return EXIT_NOTHING;
    }
    if (!cli_load_rules(c) || !(rule = rule_text_find(c, c->args.words.p[0])) ||
        !cli_open_output(c))
        return EXIT_NOTHING;
    rule_text_write(c->output.out, rule);
    if (c->args.words.n > 1)
        code = explain_log(c, rule);
    return cli_finish(c, code);
}
