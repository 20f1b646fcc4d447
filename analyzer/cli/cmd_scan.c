/* SPDX-License-Identifier: Apache-2.0 */
/* `lastwords scan PATH…`: many cases, each in a worker process, and a summary. */
#include "analyzer/cli/cli.h"

#include "analyzer/cli/complain.h"
#include "analyzer/cli/many.h"
#include "analyzer/cli/progress.h"
#include "analyzer/cli/sandbox.h"
#include "analyzer/cli/version.h"
#include "analyzer/core/limits.h"
#include "analyzer/fleet/plan.h"
#include "analyzer/fleet/scan.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

/* The processors that we may run on: a container or a batch job has fewer than the machine. */
static unsigned processors(void)
{
    cpu_set_t set;

    return sched_getaffinity(0, sizeof set, &set) == 0 ? (unsigned)CPU_COUNT(&set) : 1;
}

/* scan_worker.confine: as --sandbox says. */
static bool confine(void *ctx, struct err *err)
{
    static const struct sandbox_options reading = { .renames = false };
    const struct cli *c = ctx;
    const char *mode = c->args.value[OPTION_SANDBOX];

    if (mode && strcmp(mode, "off") == 0)
        return true;
    if (sandbox_enter(&reading, err)) {
        err->code = FAIL_NONE;
        return true;
    }
    return !mode || strcmp(mode, "require") != 0;
}

static bool check_sandbox(const char *mode)
{
    if (!mode || strcmp(mode, "off") == 0 || strcmp(mode, "auto") == 0 ||
        strcmp(mode, "require") == 0)
        return true;
    complain("--sandbox %s: no such mode (auto, require or off)", mode);
    return false;
}

static bool wants_progress(const struct cli *c, bool *wanted)
{
    const char *when = c->args.value[OPTION_PROGRESS];

    *wanted = when && strcmp(when, "always") == 0;
    if (!when || strcmp(when, "auto") == 0)
        *wanted = isatty(STDERR_FILENO);
    if (!when || *wanted || strcmp(when, "never") == 0 || strcmp(when, "auto") == 0)
        return true;
    complain("--progress %s: auto, always or never", when);
    return false;
}

/* Everything that the options say of the scan itself. */
static bool scan_settings(struct cli *c, struct scan_options *o, struct analysis_options *analysis)
{
    uint64_t jobs = processors(), timeout_s = 0;

    if (!many_count(c, OPTION_JOBS, 1, LIMIT_SCAN_JOBS, &jobs) ||
        !many_count(c, OPTION_TIMEOUT, 1, UINT32_MAX / 2, &timeout_s) ||
        !check_sandbox(c->args.value[OPTION_SANDBOX]) || !cli_analysis_options(c, analysis))
        return false;
    o->jobs = (unsigned)jobs;
    o->worker = (struct worker_options){
        .analysis = analysis,
        .tool_version = STR(LASTWORDS_VERSION),
        .timeout_s = (unsigned)timeout_s,
        .fault = c->args.value[OPTION_WORKER_FAULT],
        .confine = confine,
        .ctx = c,
    };
#ifndef SANDBOX_LEAK_CHECK /* AddressSanitizer maps terabytes */
    o->worker.memory_bytes = LIMIT_WORKER_BYTES;
#endif
    return true;
}

/* Runs the workers. False when that was complained about. */
static bool run(struct cli *c, const struct case_list *list, struct scan_options *o,
                struct cases *cases, struct case_store *store)
{
    struct progress progress = { .shown = false };
    bool wanted, ok;
    struct err err;

    if (!wants_progress(c, &wanted))
        return false;
    o->worker.rules = c->rules;
    o->progress = wanted ? progress_show : NULL;
    o->ctx = &progress;
    if (o->jobs > list->n)
        o->jobs = list->n ? (unsigned)list->n : 1;
    many_descriptors(o->jobs);
    ok = scan_run(list, o, cases, store, &err);
    progress_end(&progress);
    if (!ok)
        complain_err(&err);
    return ok;
}

