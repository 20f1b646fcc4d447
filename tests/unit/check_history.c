/* SPDX-License-Identifier: Apache-2.0 */
/* A history: what it knows, what it refuses, and that neither kills nor crowds harm it. */
#include "analyzer/core/clock.h"
#include "analyzer/fleet/database.h"
#include "analyzer/fleet/history.h"
#include "analyzer/fleet/history_file.h"
#include "analyzer/fleet/history_writer.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef HAVE_SQLITE3

#define DAY_US ((int64_t)86400 * 1000000)

static char directory[64];
static char path[128];

static void make_directory(void)
{
    strcpy(directory, "/tmp/check-history-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/history.db", directory);
}

static void remove_directory(void)
{
    char command[128];

    snprintf(command, sizeof command, "rm -rf %s", directory);
    ck_assert_int_eq(system(command), 0);
}

static struct case_result *add_case(struct cases *cases, const char *machine)
{
    struct case_result *c = vec_push(&cases->arena, &cases->of);

    ck_assert_ptr_nonnull(c);
    c->id_source = STR("vmx-uuid");
    c->id = str_from(machine);
    c->name = str_from(machine);
    c->result = RESULT_DIAGNOSED;
    return c;
}

static void add_cause(struct cases *cases, struct case_result *c, const char *rule)
{
    struct case_diagnosis *d = vec_push(&cases->arena, &c->diagnoses);

    ck_assert_ptr_nonnull(d);
    d->rule = str_from(rule);
    d->title = STR("a made cause");
    d->severity = SEVERITY_ERROR;
    d->role = ROLE_ROOT;
}

static void add_crash(struct cases *cases, struct case_result *c, const char *exact)
{
    struct case_crash *crash = vec_push(&cases->arena, &c->crashes);

    ck_assert_ptr_nonnull(crash);
    crash->exact = str_from(exact);
    crash->family = STR("ffffffffffffffff");
    crash->title = STR("BUG: made\0\xff");
}

/* One machine with one cause and one crash, either of them NULL. */
static struct cases *made(const char *machine, const char *rule, const char *exact)
{
    struct cases *cases = cases_new();
    struct case_result *c;

    ck_assert_ptr_nonnull(cases);
    cases->tool_version = STR("1");
    cases->rules_sha256 = STR("abc");
    c = add_case(cases, machine);
    if (rule)
        add_cause(cases, c, rule);
    if (exact)
        add_crash(cases, c, exact);
    return cases;
}

static void record(struct cases *cases, const char *run, int64_t wall_us)
{
    struct history_run r = { .id = str_from(run), .wall_us = wall_us };
    struct err err = { 0 };
    bool ok = history_record(path, cases, &r, &err);

    ck_assert_msg(ok, "%s: %s", err.file, err.text);
}

static struct history *look(void)
{
    struct err err = { 0 };
    struct history *h = history_open(path, HISTORY_READ, &err);

    ck_assert_msg(h, "%s: %s", err.file, err.text);
    return h;
}

static int64_t number(const char *sql)
{
    struct err err = { 0 };
    struct database *db = database_open(path, DATABASE_READ, &err);
    struct query *q = db ? query_new(db, sql, &err) : NULL;
    int64_t value;

    ck_assert_msg(q && query_next(q, &err), "%s", err.text);
    value = query_int(q, 0);
    query_free(q);
    database_close(db);
    return value;
}

static void assert_whole(void)
{
    struct err err = { 0 };
    struct database *db = database_open(path, DATABASE_READ, &err);
    struct query *q = db ? query_new(db, "PRAGMA integrity_check", &err) : NULL;

    ck_assert_msg(q && query_next(q, &err), "%s", err.text);
    ck_assert(str_eq(query_str(q, 0), STR("ok")));
    query_free(q);
    database_close(db);
}

