/* SPDX-License-Identifier: Apache-2.0 */
/* `lastwords [FILE…]`: the whole flow, and a report. */
#include "analyzer/cli/cli.h"

#include "analyzer/cli/complain.h"
#include "analyzer/cli/remember.h"
#include "analyzer/cli/tell.h"
#include "analyzer/diagnose/summary.h"

#include <errno.h>
#include <stdio.h>

/* The reports that --json FILE and its like ask for beside the main one. */
static bool write_files(struct cli *c, const struct analysis *a, int code)
{
    bool ok = true;

    for (size_t i = 0; i < c->files.n; i++) {
        const struct report_file *file = &c->args.report_files.p[i];
        struct report_options how = cli_report_options(c, file->path);
        struct err err;

        how.exit_code = code;
        file->report->write(c->files.p[i].out, a, &how);
        if (output_close(&c->files.p[i], &err))
            continue;
        complain_err(&err);
        ok = false;
    }
    return ok;
}

/* Text about nothing is noise: why nothing was read is on standard error. */
static void say_nothing_read(const struct analysis *a)
{
    cli_print_notes(&a->inputs, &a->notes, 0, false);
    complain("nothing to analyse (name a log, a directory of logs, or - for standard input)");
}

/* Evidence in its context costs memory: only for reports that show it. */
static bool wants_context(const struct cli *c, const struct report *report)
{
    bool wants = report->wants_context;

    for (size_t i = 0; i < c->args.report_files.n; i++)
        wants = wants || c->args.report_files.p[i].report->wants_context;
    return wants;
}

/* Does the main report have anything to tell? If not, why not is told in its place. */
static bool worth_telling(struct cli *c, const struct analysis *a, const struct report *report,
                          enum remembered remembered)
{
    if (report != reports[0])
        return true;
    if (remembered == REMEMBERED_KNOWN && a->result == RESULT_DIAGNOSED)
        out_puts(c->output.out, "nothing new: earlier runs saw all of it\n");
    return a->result != RESULT_NOTHING_READ && remembered != REMEMBERED_KNOWN;
}

int cli_report(struct cli *c, bool preflight)
{
    const struct report *report = cli_choose_report(c);
    const char *fail_on = cli_fail_on(c);
    enum severity threshold = SEVERITY_INFO, worst = SEVERITY_INFO;
    struct analysis_options options;
    struct report_options how;
    struct analysis *a;
    enum remembered remembered;
    int code;

    if (!report || !cli_threshold(c, fail_on, &threshold) || !cli_check_run_time(c) ||
        !cli_analysis_options(c, &options))
        return EXIT_NOTHING;
    options.context = wants_context(c, report);
    options.preflight = preflight;
    if (!remember_start(c) || !(a = cli_analyse_for_output(c, &options)))
        return EXIT_NOTHING;
    code = cli_judge(a);
    remembered = remember(c, a, code);
    if (code == EXIT_FINE && remembered == REMEMBERED_NOT)
        code = EXIT_PART;
    if (code == EXIT_FINE && remembered != REMEMBERED_KNOWN && fail_on &&
        summary_worst(a, &worst) && worst >= threshold)
        code = EXIT_FINDING;
    how = cli_report_options(c, c->args.value[OPTION_OUTPUT]);
    how.exit_code = code;
    if (a->result == RESULT_NOTHING_READ)
        say_nothing_read(a);
    if (worth_telling(c, a, report, remembered))
        report->write(c->output.out, a, &how);
    if (!write_files(c, a, code))
        code = EXIT_PART;
    code = cli_finish(c, code);
    if (code == EXIT_FINDING)
        tell_analysis(c, a, worst);
    analysis_free(a);
    return code;
}

int cmd_diagnose(struct cli *c)
{
    return cli_report(c, false);
}
