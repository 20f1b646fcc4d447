/* SPDX-License-Identifier: Apache-2.0 */
/* `lastwords history list|show|trend`: what the history file has seen. */
#include "analyzer/cli/cli.h"

#include "analyzer/cli/complain.h"
#include "analyzer/cli/redaction.h"
#include "analyzer/cli/remember.h"
#include "analyzer/engine/keys.h"
#include "reports/emit.h"
#include "reports/layout.h"

#include <string.h>

enum {
    MINUTE_COLUMNS = 16, /* 2026-01-31 12:00 */
    MACHINE_COLUMNS = 20,
    BAR_COLUMNS = 30,
};

/* The words of --by. */
static const struct {
    const char *name, *heading, *plural;
} spans[] = {
    [HISTORY_DAY] = { "day", "DAY (UTC)", "days" },
    [HISTORY_WEEK] = { "week", "WEEK (ISO)", "weeks" },
    [HISTORY_MONTH] = { "month", "MONTH", "months" },
};

enum { SPANS = sizeof spans / sizeof spans[0] };

struct history_view {
    struct cli *c;
    struct history *history;
    struct out *out;
    struct str word; /* empty: everything */
    size_t by;       /* index of spans */
    bool json;
};

/* "2026-01-31 12:00", UTC. */
static void put_minute(struct out *o, int64_t wall_us)
{
    char text[CLOCK_TEXT];

    if (wall_us == TIME_UNKNOWN) {
        out_printf(o, "%-*s", MINUTE_COLUMNS, "-");
        return;
    }
    clock_format(wall_us, text);
    out_printf(o, "%.10s %.5s", text, text + strcspn(text, "T") + 1);
}

/* A machine's name, cut or filled up to its column. */
static bool put_machine(struct out *o, struct str name)
{
    struct out *scratch = out_new_scratch(o);
    size_t columns;

    if (!scratch)
        return false;
    out_tty(scratch, name);
    columns = layout_columns(out_bytes(scratch));
    layout_cut(o, out_bytes(scratch), MACHINE_COLUMNS);
    out_repeat(o, ' ', columns < MACHINE_COLUMNS ? MACHINE_COLUMNS - columns : 0);
    out_free(scratch);
    return true;
}

static void put_items(const struct history_view *v, const struct history_items *items)
{
    bool by_machine = v->word.n > 0;
    struct out *o = v->out;

    if (items->n == 0) {
        out_puts(o, "nothing was seen yet\n");
        return;
    }
    out_printf(o, "LAST SEEN (UTC)   FIRST SEEN         RUNS  %-*s   NOW  WHAT\n",
               by_machine ? MACHINE_COLUMNS : 8, by_machine ? "MACHINE" : "MACHINES");
    for (size_t i = 0; i < items->n; i++) {
        const struct history_item *item = &items->p[i];

        put_minute(o, item->last_us);
        out_puts(o, "  ");
        put_minute(o, item->first_us);
        out_printf(o, "  %5llu  ", (unsigned long long)item->runs);
        if (!by_machine)
            out_printf(o, "%8llu   %3llu  ", (unsigned long long)item->machines,
                       (unsigned long long)item->present);
        else if (put_machine(o, item->machine))
            out_printf(o, "   %-3s  ", item->present ? "yes" : "no");
        out_own(o, out_tty, item->crash ? STR("crash") : severity_name(item->severity));
        out_puts(o, "  ");
        out_own(o, out_tty, item->key);
        out_puts(o, "  ");
        out_tty(o, item->title);
        out_puts(o, "\n");
    }
}

