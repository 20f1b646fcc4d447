/* SPDX-License-Identifier: Apache-2.0 */
/* A history's file: what is refused and left alone, what is private, what damage does. */
#include "analyzer/fleet/history_file.h"
#include "tests/unit/history_rig.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef HAVE_SQLITE3

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

#endif

Suite *check_history_file(void)
{
    Suite *suite = suite_create("history_file");
#ifdef HAVE_SQLITE3
    TCase *tc = tcase_create("all");

    tcase_add_checked_fixture(tc, make_directory, remove_directory);
    tcase_add_loop_test(tc, refuses_what_is_not_ours_and_leaves_it, 0,
                        sizeof strangers / sizeof strangers[0]);
    tcase_add_test(tc, makes_a_private_file);
    tcase_add_test(tc, migrates_version_1);
    tcase_add_loop_test(tc, damage_is_an_error, 0, 12);
    tcase_add_loop_test(tc, knows_shared_file_systems, 0, sizeof systems / sizeof systems[0]);
    suite_add_tcase(suite, tc);
#endif
    return suite;
}
