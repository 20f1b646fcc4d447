/* SPDX-License-Identifier: Apache-2.0 */
/* `lastwords explain RULE [FILE…]`: the rule in words; with a log, which condition held where. */
#include "analyzer/cli/cli.h"

#include "analyzer/cli/complain.h"
#include "analyzer/cli/rule_text.h"
#include "reports/wording.h"

#include <inttypes.h>

static void explain_boot(struct cli *c, struct analysis *a, const struct rule *rule, uint32_t i)
{
    const struct case_boot *kept = &a->of_boot.p[i];
    struct strs lines =
            finding_explain(c->rules, rule, kept->boot, kept->hits, kept->facts, &a->arena);

    out_printf(c->output.out, "\n  In boot %" PRId64 "\n", wording_boot_offset(a, i));
    for (size_t n = 0; n < lines.n; n++) {
        out_puts(c->output.out, "  ");
        out_tty(c->output.out, lines.p[n]);
        out_puts(c->output.out, "\n");
    }
}

static int explain_log(struct cli *c, const struct rule *rule)
{
    struct analysis_options options;
    struct analysis *a;
    int code;

    if (!cli_analysis_options(c, &options) || !(a = cli_analyse(c, 1, &options)))
        return EXIT_NOTHING;
    code = cli_judge(a);
    for (uint32_t i = 0; i < boots_count(a->boots); i++)
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