static void emit_item(struct emit *e, const struct history_item *item)
{
    emit_open(e, '{');
    emit_member_str(e, "kind", item->crash ? STR("crash") : STR("cause"));
    emit_member_str(e, "key", item->key);
    emit_member_str_or_null(e, "family", item->family);
    emit_member_str(e, "title", item->title);
    emit_member_str_or_null(e, "severity",
                            item->crash ? (struct str){ 0 } : severity_name(item->severity));
    emit_member_str(e, "role", role_name(item->role));
    emit_member_str_or_null(e, "machine", item->machine);
    emit_member_uint(e, "machines", item->machines);
    emit_member_uint(e, "machines_now", item->present);
    emit_member_uint(e, "runs", item->runs);
    emit_member_uint(e, "count", item->count);
    emit_member_wall(e, "first", item->first_us, 0);
    emit_member_wall(e, "last", item->last_us, 0);
    emit_close(e, '}');
}

/* Opens the document up to its list. */
static void emit_begin(struct emit *e, const struct history_view *v)
{
    emit_open(e, '{');
    emit_member_str(e, "schema", STR("lastwords-history/1"));
    emit_member_str_or_null(e, "word", v->word);
}

static void emit_end(struct emit *e)
{
    emit_close(e, ']');
    emit_close(e, '}');
    out_puts(e->out, "\n");
}

static void write_items(const struct history_view *v, const struct history_items *items)
{
    struct emit e = { .out = v->out, .pretty = true };

    if (!v->json) {
        put_items(v, items);
        return;
    }
    emit_begin(&e, v);
    emit_member_open(&e, "items", '[');
    for (size_t i = 0; i < items->n; i++)
        emit_item(&e, &items->p[i]);
    emit_end(&e);
}

static bool list(struct history_view *v, struct err *err)
{
    struct history_items items = { 0 };
    bool all = args_has(&v->c->args, OPTION_ALL);

    if (!history_list(v->history, all, &v->c->arena, &items, err))
        return false;
    write_items(v, &items);
    return true;
}

static bool show(struct history_view *v, struct err *err)
{
    struct history_items items = { 0 };
    char word[100];

    if (!history_show(v->history, v->word, &v->c->arena, &items, err))
        return false;
    if (items.n == 0)
        return fail(err, FAIL_USAGE,
                    "nothing in the history has the name '%s' (a rule, a signature, a machine)",
                    err_quote(v->word, word, sizeof word));
    write_items(v, &items);
    return true;
}

static void put_period(struct out *o, const struct history_period *p, uint64_t most)
{
    out_printf(o, "%-10.*s  %5llu  %8llu  %7llu  %6llu  %7llu  %5llu  ",
               STR_ARG(p->name.n ? p->name : STR("-")), (unsigned long long)p->runs,
               (unsigned long long)p->machines, (unsigned long long)p->failing,
               (unsigned long long)p->causes, (unsigned long long)p->crashes,
               (unsigned long long)p->fresh);
    /* Rounded up: one failing machine is never an empty bar. */
    out_repeat(o, '#', most ? (size_t)((p->failing * BAR_COLUMNS + most - 1) / most) : 0);
    out_puts(o, "\n");
}

/* Nights without a run are no quiet nights. */
static void put_gap(const struct history_view *v, const struct history_period *before,
                    const struct history_period *next)
{
    int64_t gap;

    if (before->number == TIME_UNKNOWN || next->number == TIME_UNKNOWN)
        return;
    gap = next->number - before->number - 1;
    if (gap > 0)
        out_printf(v->out, "%-10s  no run in %lld %s\n", "...", (long long)gap,
                   gap == 1 ? spans[v->by].name : spans[v->by].plural);
}

static void put_periods(const struct history_view *v, const struct history_periods *periods)
{
    uint64_t most = 0;

    if (periods->n == 0) {
        out_puts(v->out, "no run was recorded yet\n");
        return;
    }
    for (size_t i = 0; i < periods->n; i++)
        most = periods->p[i].failing > most ? periods->p[i].failing : most;
    out_printf(v->out, "%-10s   RUNS  MACHINES  FAILING  CAUSES  CRASHES    NEW\n",
               spans[v->by].heading);
    for (size_t i = 0; i < periods->n; i++) {
        if (i)
            put_gap(v, &periods->p[i - 1], &periods->p[i]);
        put_period(v->out, &periods->p[i], most);
    }
}