/* What runs one after the other find: known or new. */
static const struct {
    const char *name, *run, *machine, *rule, *exact;
    bool rule_known, crash_known, is_new;
} nights[] = {
    { "first of all", "1", "a", "mem.oom", "0123456789abcdef", false, false, true },
    { "the same run again", "1", "a", "mem.oom", "0123456789abcdef", false, false, true },
    { "the same next night", "2", "a", "mem.oom", "0123456789abcdef", true, true, false },
    { "another machine", "3", "b", "mem.oom", "0123456789abcdef", false, false, true },
    { "and once more", "4", "b", "mem.oom", "0123456789abcdef", true, true, false },
    { "another cause", "5", "a", "fs.full", NULL, false, false, true },
    { "another crash of the family", "6", "a", "mem.oom", "fedcba9876543210", true, true, false },
    { "in order", "7", "a", NULL, NULL, false, false, false },
    { "the first run's repeat knows nothing of later ones", "1", "a", "mem.oom", "0123456789abcdef",
      false, false, true },
};

START_TEST(knows_what_earlier_runs_saw)
{
    for (size_t i = 0; i < sizeof nights / sizeof nights[0]; i++) {
        struct cases *cases = made(nights[i].machine, nights[i].rule, nights[i].exact);
        struct case_result *c = &cases->of.p[0];

        record(cases, nights[i].run, TIME_UNKNOWN);
        if (nights[i].rule)
            ck_assert_msg(c->diagnoses.p[0].known == nights[i].rule_known, "%s: cause",
                          nights[i].name);
        if (nights[i].exact)
            ck_assert_msg(c->crashes.p[0].known == nights[i].crash_known, "%s: crash",
                          nights[i].name);
        ck_assert_msg((case_news(c) != NEWS_KNOWN) == nights[i].is_new, "%s", nights[i].name);
        cases_free(cases);
    }
    ck_assert_int_eq(number("SELECT count(*) FROM run"), 7);
    assert_whole();
}
END_TEST

START_TEST(the_process_that_writes_knows_the_same)
{
    for (size_t i = 0; i < sizeof nights / sizeof nights[0]; i++) {
        struct cases *cases = made(nights[i].machine, nights[i].rule, nights[i].exact);
        struct history_run run = { .id = str_from(nights[i].run), .wall_us = TIME_UNKNOWN };
        struct err err = { 0 };
        struct history_writer *w = history_writer_start(path, &err);

        ck_assert_msg(w && history_writer_add(w, cases, &run, &err), "%s", err.text);
        ck_assert_msg((case_news(&cases->of.p[0]) != NEWS_KNOWN) == nights[i].is_new, "%s",
                      nights[i].name);
        history_writer_end(w);
        cases_free(cases);
    }
    ck_assert_int_eq(number("SELECT count(*) FROM run"), 7);
}
END_TEST

START_TEST(a_writer_that_is_not_asked_writes_nothing)
{
    struct err err = { 0 };
    struct history_writer *w = history_writer_start(path, &err);

    ck_assert_ptr_nonnull(w);
    history_writer_end(w);
    ck_assert_int_eq(number("SELECT count(*) FROM run"), 0);
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(mkdir(path, 0700), 0);
    ck_assert_ptr_null(history_writer_start(path, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "not a file"));
}
END_TEST

START_TEST(a_run_again_replaces_what_it_said)
{
    struct cases *first = made("a", "mem.oom", NULL), *again = made("a", "fs.full", NULL);

    record(first, "night", 5);
    record(again, "night", 5);
    ck_assert_int_eq(number("SELECT count(*) FROM run"), 1);
    ck_assert_int_eq(number("SELECT count(*) FROM sighting"), 1);
    ck_assert_int_eq(number("SELECT count(*) FROM look"), 1);
    cases_free(first);
    cases_free(again);
}
END_TEST

