/* SPDX-License-Identifier: Apache-2.0 */
/* `lastwords facts`: what a log proves, by the paths that rules use: where a rule author starts. */
#include "analyzer/cli/cli.h"

#include "analyzer/cli/complain.h"
#include "reports/json.h"
#include "reports/wording.h"

#include <inttypes.h>
#include <string.h>

enum { PATH_COLUMNS = 22 };

static void put_proof(struct out *o, const struct analysis *a, const struct record *proof)
{
    if (!proof)
        return;
    out_puts(o, "  (");
    out_tty(o, wording_input_short(a, proof->input));
    out_printf(o, ":%" PRIu64 ")", proof->line);
}

/* A list of maps takes a line for each of them. */
static bool is_table(const struct value *v)
{
    return v->type == VALUE_LIST && v->n_items && v->items[0].type == VALUE_MAP;
}

static void put_value(struct cli *c, const struct value *v)
{
    struct str printed = value_print(&c->arena, v);

    if (v->type == VALUE_UNKNOWN)
        out_puts(c->output.out, "unknown");
    else if (printed.n == 0)
        out_puts(c->output.out, v->type == VALUE_LIST ? "(an empty list)" : "(empty)");
    else
        out_tty(c->output.out, printed);
}

static void put_fact(struct cli *c, const struct analysis *a, const struct facts *facts,
                     enum fact_id id)
{
    const struct fact *fact = facts_get(facts, id);
    struct out *o = c->output.out;
    struct str path = fact_infos[id].path;

    if (fact->value.type == VALUE_UNKNOWN && !args_has(&c->args, OPTION_ALL))
        return;
    out_raw(o, path);
    out_repeat(o, ' ', path.n < PATH_COLUMNS ? PATH_COLUMNS - path.n : 0);
    out_puts(o, "  ");
    if (is_table(&fact->value))
        out_printf(o, "%zu:", fact->value.n_items);
    else
        put_value(c, &fact->value);
    put_proof(o, a, fact->proof);
    out_puts(o, "\n");
    for (size_t i = 0; is_table(&fact->value) && i < fact->value.n_items; i++) {
        out_puts(o, "    ");
        put_value(c, &fact->value.items[i]);
        out_puts(o, "\n");
    }
}

static void write_facts(struct cli *c, const struct analysis *a, uint32_t boot, const char *format)
{
    if (format && strcmp(format, "text") != 0) {
        json_write_facts(c->output.out, a, boot, format[0] == 'n');
        return;
    }
    if (boots_count(a->boots) > 1)
        out_printf(c->output.out, "boot %" PRId64 "\n", wording_boot_offset(a, boot));
    for (size_t i = 0; i < FACT_COUNT; i++)
        put_fact(c, a, a->of_boot.p[boot].facts, (enum fact_id)i);
}

int cmd_facts(struct cli *c)
{
    const char *format = c->args.value[OPTION_FORMAT];
    struct analysis_options options;
    struct analysis *a;
    int code;

    if (format && strcmp(format, "text") != 0 && strcmp(format, "json") != 0 &&
        strcmp(format, "ndjson") != 0) {
        complain("--format %s: facts writes text, json or ndjson", format);
        return EXIT_NOTHING;
    }
    if (!cli_analysis_options(c, &options) || !(a = cli_analyse_for_output(c, &options)))
        return EXIT_NOTHING;
    code = cli_judge(a);
    if (options.choice == BOOT_ALL)
        for (uint32_t i = 0; i < boots_count(a->boots); i++)
            write_facts(c, a, i, format);
    else if (a->focus != UINT32_MAX)
        write_facts(c, a, a->focus, format);
    analysis_free(a);
    return cli_finish(c, code);
}
