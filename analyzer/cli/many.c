/* SPDX-License-Identifier: Apache-2.0 */
/* Steps of commands over many cases; see many.h. */
#include "analyzer/cli/many.h"

#include "analyzer/cli/complain.h"
#include "analyzer/cli/redaction.h"
#include "analyzer/cli/remember.h"
#include "analyzer/cli/report_parts.h"
#include "analyzer/cli/tell.h"
#include "analyzer/core/limits.h"
#include "analyzer/fleet/baseline.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* A list of files is at most this long: some 100 bytes for each of LIMIT_SCAN_FILES. */
#define LIST_BYTES ((size_t)512 << 20)

static bool offered(const struct report *report)
{
    if (report->write_cases)
        return true;
    complain("%s is no report of many cases", report->name);
    return false;
}

bool many_reports(const struct cli *c, const struct report *main)
{
    bool ok = offered(main);

    for (size_t i = 0; i < c->args.report_files.n && ok; i++)
        ok = offered(c->args.report_files.p[i].report);
    return ok;
}

bool many_wants_lines(const struct cli *c, const struct report *main)
{
    bool wants = main->case_lines;

    for (size_t i = 0; i < c->args.report_files.n; i++)
        wants = wants || c->args.report_files.p[i].report->case_lines;
    return wants;
}

/* All of the descriptor; false when that was complained about. */
static bool read_all(int fd, const char *name, struct out *to)
{
    if (out_raw_rest(to, fd, LIST_BYTES))
        return true;
    complain("--files-from %s: %s", name, errno == EFBIG ? "is too long" : strerror(errno));
    return false;
}

static void add_names(struct case_list *list, struct str names, char end)
{
    while (names.n) {
        struct str name = names;

        if (!str_take_until(&names, end, &name))
            names.n = 0;
        if (name.n)
            case_list_add(list, name);
    }
}

static bool add_files_from(const struct cli *c, struct case_list *list)
{
    const char *name = c->args.value[OPTION_FILES_FROM];
    bool is_stdin = name && strcmp(name, "-") == 0, ok;
    struct out *bytes;
    int fd = STDIN_FILENO;

    if (!name)
        return true;
    if (!is_stdin && (fd = open(name, O_RDONLY | O_CLOEXEC)) < 0) {
        complain("--files-from %s: %s", name, strerror(errno));
        return false;
    }
    bytes = out_new_memory();
    ok = bytes && read_all(fd, name, bytes);
    if (ok)
        add_names(list, out_bytes(bytes), args_has(&c->args, OPTION_NULL) ? '\0' : '\n');
    if (!is_stdin)
        close(fd);
    out_free(bytes);
    return ok;
}

bool many_list(struct cli *c, struct case_list *list)
{
    *list = (struct case_list){ .arena = &c->arena, .images = args_has(&c->args, OPTION_IMAGES) };
    for (size_t i = 0; i < c->args.words.n; i++) {
        if (strcmp(c->args.words.p[i], "-") == 0) {
            complain("%s reads files; --files-from - reads their names from standard input",
                     command_infos[c->args.command].name);
            return false;
        }
        case_list_add(list, str_from(c->args.words.p[i]));
    }
    if (!add_files_from(c, list))
        return false;
    if (list->full || !case_list_settle(list)) {
        complain("more files than one scan takes (%u); scan parts of them", LIMIT_SCAN_FILES);
        return false;
    }
    if (list->n_images)
        complain("memory images left out: %llu (--images reads them, too)",
                 (unsigned long long)list->n_images);
    if (list->n)
        return true;
    complain("nothing to scan (name directories of VMs, or logs)");
    return false;
}

bool many_count(const struct cli *c, enum option o, uint64_t least, uint64_t most, uint64_t *value)
{
    const char *word = c->args.value[o];
    uint64_t number;

    if (!word)
        return true;
    if (str_to_u64(str_from(word), &number) && number >= least && number <= most) {
        *value = number;
        return true;
    }
    complain("--%s %s: a number from %llu to %llu", option_infos[o].name, word,
             (unsigned long long)least, (unsigned long long)most);
    return false;
}

enum exit_code many_judge(struct cases *cases)
{
    bool any = false, lost = cases->missing.n > 0;

    for (size_t i = 0; i < cases->of.n; i++) {
        any = any || cases->of.p[i].result != RESULT_NOTHING_READ;
        lost = lost || cases->of.p[i].exit_code == EXIT_PART;
    }
    cases->complete = !lost;
    if (!any)
        return EXIT_NOTHING;
    return lost ? EXIT_PART : EXIT_FINE;
}

/* Files that lie beside logs and are none are no cases: they would be errors in every report. */
static void leave_out_others(struct cases *cases)
{
    size_t kept = 0;

    for (size_t i = 0; i < cases->of.n; i++) {
        const struct case_result *c = &cases->of.p[i];

        if (c->inputs.n > 0 || c->exit_code != EXIT_NOTHING)
            cases->of.p[kept++] = *c;
    }
    cases->without_log = cases->of.n - kept;
    cases->of.n = kept;
}

/* What is new stays, and what could not be read in full: nobody knows what is new in there. */
static bool keep_news(struct cases *cases)
{
    size_t n = cases->of.n, kept = 0;
    struct case_result *of = arena_new(&cases->arena, struct case_result, n ? n : 1);

    if (!of)
        return false;
    for (size_t i = 0; i < n; i++)
        if (case_news(&cases->of.p[i]) != NEWS_KNOWN || cases->of.p[i].exit_code == EXIT_PART)
            of[kept++] = cases->of.p[i];
    cases->all = cases->of;
    cases->of = (struct case_results){ .p = of, .n = kept, .cap = n };
    cases->known += n - kept;
    return true;
}