/* Two nights: a and b fail alike, then only a; c crashes in the second. */
static void two_nights(void)
{
    struct cases *one = made("a", "mem.oom", NULL), *two = made("a", "mem.oom", NULL);

    add_cause(one, add_case(one, "b"), "mem.oom");
    add_case(one, "c");
    add_case(two, "b");
    add_crash(two, add_case(two, "c"), "0123456789abcdef");
    record(one, "1", 0);
    record(two, "2", DAY_US);
    cases_free(one);
    cases_free(two);
}

START_TEST(lists_what_was_seen)
{
    struct history_items items = { 0 };
    struct arena arena = { 0 };
    struct history *h;
    struct err err;

    two_nights();
    h = look();
    ck_assert(history_list(h, false, &arena, &items, &err));
    ck_assert_uint_eq(items.n, 2);
    ck_assert(str_eq(items.p[0].key, STR("mem.oom")));
    ck_assert(!items.p[0].crash && items.p[0].severity == SEVERITY_ERROR);
    ck_assert_uint_eq(items.p[0].machines, 2);
    ck_assert_uint_eq(items.p[0].present, 1);
    ck_assert_uint_eq(items.p[0].runs, 2);
    ck_assert_uint_eq(items.p[0].count, 3);
    ck_assert_int_eq(items.p[0].first_us, 0);
    ck_assert_int_eq(items.p[0].last_us, DAY_US);
    ck_assert(items.p[1].crash && str_eq(items.p[1].key, STR("0123456789abcdef")));
    ck_assert(str_eq(items.p[1].title, STR("BUG: made\0\xff")));
    history_close(h);
    arena_done(&arena);
}
END_TEST

static const struct {
    const char *word;
    size_t n;
} words[] = { { "mem.oom", 2 },  { "a", 1 },      { "c", 1 },   { "0123456789abcdef", 1 },
              { "012345", 1 },   { "01234", 0 },  { "fff", 0 }, { "ffffffffffffffff", 1 },
              { "ffffffff", 1 }, { "nobody", 0 }, { "", 0 },    { "' OR 1 --", 0 },
              { "mem.%", 0 } };

START_TEST(shows_what_a_word_names)
{
    struct history_items items = { 0 };
    struct arena arena = { 0 };
    struct history *h;
    struct err err;

    two_nights();
    h = look();
    ck_assert(history_show(h, str_from(words[_i].word), &arena, &items, &err));
    ck_assert_msg(items.n == words[_i].n, "%s: %zu", words[_i].word, items.n);
    history_close(h);
    arena_done(&arena);
}
END_TEST

static void trend(const char *word, enum history_by by, struct arena *arena,
                  struct history_periods *out)
{
    struct history *h = look();
    struct err err = { 0 };

    *out = (struct history_periods){ 0 };
    ck_assert_msg(history_trend(h, str_from(word), by, arena, out, &err), "%s", err.text);
    history_close(h);
}

START_TEST(trends_by_day)
{
    struct history_periods days, crash;
    struct arena arena = { 0 };

    two_nights();
    trend("", HISTORY_DAY, &arena, &days);
    ck_assert_uint_eq(days.n, 2);
    ck_assert(str_eq(days.p[0].name, STR("1970-01-01")));
    ck_assert_int_eq(days.p[0].number, 0);
    ck_assert_uint_eq(days.p[0].machines, 3);
    ck_assert_uint_eq(days.p[0].failing, 2);
    ck_assert_uint_eq(days.p[0].fresh, 2);
    ck_assert_uint_eq(days.p[1].failing, 2);
    ck_assert_uint_eq(days.p[1].causes, 1);
    ck_assert_uint_eq(days.p[1].crashes, 1);
    ck_assert_uint_eq(days.p[1].fresh, 1);
    trend("012345", HISTORY_DAY, &arena, &crash);
    ck_assert_uint_eq(crash.n, 2);
    ck_assert_uint_eq(crash.p[0].failing, 0);
    ck_assert_uint_eq(crash.p[1].failing, 1);
    arena_done(&arena);
}
END_TEST