static bool trend(struct history_view *v, struct err *err)
{
    struct history_periods periods = { 0 };
    struct emit e = { .out = v->out, .pretty = true };

    if (!history_trend(v->history, v->word, (enum history_by)v->by, &v->c->arena, &periods, err))
        return false;
    if (!v->json) {
        put_periods(v, &periods);
        return true;
    }
    emit_begin(&e, v);
    emit_member_str(&e, "by", str_from(spans[v->by].name));
    emit_member_open(&e, "periods", '[');
    for (size_t i = 0; i < periods.n; i++) {
        const struct history_period *p = &periods.p[i];

        emit_open(&e, '{');
        emit_member_str_or_null(&e, "period", p->name);
        emit_member_uint(&e, "runs", p->runs);
        emit_member_uint(&e, "machines", p->machines);
        emit_member_uint(&e, "failing", p->failing);
        emit_member_uint(&e, "causes", p->causes);
        emit_member_uint(&e, "crashes", p->crashes);
        emit_member_uint(&e, "new", p->fresh);
        emit_close(&e, '}');
    }
    emit_end(&e);
    return true;
}

static const struct {
    const char *name;
    bool (*run)(struct history_view *v, struct err *err);
    size_t words_min, words_max; /* behind its name */
} actions[] = {
    { "list", list, 0, 0 },
    { "show", show, 1, 1 },
    { "trend", trend, 0, 1 },
};

enum { ACTIONS = sizeof actions / sizeof actions[0] };

/* --by, which is trend's. False: complained. */
static bool choose_span(struct history_view *v, size_t action)
{
    const char *word = v->c->args.value[OPTION_BY];

    v->by = HISTORY_DAY;
    if (word && actions[action].run != trend) {
        complain("history %s: --by is of history trend", actions[action].name);
        return false;
    }
    for (size_t i = 0; word && i < SPANS; i++) {
        if (strcmp(word, spans[i].name) != 0)
            continue;
        v->by = i;
        return true;
    }
    if (word)
        complain("--by %s: day, week or month", word);
    return !word;
}

static int run_action(struct history_view *v, size_t action)
{
    struct cli *c = v->c;
    size_t words = c->args.words.n ? c->args.words.n - 1 : 0;
    const char *path = remember_path(c, false);
    struct err err;
    bool ok;

    if (words < actions[action].words_min || words > actions[action].words_max) {
        complain("history %s: expected %s", actions[action].name,
                 actions[action].words_min   ? "one rule, signature or machine"
                 : actions[action].words_max ? "at most one rule, signature or machine"
                                             : "no word behind it");
        return EXIT_NOTHING;
    }
    if (words)
        v->word = str_from(c->args.words.p[1]);
    if (!path || !choose_span(v, action) || !cli_open_output(c))
        return EXIT_NOTHING;
    v->out = c->output.out;
    v->history = history_open(path, HISTORY_READ, &err);
    ok = v->history && redaction_learn_machines(c, v->history, &err) &&
         actions[action].run(v, &err);
    history_close(v->history);
    if (ok)
        return cli_finish(c, EXIT_FINE);
    complain_err(&err);
    cli_abandon_output(c);
    return EXIT_NOTHING;
}

int cmd_history(struct cli *c)
{
    const char *word = c->args.words.n ? c->args.words.p[0] : actions[0].name;
    const char *format = c->args.value[OPTION_FORMAT];
    struct suggestion s = { .wanted = str_from(word) };
    struct history_view v = { .c = c };
    char hint[80];

    v.json = format && strcmp(format, "json") == 0;
    if (format && !v.json && strcmp(format, "text") != 0) {
        complain("--format %s: history writes text or json", format);
        return EXIT_NOTHING;
    }
    for (size_t i = 0; i < ACTIONS; i++) {
        if (strcmp(word, actions[i].name) == 0)
            return run_action(&v, i);
        suggest(&s, str_from(actions[i].name));
    }
    complain("history %s: no such word (list, show, trend)%s", word,
             suggestion_text(&s, hint, sizeof hint));
    return EXIT_NOTHING;
}