/* With --baseline. False when that was complained about. */
static bool compare(const struct cli *c, struct cases *cases)
{
    const char *name = c->args.value[OPTION_BASELINE];
    struct baseline *b;
    struct err err;
    bool ok;
    int fd;

    if (!name)
        return true;
    fd = open(name, O_RDONLY | O_CLOEXEC);
    b = baseline_new();
    ok = fd >= 0 ? b && baseline_read(b, fd, &err) : fail_sys(&err, errno, "", "cannot open");
    for (size_t i = 0; ok && i < cases->of.n; i++)
        baseline_compare(b, &cases->of.p[i]);
    cases->compared |= ok;
    if (!ok)
        complain("--baseline %s: %s", name, b ? err.text : "out of memory");
    if (fd >= 0)
        close(fd);
    baseline_free(b);
    return ok;
}

static bool at_least(const struct cases *cases, enum severity threshold)
{
    enum severity worst;

    for (size_t i = 0; i < cases->of.n; i++)
        if (case_worst(&cases->of.p[i], &worst) && worst >= threshold)
            return true;
    return false;
}

bool many_check(struct cli *c)
{
    enum severity threshold;

    if (!cli_threshold(c, cli_fail_on(c), &threshold) || !cli_check_run_time(c))
        return false;
    if (args_has(&c->args, OPTION_NEW_ONLY) || !args_has(&c->args, OPTION_BASELINE))
        return remember_check(c);
    complain("--baseline FILE needs --new-only");
    return false;
}

void many_descriptors(size_t n)
{
    enum { OWN = 256 }; /* rules, outputs, files of --vmlinux */
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= n + OWN)
        return;
    limit.rlim_cur = limit.rlim_max < n + OWN ? limit.rlim_max : n + OWN;
    setrlimit(RLIMIT_NOFILE, &limit);
}

static bool write_one(struct output *output, const struct report *report, const struct cases *cases,
                      const struct many_lines *lines, const struct report_options *how)
{
    struct err err;

    if (report->case_lines && lines && !case_store_write(lines->store, output->out, &err)) {
        complain_err(&err);
        return false;
    }
    report->write_cases(output->out, cases, how);
    /* What was redacted is not merged on. */
    if (report->case_lines && lines && lines->part && !out_redactor(output->out))
        part_write(output->out, lines->part);
    return true;
}

static bool write_rest(struct cli *c, const char *path, const struct report *report,
                       const struct cases *cases, const struct report_options *how)
{
    struct err err;

    if (report_parts_rest(path, report, cases, how, c->redactor, &err))
        return true;
    complain_err(&err);
    return false;
}

/* --json FILE and its like. */
static bool write_file(struct cli *c, size_t i, const struct cases *cases,
                       const struct many_lines *lines, int code)
{
    const struct report_file *file = &c->args.report_files.p[i];
    struct report_options how = cli_report_options(c, file->path);
    struct output *output = &c->files.p[i];
    struct err err;
    bool more;

    how.exit_code = code;
    more = report_parts_first(output, file->report, cases, &how);
    if (!write_one(output, file->report, cases, lines, &how)) {
        output_abandon(output);
        return false;
    }
    if (output_close(output, &err))
        return !more || write_rest(c, file->path, file->report, cases, &how);
    complain_err(&err);
    return false;
}

static int write_all(struct cli *c, const struct report *main, const struct cases *cases,
                     const struct many_lines *lines, int code)
{
    struct report_options how = cli_report_options(c, c->args.value[OPTION_OUTPUT]);
    bool ok, more;

    how.exit_code = code;
    more = report_parts_first(&c->output, main, cases, &how);
    ok = write_one(&c->output, main, cases, lines, &how);
    for (size_t i = 0; i < c->files.n; i++)
        ok &= write_file(c, i, cases, lines, code);
    code = cli_close_output(c, ok ? code : EXIT_PART);
    if (more && !write_rest(c, c->args.value[OPTION_OUTPUT], main, cases, &how))
        code = EXIT_PART;
    return redaction_finish(c) ? code : EXIT_PART;
}

int many_report(struct cli *c, const struct report *main, struct cases *cases,
                const struct many_lines *lines)
{
    const char *fail_on = cli_fail_on(c);
    enum severity threshold = SEVERITY_INFO;
    int code = (int)many_judge(cases);
    bool remembered;

    /* Of all cases, those that are left out below, too: the others' logs may name them. */
    if (!redaction_learn_cases(c, cases)) {
        cli_abandon_output(c);
        return EXIT_NOTHING;
    }
    leave_out_others(cases);
    remembered = remember_cases(c, cases);
    if (!remembered && code == EXIT_FINE)
        code = EXIT_PART;
    cases->compared = remembered && args_has(&c->args, OPTION_HISTORY);
    if (!cli_threshold(c, fail_on, &threshold) || !compare(c, cases)) {
        cli_abandon_output(c);
        return EXIT_NOTHING;
    }
    if (cases->compared && args_has(&c->args, OPTION_NEW_ONLY) && !keep_news(cases)) {
        complain("out of memory");
        cli_abandon_output(c);
        return EXIT_NOTHING;
    }
    if (code == EXIT_FINE && fail_on && at_least(cases, threshold))
        code = EXIT_FINDING;
    code = write_all(c, main, cases, lines, code);
    tell_cases(c, cases, code, threshold);
    return code;
}