START_TEST(a_trend_of_nothing_and_of_one_run)
{
    struct cases *none = cases_new(), *one = made("a", "mem.oom", "0123456789abcdef");
    struct history_periods periods;
    struct arena arena = { 0 };
    struct err err;

    history_close(history_open(path, HISTORY_WRITE, &err));
    for (enum history_by by = HISTORY_DAY; by <= HISTORY_MONTH; by++) {
        trend("", by, &arena, &periods);
        ck_assert_uint_eq(periods.n, 0);
    }
    record(none, "without a machine", TIME_UNKNOWN);
    trend("", HISTORY_WEEK, &arena, &periods);
    ck_assert_uint_eq(periods.n, 1);
    ck_assert_uint_eq(periods.p[0].name.n, 0);
    ck_assert_int_eq(periods.p[0].number, TIME_UNKNOWN);
    ck_assert_uint_eq(periods.p[0].machines, 0);
    record(one, "one", 20 * DAY_US);
    trend("", HISTORY_MONTH, &arena, &periods);
    ck_assert_uint_eq(periods.n, 2);
    ck_assert(str_eq(periods.p[1].name, STR("1970-01")));
    ck_assert_uint_eq(periods.p[1].fresh, 2);
    cases_free(none);
    cases_free(one);
    arena_done(&arena);
}
END_TEST

/* Days since 1970 and what they belong to: ISO years begin with the week of the first Thursday. */
static const struct {
    int64_t day;
    const char *date, *week, *month;
} calendar[] = {
    { 0, "1970-01-01", "1970-W01", "1970-01" },     { 3, "1970-01-04", "1970-W01", "1970-01" },
    { 4, "1970-01-05", "1970-W02", "1970-01" },     { 14609, "2009-12-31", "2009-W53", "2009-12" },
    { 14612, "2010-01-03", "2009-W53", "2010-01" }, { 14613, "2010-01-04", "2010-W01", "2010-01" },
    { 17896, "2018-12-31", "2019-W01", "2018-12" }, { 18321, "2020-02-29", "2020-W09", "2020-02" },
    { 18627, "2020-12-31", "2020-W53", "2020-12" }, { 18630, "2021-01-03", "2020-W53", "2021-01" },
    { 18631, "2021-01-04", "2021-W01", "2021-01" }, { 20451, "2025-12-29", "2026-W01", "2025-12" },
};

enum { CALENDAR = sizeof calendar / sizeof calendar[0] };

START_TEST(periods_follow_the_calendar)
{
    struct cases *cases = made("a", "mem.oom", NULL);
    struct history_periods periods;
    struct arena arena = { 0 };

    /* One microsecond before midnight is still that day. */
    record(cases, "run", calendar[_i].day * DAY_US + (_i % 2 ? DAY_US - 1 : 0));
    trend("", HISTORY_DAY, &arena, &periods);
    ck_assert_msg(str_eq(periods.p[0].name, str_from(calendar[_i].date)), "%.*s",
                  STR_ARG(periods.p[0].name));
    trend("", HISTORY_WEEK, &arena, &periods);
    ck_assert_msg(str_eq(periods.p[0].name, str_from(calendar[_i].week)), "%s: %.*s",
                  calendar[_i].date, STR_ARG(periods.p[0].name));
    trend("", HISTORY_MONTH, &arena, &periods);
    ck_assert_msg(str_eq(periods.p[0].name, str_from(calendar[_i].month)), "%s: %.*s",
                  calendar[_i].date, STR_ARG(periods.p[0].name));
    cases_free(cases);
    arena_done(&arena);
}
END_TEST

