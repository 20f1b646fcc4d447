/* SPDX-License-Identifier: Apache-2.0 */
/* `lastwords formats`: the input formats; of a FILE, which of them it is. */
#include "analyzer/cli/cli.h"

#include "analyzer/cli/complain.h"

#include <inttypes.h>

enum { NAME_COLUMNS = 18 };

static void list_formats(struct out *o)
{
    for (size_t i = 0; parsers[i]; i++) {
        struct str name = str_from(parsers[i]->name);

        out_raw(o, name);
        out_repeat(o, ' ', name.n < NAME_COLUMNS ? NAME_COLUMNS - name.n : 1);
        out_puts(o, parsers[i]->title);
        if (parsers[i]->library)
            out_printf(o, " (recognised only: this build lacks %s)", parsers[i]->library);
        else if (!parsers[i]->next && !parsers[i]->open_image)
            out_puts(o, " (recognised only)");
        out_puts(o, "\n");
    }
}

/* "vmware.log: vmware-log, 1234 of 1240 lines understood" */
static bool name_format(struct cli *c, struct input *in, struct notes *notes,
                        const struct parser *format, bool *lost)
{
    struct reader_options how = { .format = format, .notes = notes };
    struct reader_stats stats;
    struct reader *reader;
    struct record r;
    enum step step;
    struct err err;

    if (!reader_open(&reader, in, &how, &err)) {
        complain("%.*s: %s", STR_ARG(in->name), err.text);
        return false;
    }
    while ((step = reader_next(reader, &r, &err)) == STEP_RECORD)
        continue;
    if (step == STEP_FAIL)
        complain("%.*s: %s", STR_ARG(in->name), err.text);
    stats = reader_stats(reader);
    out_tty(c->output.out, in->name);
    out_printf(c->output.out, ": %s, %" PRIu64 " of %" PRIu64 " lines understood\n",
               stats.lines ? reader_format(reader)->name : "empty", stats.understood, stats.lines);
    reader_close(reader);
    *lost = *lost || step == STEP_FAIL;
    return true;
}

static int name_formats(struct cli *c, const struct parser *format)
{
    struct arena arena = { 0 };
    struct notes notes = { .arena = &arena };
    struct inputs *inputs = cli_open_inputs(c, 0, &arena, &notes);
    struct input *in;
    struct err err;
    bool any = false, lost = false;
    size_t told = notes.n;

    cli_print_losses(c, 0, &notes);
    if (!inputs || !cli_confine(c, &notes)) {
        inputs_free(inputs);
        arena_done(&arena);
        return EXIT_NOTHING;
    }
    while (inputs_next(inputs, &in, &err) == STEP_RECORD) {
        bool ok = name_format(c, in, &notes, format, &lost);

        any = any || ok;
        lost = lost || !ok;
        input_close(in);
    }
    cli_print_notes(NULL, &notes, told, true);
    for (size_t i = 0; i < notes.n; i++)
        lost = lost || note_is_loss(notes.p[i].code);
    if (!any)
        cli_print_notes(NULL, &notes, 0, false);
    inputs_free(inputs);
    arena_done(&arena);
    if (!any)
        return EXIT_NOTHING;
    return lost ? EXIT_PART : EXIT_FINE;
}

int cmd_formats(struct cli *c)
{
    struct analysis_options options;
    int code = EXIT_FINE;

    if (!cli_analysis_options(c, &options) || !cli_open_output(c))
        return EXIT_NOTHING;
    if (c->args.words.n)
        code = name_formats(c, options.format);
    else
        list_formats(c->output.out);
    return cli_finish(c, code);
}
