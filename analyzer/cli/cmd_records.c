/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `lastwords records`: the normalised stream. Without -b every record as it stands; with -b (and
 * always for `raw`) those of boots, repeated dumps merged: a first pass chooses the boot as a
 * diagnosis would, a second one prints it.
 */
#include "analyzer/cli/cli.h"

#include "analyzer/cli/complain.h"
#include "analyzer/cli/merge.h"
#include "analyzer/cli/record_format.h"
#include "analyzer/cli/spool.h"
#include "analyzer/engine/keys.h"

#include <string.h>
#include <unistd.h>

struct printing {
    struct cli *cli;
    struct record_sink sink;
    struct analysis_options options;
    struct merge *merge;         /* NULL: every record as it stands */
    const struct analysis *seen; /* the first pass, when there was one */
    struct arena arena;          /* of the second pass */
    struct notes notes;
    bool any;  /* input was read */
    bool lost; /* not all of it */
};

/* The chosen boot begins with the same record in both passes. */
static void print_merged(void *ctx, const struct boot *boot, const struct record *r)
{
    const struct printing *p = ctx;
    const struct record *chosen = p->seen && p->options.choice != BOOT_ALL
                                          ? boots_at(p->seen->boots, p->seen->focus)->first
                                          : NULL;

    if (!chosen ||
        (boot->first && boot->first->input == chosen->input && boot->first->line == chosen->line))
        record_print(&p->sink, r);
}

static bool take_records(struct printing *p, struct reader *reader, uint32_t index, struct err *err)
{
    struct record r;
    enum step step;

    if (p->merge)
        merge_begin_input(p->merge, index, str_from(reader_format(reader)->name));
    while ((step = reader_next(reader, &r, err)) == STEP_RECORD) {
        if (p->merge)
            merge_add(p->merge, &r);
        else
            record_print(&p->sink, &r);
    }
    p->any = p->any || reader_stats(reader).bytes > 0;
    return step != STEP_FAIL;
}

static void print_input(struct printing *p, struct input *in, uint32_t index)
{
    struct reader_options how = { .format = p->options.format,
                                  .notes = &p->notes,
                                  .input_index = index,
                                  .select = p->options.selects ? &p->options.select : NULL,
                                  .log_ways = p->options.log_ways };
    struct reader *reader;
    struct err err = { 0 };
    bool opened = reader_open(&reader, in, &how, &err);
    bool ok = opened && take_records(p, reader, index, &err);

    if (opened)
        reader_close(reader);
    if (ok)
        return;
    p->lost = true;
    complain("%.*s: %s", STR_ARG(in->name), err.text);
}

static void print_inputs(struct printing *p, struct inputs *inputs)
{
    struct input *in;
    struct err err;
    enum step step;
    uint32_t index = 0;

    while ((step = inputs_next(inputs, &in, &err)) == STEP_RECORD) {
        print_input(p, in, index++);
        input_close(in);
    }
    if (step == STEP_FAIL) {
        p->lost = true;
        complain_err(&err);
    }
    for (size_t i = 0; i < p->notes.n; i++)
        p->lost = p->lost || note_is_loss(p->notes.p[i].code);
    if (p->merge)
        merge_end(p->merge);
}

/* Standard input is read twice: into memory, unless it is a file. */
static bool keep_stdin(const struct cli *c)
{
    struct err err;
    int fd;

    for (size_t i = 0; i < c->args.words.n; i++) {
        if (strcmp(c->args.words.p[i], "-") != 0)
            continue;
        fd = spool(0, "standard input", &err);
        if (fd < 0 || (fd > 0 && dup2(fd, 0) != 0)) {
            complain_err(&err);
            return false;
        }
        return true;
    }
    return true;
}

/* The first pass, every line of it: boots begin where they will begin in the second one. */
static struct analysis *look_first(struct printing *p)
{
    struct analysis *a;

    if (!keep_stdin(p->cli) || !cli_load_rules(p->cli))
        return NULL;
    p->options.no_prefilter = true;
    a = cli_analyse(p->cli, 0, &p->options);
    lseek(0, 0, SEEK_SET);
    return a;
}

static int print_all(struct printing *p)
{
    struct inputs *inputs;
    size_t told;

    arena_init(&p->arena, 0);
    p->notes.arena = &p->arena;
    inputs = cli_open_inputs(p->cli, 0, &p->arena, &p->notes);
    if (!p->seen) {
        cli_print_losses(p->cli, 0, &p->notes);
        if (!inputs || !cli_confine(p->cli, &p->notes)) {
            inputs_free(inputs);
            arena_done(&p->arena);
            return EXIT_NOTHING;
        }
    }
    told = p->notes.n;
    if (inputs)
        print_inputs(p, inputs);
    if (!p->seen)
        cli_print_notes(NULL, &p->notes, told, true);
    if (!p->any)
        cli_print_notes(NULL, &p->notes, 0, false);
    inputs_free(inputs);
    arena_done(&p->arena);
    if (!p->any)
        return EXIT_NOTHING;
    return p->lost ? EXIT_PART : EXIT_FINE;
}

/* Why the first pass found nothing to print. */
static void complain_empty(const struct analysis *seen)
{
    bool told = false;

    for (size_t i = 0; i < seen->inputs.n; i++) {
        const struct input_result *in = &seen->inputs.p[i];

        if (in->err.code == FAIL_NONE)
            continue;
        complain("%.*s: %s", STR_ARG(in->name), in->err.text);
        told = true;
    }
    if (!told && boots_count(seen->boots) == 0)
        complain("no record in what was read");
}

static const struct record_format *choose_format(const char *word)
{
    const struct record_format *format = record_format_find(str_from(word));
    struct suggestion s = { .wanted = str_from(word) };
    char hint[120];

    if (!word)
        return record_formats;
    for (size_t i = 0; record_formats[i].name; i++)
        suggest(&s, str_from(record_formats[i].name));
    if (!format)
        complain("--format %s: records writes short, ndjson or raw%s", word,
                 suggestion_text(&s, hint, sizeof hint));
    return format;
}

int cmd_records(struct cli *c)
{
    struct printing p = { .cli = c };
    const struct record_format *format = choose_format(c->args.value[OPTION_FORMAT]);
    bool merged = args_has(&c->args, OPTION_BOOT) || (format && format->merged);
    struct analysis *seen = NULL;
    int code = EXIT_NOTHING;

    if (!format || !cli_analysis_options(c, &p.options) || !cli_open_output(c))
        return EXIT_NOTHING;
    p.sink = (struct record_sink){ .format = format,
                                   .out = c->output.out,
                                   .tty = !c->args.value[OPTION_OUTPUT] && isatty(1) };
    /* Redaction learns the names of all of it before the first line is printed. */
    if ((merged && p.options.choice != BOOT_ALL) || args_has(&c->args, OPTION_REDACT))
        p.seen = seen = look_first(&p);
    if (seen && seen->focus == UINT32_MAX)
        complain_empty(seen);
    if (merged)
        p.merge = merge_new(&p.notes, print_merged, &p);
    if (!merged || p.options.choice == BOOT_ALL || (seen && seen->focus != UINT32_MAX))
        code = print_all(&p);
    merge_free(p.merge);
    analysis_free(seen);
    return cli_finish(c, code);
}