/* Nights that nobody ran: the numbers say how many. */
START_TEST(gaps_show_in_the_numbers)
{
    static const int64_t days[] = { 18620, 18621, 18628,
                                    18720 }; /* 2020-12-24, -25, 2021-01-01 … */
    static const int64_t gaps[][3] = {
        [HISTORY_DAY] = { 1, 7, 92 }, [HISTORY_WEEK] = { 1, 13 }, [HISTORY_MONTH] = { 1, 3 }
    };
    static const size_t n[] = { 4, 3, 3 };
    struct history_periods periods;
    struct arena arena = { 0 };

    for (size_t i = 0; i < 4; i++) {
        struct cases *cases = made("a", "mem.oom", NULL);
        char run[8];

        snprintf(run, sizeof run, "%zu", i);
        record(cases, run, days[i] * DAY_US);
        cases_free(cases);
    }
    for (enum history_by by = HISTORY_DAY; by <= HISTORY_MONTH; by++) {
        trend("", by, &arena, &periods);
        ck_assert_uint_eq(periods.n, n[by]);
        ck_assert_uint_eq(periods.p[0].fresh, 1);
        for (size_t i = 1; i < periods.n; i++) {
            ck_assert_int_eq(periods.p[i].number - periods.p[i - 1].number, gaps[by][i - 1]);
            ck_assert_uint_eq(periods.p[i].fresh, 0);
        }
    }
    arena_done(&arena);
}
END_TEST

/* --- files ---------------------------------------------------------------------------------------
 */

static void put_file(const char *bytes, size_t n)
{
    FILE *f = fopen(path, "wb");

    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fwrite(bytes, 1, n, f), n);
    ck_assert_int_eq(fclose(f), 0);
}

/* A database whose statements are `sql`. */
static void put_database(const char *sql)
{
    struct err err = { 0 };
    struct database *db;

    put_file("", 0);
    db = database_open(path, DATABASE_WRITE, &err);
    ck_assert_msg(db && database_run(db, sql, &err), "%s", err.text);
    database_close(db);
}

static void make_nothing(void)
{
    ck_assert_int_eq(unlink(path) == 0 || errno == ENOENT, 1);
}

static void make_empty(void)
{
    put_file("", 0);
}

static void make_text(void)
{
    char lines[300];

    memset(lines, 'x', sizeof lines);
    put_file(lines, sizeof lines);
}

static void make_short(void)
{
    put_file("SQLite format 3", 16);
}

static void make_foreign(void)
{
    put_database("CREATE TABLE t(a); INSERT INTO t VALUES (1); PRAGMA user_version=1");
}

static void make_newer(void)
{
    put_database("PRAGMA application_id=0x4c574849; CREATE TABLE t(a); PRAGMA user_version=99");
}

static void make_link(void)
{
    ck_assert_int_eq(symlink("elsewhere.db", path), 0);
}

static void make_fifo(void)
{
    ck_assert_int_eq(mkfifo(path, 0600), 0);
}

static void make_open_to_all(void)
{
    struct cases *cases = made("a", "mem.oom", NULL);

    record(cases, "1", 0);
    cases_free(cases);
    ck_assert_int_eq(chmod(path, 0666), 0);
}

static void open_directory_to_all(void)
{
    ck_assert_int_eq(chmod(directory, 0777), 0);
}

static const struct {
    const char *name;
    void (*make)(void);
    const char *text;
} strangers[] = {
    { "an empty file", make_empty, "empty" },
    { "a text", make_text, "no history" },
    { "a head alone", make_short, "no history" },
    { "another program's", make_foreign, "another program" },
    { "a newer one", make_newer, "newer lastwords" },
    { "a link", make_link, "symbolic link" },
    { "a pipe", make_fifo, "not a file" },
    { "a file of everybody's", make_open_to_all, "everybody" },
    { "a directory of everybody's", open_directory_to_all, "everybody" },
};

static uint64_t file_hash(void)
{
    static char bytes[1 << 16];
    FILE *f = fopen(path, "rb");
    size_t n = f ? fread(bytes, 1, sizeof bytes, f) : 0;

    if (f)
        fclose(f);
    return str_hash((struct str){ bytes, n });
}

