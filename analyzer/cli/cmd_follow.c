/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `lastwords follow SOURCE…`: sources that go on. Everything is opened and connected to before the
 * sandbox closes; what it still allows, reading files in opened directories, is all that rotation
 * needs.
 */
#include "analyzer/cli/cli.h"

#include "analyzer/cli/complain.h"
#include "analyzer/cli/machine.h"
#include "analyzer/fleet/follow.h"

#include <errno.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* The signals that end it, as something to read; -1 on failure. */
static int open_stop(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
        return -1;
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static bool add(struct follow *f, const char *word, bool *out_of_memory)
{
    struct str name = str_from(word);
    struct err err;
    struct feed *feed = feed_open(name, &err);

    if (!feed) {
        if (err.file[0])
            complain_err(&err);
        else
            complain("%s: %s", word, err.text);
        return false;
    }
    *out_of_memory = !follow_add(f, name, feed);
    return !*out_of_memory;
}

/* All sources, or this machine's journal, or its kernel's log. False: one could not be opened. */
static bool add_all(struct cli *c, struct follow *f)
{
    const char *hint, *journal = machine_journal(&c->args, &c->arena, &hint);
    bool out_of_memory = false, ok = true;

    for (size_t i = 0; i < c->args.words.n && !out_of_memory; i++)
        ok &= add(f, c->args.words.p[i], &out_of_memory);
    if (c->args.words.n == 0)
        ok = add(f, journal ? journal : "/dev/kmsg", &out_of_memory);
    if (!ok && c->args.words.n == 0 && hint && !out_of_memory)
        complain("%s", hint);
    if (out_of_memory)
        complain("out of memory");
    return ok;
}

/* One source on standard error: what people and scripts would count. */
static void sum_up(struct str name, const struct follow_sums *s)
{
    complain("%.*s: %llu %s, %llu %s, %llu %s", STR_ARG(name), (unsigned long long)s->records,
             s->records == 1 ? "record" : "records", (unsigned long long)s->boots,
             s->boots == 1 ? "boot" : "boots", (unsigned long long)s->findings,
             s->findings == 1 ? "finding" : "findings");
    if (s->error.n)
        complain("%.*s: %.*s", STR_ARG(name), STR_ARG(s->error));
    if (s->feed.rotations)
        complain("%.*s: was rotated %llu times", STR_ARG(name),
                 (unsigned long long)s->feed.rotations);
    if (s->feed.truncations)
        complain("%.*s: was truncated %llu times; at least %llu bytes were lost by that",
                 STR_ARG(name), (unsigned long long)s->feed.truncations,
                 (unsigned long long)s->feed.lost_bytes);
    if (s->feed.lost_files)
        complain("%.*s: %llu files were gone before they could be read", STR_ARG(name),
                 (unsigned long long)s->feed.lost_files);
    if (s->feed.overruns)
        complain("%.*s: fell behind %llu times; something was lost", STR_ARG(name),
                 (unsigned long long)s->feed.overruns);
}

static int judge(const struct follow *f, bool all_opened, const enum severity *threshold)
{
    int code = all_opened ? EXIT_FINE : EXIT_PART;
    bool found = false;

    for (size_t i = 0; i < follow_count(f); i++) {
        struct follow_sums s = follow_sums(f, i);

        sum_up(follow_name(f, i), &s);
        if (s.error.n || s.feed.lost_bytes || s.feed.lost_files || s.feed.overruns)
            code = EXIT_PART;
        found |= threshold && s.has_worst && s.worst >= *threshold;
    }
    return code == EXIT_FINE && found ? EXIT_FINDING : code;
}

/* Past the options: opens, confines, runs. */
static int follow(struct cli *c, struct follow_options *options, const enum severity *threshold)
{
    struct arena arena = { 0 };
    struct notes notes = { .arena = &arena };
    struct follow *f = follow_new(options);
    int code = EXIT_NOTHING;
    bool all_opened;

    options->stop_fd = open_stop();
    if (!f || options->stop_fd < 0) {
        complain("cannot wait for signals");
        follow_free(f);
        return EXIT_NOTHING;
    }
    all_opened = add_all(c, f);
    if (follow_count(f) && cli_confine(c, &notes)) {
        cli_print_notes(NULL, &notes, 0, false);
        follow_run(f);
        code = judge(f, all_opened, threshold);
    }
    close(options->stop_fd);
    follow_free(f);
    arena_done(&arena);
    return code;
}

int cmd_follow(struct cli *c)
{
    struct follow_options options = { .report = cli_choose_report(c),
                                      .how = cli_report_options(c, NULL) };
    const char *fail_on = cli_fail_on(c);
    enum severity threshold = SEVERITY_INFO;

    if (!options.report)
        return EXIT_NOTHING;
    if (!options.report->write_finding) {
        complain("--format %s: follow writes text or ndjson", options.report->name);
        return EXIT_NOTHING;
    }
    if (!cli_threshold(c, fail_on, &threshold) || !cli_analysis_options(c, &options.analysis) ||
        !cli_load_rules(c) || !cli_open_output(c))
        return EXIT_NOTHING;
    options.rules = c->rules;
    options.out = c->output.out;
    return cli_finish(c, follow(c, &options, fail_on ? &threshold : NULL));
}
