/* SPDX-License-Identifier: Apache-2.0 */
/* `lastwords rules list|show|check|test`: the rules of this run, and whether they are sound. */
#include "analyzer/cli/cli.h"

#include "analyzer/cli/complain.h"
#include "analyzer/cli/rule_text.h"
#include "analyzer/engine/keys.h"

#include <string.h>

enum { ID_COLUMNS = 36, SEVERITY_COLUMNS = 9 };

static int list_rules(struct cli *c)
{
    struct out *o = c->output.out;

    for (size_t i = 0; i < ruleset_count(c->rules); i++) {
        const struct rule *rule = ruleset_at(c->rules, i);
        struct str severity = severity_name(rule->severity);

        out_tty(o, rule->id);
        out_repeat(o, ' ', rule->id.n < ID_COLUMNS ? ID_COLUMNS - rule->id.n : 1);
        out_raw(o, severity);
        out_repeat(o, ' ', SEVERITY_COLUMNS - severity.n);
        out_tty(o, rule->title);
        out_puts(o, "\n");
    }
    return EXIT_FINE;
}

static int show_rules(struct cli *c)
{
    int code = EXIT_FINE;

    if (c->args.words.n < 2) {
        complain("rules show needs the id of a rule (lastwords rules list shows them)");
        return EXIT_NOTHING;
    }
    for (size_t i = 1; i < c->args.words.n; i++) {
        const struct rule *rule = rule_text_find(c, c->args.words.p[i]);

        if (rule)
            rule_text_source(c->output.out, c, rule);
        else
            code = EXIT_NOTHING;
    }
    return code;
}

static const struct {
    const char *name;
    int (*run)(struct cli *c);
} actions[] = {
    { "list", list_rules },
    { "show", show_rules },
};

/* `check` and `test` take paths of rule files, which are then loaded like those of --rules. */
static bool add_paths(struct cli *c)
{
    for (size_t i = 1; i < c->args.words.n; i++) {
        const char **slot = vec_push(&c->arena, &c->args.rules);

        if (!slot)
            return false;
        *slot = c->args.words.p[i];
    }
    return true;
}

static int check_rules(struct cli *c)
{
    struct rule_sources from;

    if (!add_paths(c))
        return EXIT_NOTHING;
    from = (struct rule_sources){ .paths = c->args.rules.p,
                                  .n_paths = c->args.rules.n,
                                  .user_dir = c->user_dir };
    c->problems.arena = &c->arena;
    if (!rules_read(&c->rule_files, &from, &c->arena, &c->problems)) {
        cli_print_problems(c);
        return EXIT_NOTHING;
    }
    c->rules = rules_load(&c->rule_files, &c->problems);
    cli_print_problems(c);
    if (!cli_open_output(c))
        return EXIT_NOTHING;
    if (c->rules)
        out_printf(c->output.out, "%zu rules in %zu files, %zu faults\n", ruleset_count(c->rules),
                   c->rule_files.n, c->problems.n);
    else
        out_printf(c->output.out, "%zu faults\n", c->problems.n);
    return cli_finish(c, c->rules && c->problems.n == 0 ? EXIT_FINE : EXIT_FINDING);
}

static void complain_action(const char *word)
{
    struct suggestion s = { .wanted = str_from(word) };
    char hint[80];

    suggest(&s, STR("list"));
    suggest(&s, STR("show"));
    suggest(&s, STR("check"));
    suggest(&s, STR("test"));
    complain("rules %s: list, show, check or test%s", word, suggestion_text(&s, hint, sizeof hint));
}

int cmd_rules(struct cli *c)
{
    const char *word = c->args.words.n ? c->args.words.p[0] : "list";

    if (strcmp(word, "check") == 0)
        return check_rules(c);
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        if (strcmp(word, actions[i].name) != 0)
            continue;
        if (!cli_load_rules(c) || !cli_open_output(c))
            return EXIT_NOTHING;
        return cli_finish(c, actions[i].run(c));
    }
    complain_action(word);
    return EXIT_NOTHING;
}
