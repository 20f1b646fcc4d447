/* SPDX-License-Identifier: Apache-2.0 */
/* Many write into one history, and are killed: no run is lost, none is there by halves. */
#include "tests/unit/history_rig.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef HAVE_SQLITE3

enum { WRITERS = 8, RUNS = 12, ROWS = 20 };

static struct cases *made_rows(int writer)
{
    char *machine, *rule;
    struct cases *cases = cases_new();
    struct case_result *c;

    ck_assert_ptr_nonnull(cases);
    machine = arena_new(&cases->arena, char, 16);
    snprintf(machine, 16, "vm-%d", writer);
    c = add_case(cases, machine);
    for (int i = 0; i < ROWS; i++) {
        rule = arena_new(&cases->arena, char, 16);
        snprintf(rule, 16, "made.rule-%d", i);
        add_cause(cases, c, rule);
    }
    return cases;
}

/* Records runs and says the number of each that was acknowledged. */
static void write_runs(int writer, int n, int fd)
{
    struct cases *cases = made_rows(writer);
    char id[32];

    for (int i = 0; i < n; i++) {
        struct history_run run = { .wall_us = i };
        struct err err = { 0 };

        snprintf(id, sizeof id, "%d/%d", writer, i);
        run.id = str_from(id);
        if (!history_record(path, cases, &run, &err)) {
            fprintf(stderr, "writer %d: %s\n", writer, err.text);
            _exit(1);
        }
        if (write(fd, &i, sizeof i) != sizeof i)
            _exit(2);
    }
    _exit(0);
}

struct crew {
    pid_t pid[WRITERS];
    int fd[WRITERS];
    int64_t acknowledged;
};

static void start_crew(struct crew *crew, int runs)
{
    for (int i = 0; i < WRITERS; i++) {
        int ends[2];

        ck_assert_int_eq(pipe(ends), 0);
        crew->pid[i] = fork();
        ck_assert_int_ge(crew->pid[i], 0);
        if (crew->pid[i] == 0)
            write_runs(i, runs, ends[1]);
        close(ends[1]);
        crew->fd[i] = ends[0];
    }
}

/* Counts what was acknowledged, and that each of those runs is there with all its rows. */
static void end_crew(struct crew *crew, bool killed)
{
    char sql[200];
    int status, run;

    for (int i = 0; i < WRITERS; i++) {
        ck_assert_int_eq(waitpid(crew->pid[i], &status, 0), crew->pid[i]);
        if (!killed)
            ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "writer %d failed", i);
        while (read(crew->fd[i], &run, sizeof run) == sizeof run) {
            crew->acknowledged++;
            snprintf(sql, sizeof sql,
                     "SELECT count(*) FROM sighting JOIN run ON run.id = run WHERE key = '%d/%d'",
                     i, run);
            ck_assert_int_eq(number(sql), ROWS);
        }
        close(crew->fd[i]);
    }
    assert_whole();
    /* No run is there by halves. */
    ck_assert_int_eq(number("SELECT count(*) FROM sighting"),
                     ROWS * number("SELECT count(*) FROM run"));
    ck_assert_int_eq(number("SELECT count(*) FROM look"), number("SELECT count(*) FROM run"));
}

START_TEST(eight_writers_at_once)
{
    struct crew crew = { 0 };

    start_crew(&crew, RUNS);
    end_crew(&crew, false);
    ck_assert_int_eq(crew.acknowledged, WRITERS * RUNS);
    ck_assert_int_eq(number("SELECT count(*) FROM run"), WRITERS * RUNS);
}
END_TEST

START_TEST(kills_lose_nothing_that_was_acknowledged)
{
    struct cases *cases = made_rows(WRITERS);
    struct crew crew = { 0 };

    /* On a busy machine all may be killed before one of them has made the file. */
    record(cases, "first", 0);
    cases_free(cases);
    start_crew(&crew, 100000);
    for (int i = 0; i < WRITERS; i++) {
        usleep((unsigned)(20000 + 1000 * ((i * 7 + _i * 13) % 40)));
        ck_assert_int_eq(kill(crew.pid[i], SIGKILL), 0);
    }
    end_crew(&crew, true);
}
END_TEST

#endif

Suite *check_history_crowd(void)
{
    Suite *suite = suite_create("history_crowd");
#ifdef HAVE_SQLITE3
    TCase *tc = tcase_create("all");

    tcase_add_checked_fixture(tc, make_directory, remove_directory);
    tcase_add_test(tc, eight_writers_at_once);
    tcase_add_loop_test(tc, kills_lose_nothing_that_was_acknowledged, 0, 4);
    suite_add_tcase(suite, tc);
#endif
    return suite;
}