START_TEST(refuses_what_is_not_ours_and_leaves_it)
{
    struct history_run run = { .id = STR("1") };
    struct cases *cases = made("a", "mem.oom", NULL);
    struct err err = { 0 };
    struct stat st;
    uint64_t before;
    bool regular;

    strangers[_i].make();
    regular = lstat(path, &st) == 0 && S_ISREG(st.st_mode);
    before = regular ? file_hash() : 0;
    ck_assert_msg(!history_record(path, cases, &run, &err), "%s", strangers[_i].name);
    ck_assert_msg(strstr(err.text, strangers[_i].text), "%s: %s", strangers[_i].name, err.text);
    ck_assert_uint_eq(regular ? file_hash() : 0, before);
    ck_assert_ptr_null(history_open(path, HISTORY_READ, &err));
    cases_free(cases);
}
END_TEST

START_TEST(makes_a_private_file)
{
    struct cases *cases = made("a", "mem.oom", NULL);
    struct err err = { 0 };
    struct stat st;

    make_nothing();
    ck_assert_ptr_null(history_open(path, HISTORY_READ, &err));
    ck_assert_int_ne(access(path, F_OK), 0);
    umask(0);
    record(cases, "1", 0);
    ck_assert_int_eq(stat(path, &st), 0);
    ck_assert_uint_eq(st.st_mode & 07777, 0600);
    ck_assert_int_eq(number("PRAGMA user_version"), HISTORY_VERSION);
    ck_assert_int_eq(number("PRAGMA application_id"), HISTORY_APPLICATION_ID);
    cases_free(cases);
}
END_TEST

START_TEST(migrates_version_1)
{
    struct cases *cases = made("a", "mem.oom", NULL);
    struct err err = { 0 };

    put_database(
            "PRAGMA application_id=0x4c574849; PRAGMA user_version=1; PRAGMA journal_mode=WAL;"
            "CREATE TABLE run(id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, wall_us INTEGER,"
            " tool_version TEXT NOT NULL, rules_sha256 TEXT NOT NULL);"
            "CREATE TABLE machine(id INTEGER PRIMARY KEY, source TEXT NOT NULL,"
            " ident TEXT NOT NULL, name TEXT NOT NULL, UNIQUE(source, ident));"
            "CREATE TABLE subject(id INTEGER PRIMARY KEY, crash INTEGER NOT NULL,"
            " key TEXT NOT NULL, family TEXT NOT NULL, first_run INTEGER NOT NULL,"
            " UNIQUE(crash, key));"
            "CREATE TABLE sighting(subject INTEGER NOT NULL, machine INTEGER NOT NULL,"
            " run INTEGER NOT NULL, severity INTEGER NOT NULL, role INTEGER NOT NULL,"
            " count INTEGER NOT NULL, title TEXT NOT NULL,"
            " PRIMARY KEY(subject, machine, run)) WITHOUT ROWID;"
            "CREATE INDEX sighting_of_machine ON sighting(machine, run);"
            "INSERT INTO run VALUES(1, 'old', 7, '0', 'x');"
            "INSERT INTO machine VALUES(1, 'vmx-uuid', 'a', 'a');"
            "INSERT INTO subject VALUES(1, 0, 'mem.oom', '', 1);"
            "INSERT INTO sighting VALUES(1, 1, 1, 2, 0, 1, 'a made cause');");
    ck_assert_ptr_null(history_open(path, HISTORY_READ, &err));
    ck_assert_ptr_nonnull(strstr(err.text, "version 1"));
    record(cases, "new", 8);
    ck_assert(cases->of.p[0].diagnoses.p[0].known);
    ck_assert_int_eq(number("PRAGMA user_version"), HISTORY_VERSION);
    ck_assert_int_eq(number("SELECT count(*) FROM look"), 2);
    assert_whole();
    cases_free(cases);
}
END_TEST