static int scan(struct cli *c, const struct report *report, struct scan_options *o)
{
    struct case_list list;
    struct case_store store = { .spool = -1 };
    struct cases *cases = cases_new();
    bool wanted = many_wants_lines(c, report), ok = cases && many_list(c, &list);
    const struct many_lines lines = { .store = &store };
    int code = EXIT_NOTHING;

    ok = ok && (!wanted || case_store_init(&store, &c->arena, list.n)) && cli_open_output(c);
    if (ok && run(c, &list, o, cases, wanted ? &store : NULL)) {
        cases->list = case_list_id(&list, o->worker.tool_version, ruleset_sha256(c->rules),
                                   &cases->arena);
        code = many_report(c, report, cases, wanted ? &lines : NULL);
    }
    case_store_done(&store);
    cases_free(cases);
    return code;
}

/* --- one shard of a plan --- */

static bool open_plan(struct cli *c, struct plan *plan)
{
    const char *name = c->args.value[OPTION_PLAN];
    int fd = open(name, O_RDONLY | O_CLOEXEC);
    struct err err;
    bool ok = fd >= 0 ? plan_read(plan, fd, &c->arena, &err)
                      : fail_sys(&err, errno, "", "cannot open");

    if (fd >= 0)
        close(fd);
    if (!ok)
        complain("--plan %s: %s", name, err.text);
    else if (!str_eq(plan->tool_version, STR(LASTWORDS_VERSION)) ||
             !str_eq(plan->rules_sha256, ruleset_sha256(c->rules)))
        complain("--plan %s: was made by version %.*s with rules %.12s…; this is %s with %.12s…",
                 name, STR_ARG(plan->tool_version), plan->rules_sha256.p, LASTWORDS_VERSION,
                 ruleset_sha256(c->rules).p);
    else
        return true;
    return false;
}

/* What the shard's files were like when they were read: as before it began, and as planned? */
static bool describe_inputs(const struct cli *c, const struct case_list *list,
                            const struct part *part, struct part_inputs *out)
{
    for (size_t i = 0; i < list->n; i++) {
        const struct scan_case *case_ = &list->p[i];

        for (size_t k = 0; k < case_->files.n; k++) {
            struct part_input *in = vec_push(list->arena, out);
            const struct file_state *planned = &case_->states.p[k];

            if (!in)
                return false;
            in->number = part->numbers.p[i];
            in->path = case_->files.p[k];
            if (args_has(&c->args, OPTION_SHA256))
                in->sha256 = file_sha256(in->path, list->arena);
            in->state = file_state_now(in->path);
            in->changed =
                    in->state.bytes != planned->bytes || in->state.mtime_us != planned->mtime_us;
        }
    }
    return true;
}

static void complain_changed(const struct part_inputs *inputs)
{
    const struct part_input *first = NULL;
    size_t n = 0;

    for (size_t i = 0; i < inputs->n; i++) {
        if (!inputs->p[i].changed)
            continue;
        first = first ? first : &inputs->p[i];
        n++;
    }
    if (n == 1)
        complain("%.*s is not what it was when the plan was made", STR_ARG(first->path));
    else if (n)
        complain("%zu files, %.*s among them, are not what they were when the plan was made", n,
                 STR_ARG(first->path));
}

/* The shard's cases, and the line that says which they are. */
static int write_shard(struct cli *c, const struct plan *plan, uint32_t shard,
                       struct scan_options *o)
{
    struct part part = { .tool_version = plan->tool_version,
                         .rules_sha256 = plan->rules_sha256,
                         .rules_count = ruleset_count(c->rules),
                         .list = plan->list,
                         .of = plan->cases.n,
                         .shards = plan->shards,
                         .have = { .p = &shard, .n = 1, .cap = 1 } };
    struct case_store store = { .spool = -1 };
    struct cases *cases = cases_new();
    struct case_list list;
    struct err err;
    int code = EXIT_NOTHING;

