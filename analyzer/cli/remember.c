/* SPDX-License-Identifier: Apache-2.0 */
/* What a run tells the history, and what the history tells it; see remember.h. */
#include "analyzer/cli/remember.h"

#include "analyzer/cli/complain.h"
#include "analyzer/cli/version.h"
#include "analyzer/fleet/history_writer.h"

#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>

/* mkdir -p; what fails shows when the file is opened. */
static void make_directories(struct arena *arena, const char *path)
{
    char *copy = arena_new(arena, char, strlen(path) + 1);

    for (size_t i = 0; copy && path[i]; i++) {
        if (i && path[i] == '/')
            mkdir(copy, 0700);
        copy[i] = path[i];
    }
}

const char *remember_path(struct cli *c, bool make)
{
    const char *word = c->args.value[OPTION_HISTORY];

    if (word && strcmp(word, "default") != 0)
        return word;
    if (!c->state_dir) {
        complain("--history default: neither XDG_STATE_HOME nor HOME says where that is");
        return NULL;
    }
    word = arena_printf(&c->arena, "%s/history.db", c->state_dir).p;
    if (make)
        make_directories(&c->arena, word);
    return word;
}

/* Nobody else's: two runs that begin in the same microsecond are two runs. */
static struct str new_id(struct arena *arena)
{
    unsigned char bytes[16];
    struct str id = STR("run-");

    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
        return (struct str){ 0 };
    for (size_t i = 0; i < sizeof bytes; i++)
        id = arena_printf(arena, "%.*s%02x", STR_ARG(id), bytes[i]);
    return id;
}

static int64_t now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* This run: --run-id and --run-time, or a number of its own and now. False: printed already. */
static bool name_run(struct cli *c, struct history_run *run)
{
    const char *id = c->args.value[OPTION_RUN_ID];

    if (!c->args.value[OPTION_RUN_TIME])
        run->wall_us = now_us();
    else
        run->wall_us = c->run_time_us ? c->run_time_us : TIME_UNKNOWN;
    run->id = id ? str_from(id) : new_id(&c->arena);
    if (run->id.n)
        return true;
    complain("%s", id ? "--run-id: expected a word" : "no random number for the run's id");
    return false;
}

/* What needs the history and has none. */
static bool check_words(const struct cli *c)
{
    const char *orphan = NULL;

    if (args_has(&c->args, OPTION_HISTORY))
        return true;
    if (args_has(&c->args, OPTION_RUN_ID))
        orphan = "--run-id needs --history FILE";
    else if (args_has(&c->args, OPTION_NEW_ONLY) && !args_has(&c->args, OPTION_BASELINE))
        orphan = c->args.command == COMMAND_diagnose
                         ? "--new-only needs --history FILE"
                         : "--new-only needs --history FILE or --baseline FILE";
    if (orphan)
        complain("%s", orphan);
    return !orphan;
}

bool remember_check(struct cli *c)
{
    const char *path;
    struct history *h;
    struct err err;

    if (!check_words(c))
        return false;
    if (!args_has(&c->args, OPTION_HISTORY))
        return true;
    path = remember_path(c, true);
    h = path ? history_open(path, HISTORY_WRITE, &err) : NULL;
    if (path && !h)
        complain_err(&err);
    history_close(h);
    return h;
}

bool remember_cases(struct cli *c, struct cases *cases)
{
    struct history_run run;
    const char *path;
    struct err err;

    if (!args_has(&c->args, OPTION_HISTORY))
        return true;
    path = remember_path(c, false);
    if (!path || !name_run(c, &run))
        return false;
    if (!cases->tool_version.n)
        cases->tool_version = STR(LASTWORDS_VERSION);
    if (history_record(path, cases, &run, &err))
        return true;
    fail_wrap(&err, "the history was not written");
    complain_err(&err);
    return false;
}

/*
 * A case is reported whole or not at all. Of one case that is text, or no text; what programs read
 * would be an empty document that looks like a healthy machine.
 */
static bool check_new_only(const struct cli *c)
{
    const char *format = c->args.value[OPTION_FORMAT];

    if (!args_has(&c->args, OPTION_NEW_ONLY) ||
        (c->args.report_files.n == 0 && (!format || strcmp(format, "text") == 0)))
        return true;
    complain("--new-only of one case cuts its text alone; for other reports: lastwords scan "
             "--new-only, which cuts all of a run");
    return false;
}

bool remember_start(struct cli *c)
{
    const char *path;
    struct err err;

    if (!check_words(c) || !check_new_only(c))
        return false;
    if (!args_has(&c->args, OPTION_HISTORY))
        return true;
    path = remember_path(c, true);
    if (!path)
        return false;
    c->history = history_writer_start(path, &err);
    if (!c->history)
        complain_err(&err);
    return c->history;
}

static void note_elsewhere(struct analysis *a, struct str what)
{
    note_add(&a->notes, NOTE_SEEN_ELSEWHERE, NOTE_NO_INPUT, 0,
             "%.*s is new on this machine; earlier runs saw it on others", STR_ARG(what));
}

static void note_news(struct analysis *a, const struct case_result *c)
{
    for (size_t i = 0; i < c->diagnoses.n; i++)
        if (c->diagnoses.p[i].elsewhere &&
            (c->diagnoses.p[i].role == ROLE_ROOT || c->diagnoses.p[i].role == ROLE_CONTRIBUTING))
            note_elsewhere(a, c->diagnoses.p[i].rule);
    for (size_t i = 0; i < c->crashes.n; i++)
        if (c->crashes.p[i].elsewhere && !c->crashes.p[i].consequence)
            note_elsewhere(a, c->crashes.p[i].title);
}

enum remembered remember(struct cli *c, struct analysis *a, int exit_code)
{
    struct history_run run;
    struct cases *cases;
    enum remembered remembered = REMEMBERED_NOT;
    struct err err;

    if (!c->history || a->result == RESULT_NOTHING_READ)
        return REMEMBERED;
    if (!name_run(c, &run))
        return REMEMBERED_NOT;
    cases = cases_new();
    if (cases)
        cases->tool_version = STR(LASTWORDS_VERSION);
    if (!cases || !cases_add_analysis(cases, a, exit_code))
        fail(&err, FAIL_LIMIT, "out of memory");
    else if (history_writer_add(c->history, cases, &run, &err)) {
        note_news(a, &cases->of.p[0]);
        remembered = !args_has(&c->args, OPTION_NEW_ONLY)       ? REMEMBERED
                     : case_news(&cases->of.p[0]) == NEWS_KNOWN ? REMEMBERED_KNOWN
                                                                : REMEMBERED_NEW;
    }
    if (remembered == REMEMBERED_NOT) {
        fail_wrap(&err, "the history was not written");
        complain_err(&err);
    }
    cases_free(cases);
    return remembered;
}
