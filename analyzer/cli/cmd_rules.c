/* SPDX-License-Identifier: Apache-2.0 */
/* `lastwords rules …`: the rules of this run, whether they are sound, and the start of new ones. */
#include "analyzer/cli/cli.h"

#include "analyzer/cli/complain.h"
#include "analyzer/cli/rule_graph.h"
#include "analyzer/cli/rule_kernel.h"
#include "analyzer/cli/rule_new.h"
#include "analyzer/cli/rule_profile.h"
#include "analyzer/cli/rule_text.h"
#include "analyzer/cli/rule_tests.h"
#include "analyzer/engine/keys.h"
#include "analyzer/engine/prefilter.h"
#include "reports/wording.h"

#include <string.h>
#include <unistd.h>

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

/* What the prefilter looks for, one per line: for comparing with other searchers. */
static int print_literals(struct cli *c)
{
    size_t n;
    const struct literal *literals = ruleset_literals(c->rules, &n);

    for (size_t i = 0; i < n; i++) {
        out_raw(c->output.out, literals[i].text);
        out_puts(c->output.out, "\n");
    }
    return EXIT_FINE;
}

/* Who names files hears of those, not of the rules that they stand beside. */
static void add_problems(struct cli *c,
                         bool (*check)(const struct ruleset *rs, struct problems *problems))
{
    struct problems all = { .arena = &c->arena };
    struct err *slot;

    check(c->rules, &all);
    for (size_t i = 0; i < all.n; i++)
        if (rule_tests_named(c, str_from(all.p[i].file)) &&
            (slot = vec_push(&c->arena, &c->problems)))
            *slot = all.p[i];
}

/*
 * What the loader finds stops it. Expressions, which it does not compile, are looked at here, and
 * what is only doubtful (a hint).
 */
static int check_rules(struct cli *c)
{
    size_t faults;

    if (rule_kernel_wanted(c))
        return rule_kernel_run(c);
    add_problems(c, ruleset_check);
    faults = c->problems.n;
    add_problems(c, ruleset_lint);
    cli_print_problems(c);
    wording_count(c->output.out, ruleset_count(c->rules), "rule", "rules");
    out_puts(c->output.out, " in ");
    wording_count(c->output.out, c->rule_files.n, "file", "files");
    out_puts(c->output.out, ", ");
    wording_count(c->output.out, faults, "fault", "faults");
    out_puts(c->output.out, ", ");
    wording_count(c->output.out, c->problems.n - faults, "hint", "hints");
    out_puts(c->output.out, "\n");
    return faults ? EXIT_FINDING : EXIT_FINE;
}

/* `paths`: the words are rule files, which are then loaded like those of --rules. */
static const struct {
    const char *name;
    int (*run)(struct cli *c);
    bool paths, hidden;
} actions[] = {
    { "list", list_rules, false, false },          { "show", show_rules, false, false },
    { "check", check_rules, true, false },         { "test", rule_tests_run, true, false },
    { "new", rule_new_run, false, false },         { "graph", rule_graph_run, false, false },
    { "profile", rule_profile_run, false, false }, { "literals", print_literals, false, true },
};

enum { ACTIONS = sizeof actions / sizeof actions[0] };

static bool add_paths(struct cli *c)
{
    for (size_t i = 1; i < c->args.words.n; i++) {
        const char *word = c->args.words.p[i];
        const char **slot = NULL;

        /* `rules test` takes ids as well. */
        if (access(word, F_OK) != 0 && strchr(word, '/') == NULL && strchr(word, '.') &&
            !str_ends(str_from(word), STR(".yaml")))
            continue;
        slot = vec_push(&c->arena, &c->args.rules);
        if (!slot)
            return false;
        *slot = word;
    }
    return true;
}

static int run_action(struct cli *c, size_t action)
{
    if (actions[action].paths && !add_paths(c))
        return EXIT_NOTHING;
    if (rule_kernel_wanted(c) && actions[action].run != check_rules) {
        complain("--kernel-strings, --printk-index and --program-strings belong to rules check");
        return EXIT_NOTHING;
    }
    if (!cli_load_rules(c))
        return actions[action].paths && c->rule_files.n ? EXIT_FINDING : EXIT_NOTHING;
    if (!cli_open_output(c))
        return EXIT_NOTHING;
    return cli_finish(c, actions[action].run(c));
}

int cmd_rules(struct cli *c)
{
    const char *word = c->args.words.n ? c->args.words.p[0] : actions[0].name;
    struct suggestion s = { .wanted = str_from(word) };
    struct str all = { 0 };
    char hint[80];

    for (size_t i = 0; i < ACTIONS; i++) {
        if (strcmp(word, actions[i].name) == 0)
            return run_action(c, i);
        if (!actions[i].hidden)
            suggest(&s, str_from(actions[i].name));
    }
    for (size_t i = 0; i < ACTIONS; i++)
        if (!actions[i].hidden)
            all = arena_printf(&c->arena, "%.*s%s%s", STR_ARG(all), i ? ", " : "", actions[i].name);
    complain("rules %s: no such word (%.*s)%s", word, STR_ARG(all),
             suggestion_text(&s, hint, sizeof hint));
    return EXIT_NOTHING;
}