    if (cases && plan_shard(plan, shard, &list, &part.numbers) &&
        case_store_init(&store, &c->arena, list.n) && run(c, &list, o, cases, &store)) {
        /* That a part holds no log is no fault of its own: merge judges the whole. */
        code = many_judge(cases) == EXIT_PART ? EXIT_PART : EXIT_FINE;
        if (!describe_inputs(c, &list, &part, &part.inputs)) {
            complain("out of memory");
            code = EXIT_NOTHING;
        } else if (case_store_write(&store, c->output.out, &err)) {
            complain_changed(&part.inputs);
            part_write(c->output.out, &part);
            code = cli_finish(c, code);
        } else {
            complain_err(&err);
            code = EXIT_PART;
        }
    }
    cli_abandon_output(c);
    case_store_done(&store);
    cases_free(cases);
    return code;
}

/* What is there already was written whole: tasks that a batch system starts again end at once. */
static int scan_shard(struct cli *c, struct scan_options *o)
{
    const char *directory = c->args.value[OPTION_OUTPUT_DIR];
    struct plan plan = { 0 };
    uint64_t shard = 0;
    struct str path;

    if (!open_plan(c, &plan) || !many_count(c, OPTION_SHARD, 0, plan.shards - 1, &shard))
        return EXIT_NOTHING;
    path = arena_printf(&c->arena, "%s/%s.ndjson", directory,
                        plan_shard_id(&plan, (uint32_t)shard, &c->arena).p);
    if (!path.n) {
        complain("out of memory");
        return EXIT_NOTHING;
    }
    if (access(path.p, F_OK) == 0) {
        complain("shard %llu of %u is there: %s", (unsigned long long)shard, plan.shards, path.p);
        return EXIT_FINE;
    }
    c->args.value[OPTION_OUTPUT] = path.p;
    if (!cli_open_output(c))
        return EXIT_NOTHING;
    return write_shard(c, &plan, (uint32_t)shard, o);
}

/* --plan, --shard and --output-dir go together, and with nothing that says something else. */
static bool check_shard(const struct cli *c)
{
    static const enum option others[] = { OPTION_OUTPUT, OPTION_FORMAT,  OPTION_FILES_FROM,
                                          OPTION_IMAGES, OPTION_FAIL_ON, OPTION_BASELINE,
                                          OPTION_HISTORY };

    if (!args_has(&c->args, OPTION_PLAN) || !args_has(&c->args, OPTION_SHARD) ||
        !args_has(&c->args, OPTION_OUTPUT_DIR)) {
        complain("--plan FILE, --shard K and --output-dir DIR go together");
        return false;
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (!args_has(&c->args, others[i]))
            continue;
        complain("a shard does not take --%s: it is the plan's, or merge's",
                 option_infos[others[i]].name);
        return false;
    }
    if (args_has(&c->args, OPTION_REDACT)) {
        complain("a shard is not redacted: its names are not those of all shards. Keep it to "
                 "yourself; merge --redact redacts the reports");
        return false;
    }
    if (c->args.words.n == 0 && c->args.report_files.n == 0)
        return true;
    complain("a shard takes its cases from the plan, and merge writes the reports");
    return false;
}

int cmd_scan(struct cli *c)
{
    const struct report *report = cli_choose_report(c);
    bool shard = args_has(&c->args, OPTION_PLAN) || args_has(&c->args, OPTION_SHARD) ||
                 args_has(&c->args, OPTION_OUTPUT_DIR);
    struct analysis_options analysis;
    struct scan_options o = { .jobs = 1 };

    if (args_has(&c->args, OPTION_SHA256) && !shard) {
        complain("--sha256 is of a shard: it goes with --plan");
        return EXIT_NOTHING;
    }
    if (!report || !many_reports(c, report) || !many_check(c) || (shard && !check_shard(c)) ||
        !scan_settings(c, &o, &analysis) || !cli_load_rules(c))
        return EXIT_NOTHING;
    return shard ? scan_shard(c, &o) : scan(c, report, &o);
}