/* Garbage in every place of the file in turn: an answer or an error, never a crash. */
START_TEST(damage_is_an_error)
{
    struct history_items items = { 0 };
    struct arena arena = { 0 };
    struct history *h;
    struct err err = { 0 };
    FILE *f;

    two_nights();
    ck_assert_ptr_nonnull(f = fopen(path, "r+b"));
    ck_assert_int_eq(fseek(f, 4096L * _i + 100, SEEK_SET), 0);
    for (int i = 0; i < 3900; i++)
        fputc((i * 7 + _i) & 0xff, f);
    ck_assert_int_eq(fclose(f), 0);
    h = history_open(path, HISTORY_READ, &err);
    if (h && !history_list(h, true, &arena, &items, &err))
        ck_assert_msg(err.text[0], "no word about it");
    ck_assert(h || err.text[0]);
    history_close(h);
    arena_done(&arena);
}
END_TEST

static const struct {
    unsigned long magic;
    bool shared;
} systems[] = {
    { 0x6969, true },             /* NFS */
    { 0xff534d42, true },         /* CIFS */
    { 0xffffffffff534d42, true }, /* as a signed f_type gives it */
    { 0x65735546, true },         /* FUSE */
    { 0xef53, false },
    { 0x58465342, false }, /* ext4, XFS */
    { 0x01021994, false },
    { 0x794c7630, false }, /* tmpfs, overlay */
};

START_TEST(knows_shared_file_systems)
{
    ck_assert_int_eq(history_shared_fs(systems[_i].magic) != NULL, systems[_i].shared);
}
END_TEST

/* --- crowds and kills ----------------------------------------------------------------------------
 */

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
    struct crew crew = { 0 };

    start_crew(&crew, 100000);
    for (int i = 0; i < WRITERS; i++) {
        usleep((unsigned)(20000 + 1000 * ((i * 7 + _i * 13) % 40)));
        ck_assert_int_eq(kill(crew.pid[i], SIGKILL), 0);
    }
    end_crew(&crew, true);
}
END_TEST

Suite *check_history(void)
{
    Suite *suite = suite_create("history");
    TCase *tc = tcase_create("all");

    tcase_add_checked_fixture(tc, make_directory, remove_directory);
    tcase_add_test(tc, knows_what_earlier_runs_saw);
    tcase_add_test(tc, the_process_that_writes_knows_the_same);
    tcase_add_test(tc, a_writer_that_is_not_asked_writes_nothing);
    tcase_add_test(tc, a_run_again_replaces_what_it_said);
    tcase_add_test(tc, lists_what_was_seen);
    tcase_add_loop_test(tc, shows_what_a_word_names, 0, sizeof words / sizeof words[0]);
    tcase_add_test(tc, trends_by_day);
    tcase_add_test(tc, a_trend_of_nothing_and_of_one_run);
    tcase_add_loop_test(tc, periods_follow_the_calendar, 0, CALENDAR);
    tcase_add_test(tc, gaps_show_in_the_numbers);
    tcase_add_loop_test(tc, refuses_what_is_not_ours_and_leaves_it, 0,
                        sizeof strangers / sizeof strangers[0]);
    tcase_add_test(tc, makes_a_private_file);
    tcase_add_test(tc, migrates_version_1);
    tcase_add_loop_test(tc, damage_is_an_error, 0, 12);
    tcase_add_loop_test(tc, knows_shared_file_systems, 0, sizeof systems / sizeof systems[0]);
    tcase_add_test(tc, eight_writers_at_once);
    tcase_add_loop_test(tc, kills_lose_nothing_that_was_acknowledged, 0, 4);
    suite_add_tcase(suite, tc);
    return suite;
}

#else

START_TEST(says_that_it_cannot)
{
    struct err err = { 0 };

    ck_assert_ptr_null(history_open("x.db", HISTORY_WRITE, &err));
    ck_assert_int_eq(err.code, FAIL_SUPPORT);
    ck_assert_ptr_nonnull(strstr(err.text, "without SQLite"));
}
END_TEST

Suite *check_history(void)
{
    Suite *suite = suite_create("history");
    TCase *tc = tcase_create("all");

    tcase_add_test(tc, says_that_it_cannot);
    suite_add_tcase(suite, tc);
    return suite;
}

#endif
