/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files that are rotated while they are read, by a writer that never waits: every line is numbered,
 * so that what is lost or doubled shows. LASTWORDS_ROTATIONS sets how often (make check-long).
 */
#include "parsers/feed.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROTATIONS = 25, LINES_EACH = 400 };

enum way { BY_DATE, BY_NUMBER, BY_COPY, BY_DELETING };

static unsigned rotations(void)
{
    const char *word = getenv("LASTWORDS_ROTATIONS");

    return word ? (unsigned)strtoul(word, NULL, 10) : ROTATIONS;
}

static int open_log(void)
{
    return open("log", O_WRONLY | O_CREAT | O_APPEND, 0600);
}

static void copy_log(unsigned round)
{
    char name[32], buf[65536];
    int from = open("log", O_RDONLY), to;
    ssize_t n;

    snprintf(name, sizeof name, "log.%u", round % 4 + 1);
    to = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    while ((n = read(from, buf, sizeof buf)) > 0)
        if (write(to, buf, (size_t)n) != n)
            _exit(1);
    close(from);
    close(to);
}

/* log.2 log.1 log: what logrotate does without dateext, for as many as there are. */
static void shift_names(unsigned round)
{
    char from[32], to[32];

    for (unsigned i = round; i > 0; i--) {
        snprintf(from, sizeof from, "log.%u", i);
        snprintf(to, sizeof to, "log.%u", i + 1);
        rename(from, to);
    }
    rename("log", "log.1");
}

static int rotate(enum way way, unsigned round, int fd)
{
    char name[32];

    switch (way) {
    case BY_DATE:
        snprintf(name, sizeof name, "log-%08u", round);
        rename("log", name);
        break;
    case BY_NUMBER: shift_names(round < 40 ? round : 40); break;
    case BY_COPY:
        copy_log(round);
        if (truncate("log", 0) != 0)
            _exit(1);
        return fd;
    case BY_DELETING: unlink("log"); break;
    }
    close(fd);
    return open_log();
}

/* Writes the lines 1 to n and ends with one that says so. */
static void write_lines(enum way way)
{
    unsigned n = rotations(), number = 0;
    char line[64];
    int fd = open_log();

    for (unsigned round = 1; round <= n; round++) {
        for (unsigned i = 0; i < LINES_EACH; i++) {
            int len = snprintf(line, sizeof line, "line %u of them\n", ++number);

            if (write(fd, line, (size_t)len) != len)
                _exit(1);
        }
        /* A reader that is not scheduled at all would lose what nobody keeps. */
        if (way == BY_NUMBER || way == BY_COPY || way == BY_DELETING)
            usleep(1000);
        fd = rotate(way, round, fd);
    }
    if (write(fd, "the end\n", 8) != 8)
        _exit(1);
    _exit(0);
}

struct reading {
    struct feed *feed;
    struct lines *lines;
    unsigned last, lost, doubled, odd;
    bool ended;
};

static void take(struct reading *r, struct str line)
{
    uint64_t number;
    bool ok = str_take(&line, STR("line ")) && str_take_u64(&line, &number) &&
              str_eq(line, STR(" of them"));

    r->ended |= str_eq(line, STR("the end"));
    if (r->ended)
        return;
    r->odd += !ok;
    if (!ok)
        return;
    r->doubled += number <= r->last;
    if (number > r->last + 1)
        r->lost += (unsigned)number - r->last - 1;
    if (number > r->last)
        r->last = (unsigned)number;
}

static void take_all(struct reading *r)
{
    struct line line;
    struct err err;

    while (lines_next(r->lines, &line, &err) == STEP_RECORD)
        take(r, line.text);
}

static void read_until_end(struct reading *r)
{
    for (unsigned idle = 0; !r->ended && idle < 600;) {
        struct pollfd p = feed_poll(r->feed);
        unsigned before = r->last;

        lines_pause(r->lines, PAUSE_WAIT);
        take_all(r);
        if (feed_at_turn(r->feed)) {
            lines_pause(r->lines, PAUSE_LAST);
            take_all(r);
            feed_turn(r->feed);
            lines_restart(r->lines);
            continue;
        }
        idle = r->last != before ? 0 : idle + 1;
        if (!r->ended)
            poll(&p, 1, 50);
    }
}

static void run(enum way way, struct reading *r, struct feed_stats *stats)
{
    char dir[] = "/tmp/check-feed-XXXXXX", back[4096], command[64];
    struct err err;
    pid_t writer;
    int status;

    ck_assert_ptr_nonnull(getcwd(back, sizeof back));
    ck_assert_ptr_nonnull(mkdtemp(dir));
    ck_assert_int_eq(chdir(dir), 0);
    close(open_log());
    *r = (struct reading){ .feed = feed_open(STR("log"), &err) };
    ck_assert_ptr_nonnull(r->feed);
    r->lines = lines_new(feed_source(r->feed));
    writer = fork();
    if (writer == 0)
        write_lines(way);
    read_until_end(r);
    waitpid(writer, &status, 0);
    *stats = feed_stats(r->feed);
    lines_free(r->lines);
    feed_close(r->feed);
    ck_assert_int_eq(chdir(back), 0);
    snprintf(command, sizeof command, "rm -rf %s", dir);
    ck_assert_int_eq(system(command), 0);
    ck_assert_int_eq(status, 0);
    ck_assert(r->ended);
    ck_assert_uint_eq(r->doubled, 0);
}

START_TEST(test_renamed)
{
    struct feed_stats stats;
    struct reading r;

    run(_i ? BY_NUMBER : BY_DATE, &r, &stats);
    ck_assert_uint_eq(r.odd, 0);
    ck_assert_uint_eq(r.lost, 0);
    ck_assert_uint_eq(r.last, rotations() * LINES_EACH);
    ck_assert_uint_eq(stats.rotations, rotations());
    ck_assert_uint_eq(stats.lost_files, 0);
    ck_assert_uint_eq(stats.truncations, 0);
}
END_TEST

START_TEST(test_copied)
{
    struct feed_stats stats;
    struct reading r;

    run(BY_COPY, &r, &stats);
    ck_assert_uint_ge(stats.truncations, 1);
    ck_assert_uint_le(stats.truncations, rotations());
    /* Whoever loses a line says so. */
    if (r.lost)
        ck_assert_uint_ge(stats.truncations + stats.lost_bytes, 1);
}
END_TEST

START_TEST(test_deleted)
{
    struct feed_stats stats;
    struct reading r;
    unsigned lost;

    run(BY_DELETING, &r, &stats);
    lost = r.lost + rotations() * LINES_EACH - r.last; /* the last ones may be among them */
    ck_assert_uint_eq(r.odd, 0);
    ck_assert_uint_eq(stats.rotations + stats.lost_files, rotations());
    ck_assert_uint_eq(lost % LINES_EACH, 0);
    ck_assert_uint_eq(lost / LINES_EACH, stats.lost_files);
}
END_TEST

Suite *check_feed(void)
{
    Suite *s = suite_create("feed");
    TCase *t = tcase_create("rotation");

    tcase_set_timeout(t, 120);
    tcase_add_loop_test(t, test_renamed, 0, 2);
    tcase_add_test(t, test_copied);
    tcase_add_test(t, test_deleted);
    suite_add_tcase(s, t);
    return s;
}
