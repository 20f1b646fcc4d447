/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules against a kernel; see rule_kernel.h. The kernel's files are read as inputs are, compressed
 * ones too, behind the sandbox.
 */
#include "analyzer/cli/rule_kernel.h"

#include "analyzer/cli/complain.h"
#include "analyzer/cli/rule_tests.h"
#include "analyzer/engine/kernel_rules.h"
#include "parsers/kernel_strings.h"

struct checking {
    struct cli *cli;
    struct arena arena;
    struct notes notes;
    struct kernel_rules *rules;
    struct kernel_strings strings;
    struct kernel_known known;
    bool programs; /* their texts are asked about, not the kernel's */
    size_t n[KERNEL_RULE_COUNT];
};

static const struct {
    const char *word;
    bool always; /* also without --all */
} verdicts[KERNEL_RULE_COUNT] = {
    [KERNEL_RULE_ALIVE] = { "alive", false },
    [KERNEL_RULE_NONE] = { "no kernel text", false },
    [KERNEL_RULE_UNKNOWN] = { "cannot tell", true },
    [KERNEL_RULE_DEAD] = { "dead", true },
    [KERNEL_RULE_OTHER_KERNEL] = { "not for this kernel", true },
    [KERNEL_RULE_OTHER_BUILD] = { "not in this build", true },
};

bool rule_kernel_wanted(const struct cli *c)
{
    return c->args.kernel_strings.n || c->args.printk_index.n || c->args.program_strings.n;
}

static void take_string(void *ctx, struct str string)
{
    kernel_rules_add(ctx, string);
}

static bool read_inputs(struct checking *k, struct inputs *inputs,
                        bool (*read)(struct kernel_strings *, struct input *, struct err *))
{
    struct input *in;
    struct err err = { 0 };
    enum step step;
    bool ok = true;

    while ((step = inputs_next(inputs, &in, &err)) == STEP_RECORD) {
        if (!read(&k->strings, in, &err)) {
            complain("%.*s: %s", STR_ARG(in->name), err.text);
            ok = false;
        }
        input_close(in);
    }
    if (step == STEP_FAIL)
        complain_err(&err);
    return ok && step == STEP_END;
}

static struct inputs *open_inputs(struct checking *k, const struct words *names)
{
    struct inputs *inputs = inputs_new(&k->arena, &k->notes);

    for (size_t i = 0; inputs && i < names->n; i++)
        inputs_add(inputs, str_from(names->p[i]));
    return inputs;
}

static bool lost_some(const struct checking *k)
{
    bool lost = false;

    for (size_t i = 0; i < k->notes.n; i++)
        lost = lost || note_is_loss(k->notes.p[i].code);
    cli_print_notes(NULL, &k->notes, 0, true);
    return lost;
}

static bool read_kernel(struct checking *k)
{
    struct inputs *strings = open_inputs(k, &k->cli->args.kernel_strings);
    struct inputs *index = open_inputs(k, &k->cli->args.printk_index);
    struct inputs *programs = open_inputs(k, &k->cli->args.program_strings);
    bool ok = strings && index && programs && cli_confine(k->cli, &k->notes) &&
              read_inputs(k, strings, kernel_strings_read) &&
              read_inputs(k, index, kernel_strings_read_index) &&
              read_inputs(k, programs, kernel_strings_read);

    inputs_free(strings);
    inputs_free(index);
    inputs_free(programs);
    ok = !lost_some(k) && ok;
    if (ok && !k->strings.n) {
        complain("no strings were found: is this a kernel?");
        ok = false;
    }
    k->known.release = str_from(k->strings.version);
    k->known.version = str_from(k->strings.source);
    k->known.complete = k->strings.text || (k->strings.image && k->strings.modules);
    return ok;
}

static void put_rule(struct checking *k, const struct rule *rule, enum kernel_verdict verdict)
{
    struct out *o = k->cli->output.out;
    bool all = args_has(&k->cli->args, OPTION_ALL);
    struct kernel_wordings list;

    if (!all && !verdicts[verdict].always)
        return;
    out_printf(o, "%s: ", verdicts[verdict].word);
    out_tty(o, rule->id);
    out_puts(o, "\n");
    list = kernel_rules_list(k->rules, rule, &k->known, &k->arena);
    for (size_t i = 0; i < list.n; i++) {
        if (!all && (verdict >= KERNEL_RULE_OTHER_KERNEL || list.p[i].verdict != verdict))
            continue;
        out_puts(o, "  ");
        out_tty(o, rule->file);
        out_printf(o, ":%u: %s: ", (unsigned)list.p[i].line, verdicts[list.p[i].verdict].word);
        out_tty(o, list.p[i].text);
        out_puts(o, "\n");
    }
}

static size_t share(size_t part, size_t of)
{
    return of ? (1000 * part + of / 2) / of : 0;
}

/* "6.1.0-56-amd64: 310 kernel rules: 305 alive (98.4 %), 1 dead, …" */
static void put_sums(const struct checking *k)
{
    struct out *o = k->cli->output.out;
    size_t meant = k->n[KERNEL_RULE_ALIVE] + k->n[KERNEL_RULE_DEAD] + k->n[KERNEL_RULE_UNKNOWN];
    size_t permille = share(k->n[KERNEL_RULE_ALIVE], meant);

    if (k->programs)
        out_puts(o, "programs");
    else
        out_tty(o, k->known.release.n ? k->known.release : STR("kernel of unknown version"));
    if (k->known.version.n) {
        out_puts(o, " (");
        out_tty(o, k->known.version);
        out_puts(o, ")");
    }
    out_printf(o,
               ": %zu rules for it: %zu alive (%zu.%zu %%), %zu dead, %zu cannot tell; %zu not for "
               "this kernel, %zu not in this build\n",
               meant, k->n[KERNEL_RULE_ALIVE], permille / 10, permille % 10, k->n[KERNEL_RULE_DEAD],
               k->n[KERNEL_RULE_UNKNOWN], k->n[KERNEL_RULE_OTHER_KERNEL],
               k->n[KERNEL_RULE_OTHER_BUILD]);
    if (!k->known.complete)
        out_puts(o, k->cli->args.kernel_strings.n
                            ? "no rule is called dead: that needs the image and its modules\n"
                            : "no rule is called dead: a printk index lacks what panic() and "
                              "others print through %s; --kernel-strings has it\n");
}

int rule_kernel_run(struct cli *c)
{
    struct checking k = { .cli = c, .programs = c->args.program_strings.n > 0 };
    int code = EXIT_NOTHING;

    k.notes.arena = &k.arena;
    k.rules = kernel_rules_new(c->rules, k.programs ? TEXTS_OF_PROGRAMS : TEXTS_OF_KERNEL);
    k.strings.add = take_string;
    k.strings.ctx = k.rules;
    if (!k.rules)
        complain("out of memory");
    if (k.rules && read_kernel(&k)) {
        for (size_t i = 0; i < ruleset_count(c->rules); i++) {
            const struct rule *rule = ruleset_at(c->rules, i);
            enum kernel_verdict verdict = kernel_rules_judge(k.rules, rule, &k.known);

            if (!rule_tests_named(c, rule->file))
                continue;
            k.n[verdict]++;
            put_rule(&k, rule, verdict);
        }
        put_sums(&k);
        code = k.n[KERNEL_RULE_DEAD] ? EXIT_FINDING : EXIT_FINE;
    }
    kernel_rules_free(k.rules);
    arena_done(&k.arena);
    return code;
}
