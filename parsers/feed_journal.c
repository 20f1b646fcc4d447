/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The journal while journald writes it: the files of a directory that end in its newest boot, and
 * those that come. What was archived is the same file under another name, which we have open.
 * journald writes through a mapping, which tells nobody, but truncates the file to its own size
 * afterwards so that inotify does: src/libsystemd/sd-journal/journal-file.c,
 * journal_file_post_change().
 */
#include "parsers/feed_inner.h"

#include "analyzer/core/limits.h"
#include "parsers/journal_file.h"
#include "parsers/journal_object.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

struct feed_journal {
    struct feed feed;
    struct journal_source *journal;
    int dir_fd;
    bool look_again; /* the directory changed */
};

/* No journal file; one that has no header yet: it was created a moment ago. */
enum { FILE_OTHER = -1, FILE_EARLY = -2 };

/* Opens a journal file of the directory, or FILE_*. */
static int open_file(int dir_fd, const char *name, struct journal_header *header)
{
    struct stat st;
    int fd;

    if (!str_ends(str_from(name), STR(".journal")))
        return FILE_OTHER;
    fd = openat(dir_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return FILE_OTHER;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && journal_header(fd, header))
        return fd;
    close(fd);
    return FILE_EARLY;
}

static DIR *open_list(int dir_fd)
{
    int fd = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;

    if (fd >= 0 && !dir)
        close(fd);
    return dir;
}

/* The header of the file that was written to last. */
static bool find_newest(int dir_fd, struct journal_header *newest)
{
    struct journal_header header;
    const struct dirent *entry;
    DIR *dir = open_list(dir_fd);
    bool found = false;

    while (dir && (entry = readdir(dir))) {
        int fd = open_file(dir_fd, entry->d_name, &header);

        if (fd < 0)
            continue;
        close(fd);
        if (!found || header.tail_realtime_us > newest->tail_realtime_us)
            *newest = header;
        found = true;
    }
    if (dir)
        closedir(dir);
    return found;
}

/* Adds the files that are not read yet; with `boot` those that end in it. */
static void add_files(struct feed_journal *f, const char *boot)
{
    struct journal_header header;
    const struct dirent *entry;
    DIR *dir = open_list(f->dir_fd);

    while (dir && (entry = readdir(dir))) {
        int fd = open_file(f->dir_fd, entry->d_name, &header);
        struct journal_part part = { .fd = fd, .name = STR("the journal") };

        f->look_again |= fd == FILE_EARLY;
        if (fd < 0)
            continue;
        if (journal_holds(f->journal, header.file_id) ||
            (boot && memcmp(header.tail_boot, boot, sizeof header.tail_boot) != 0))
            close(fd);
        else
            journal_add(f->journal, &part);
    }
    if (dir)
        closedir(dir);
}

/* What the directory told; only names that came matter. */
static void take_events(struct feed_journal *f)
{
    _Alignas(struct inotify_event) char events[4096];
    ssize_t n;

    while (f->feed.poll_fd >= 0 && (n = read(f->feed.poll_fd, events, sizeof events)) > 0) {
        for (size_t at = 0; at < (size_t)n;) {
            const struct inotify_event *e = (const void *)(events + at);

            at += sizeof *e + e->len;
            f->look_again |= (e->mask & ~(uint32_t)IN_MODIFY) != 0;
        }
    }
}

static ptrdiff_t journal_feed_read(struct feed *feed, char *buf, size_t n, struct err *err)
{
    struct feed_journal *f = (struct feed_journal *)(void *)feed;
    ptrdiff_t got = journal_read(f->journal, buf, n, err);

    if (got != READ_WAIT)
        return got;
    take_events(f);
    if (f->look_again) {
        f->look_again = false;
        add_files(f, NULL);
    }
    journal_refresh(f->journal);
    return journal_read(f->journal, buf, n, err);
}

static void journal_feed_close(struct feed *feed)
{
    struct feed_journal *f = (struct feed_journal *)(void *)feed;

    journal_close(f->journal);
    if (f->feed.poll_fd >= 0)
        close(f->feed.poll_fd);
    close(f->dir_fd);
    free(f);
}

static const struct feed_kind journal_kind = {
    .read = journal_feed_read, .close = journal_feed_close, .needs_time = true, .history = true
};

static int watch(const char *path)
{
    int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);

    if (fd >= 0)
        inotify_add_watch(fd, path, IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_ONLYDIR);
    return fd;
}

struct feed *feed_journal_open(int dir_fd, const char *path, struct err *err)
{
    struct feed_journal *f = calloc(1, sizeof *f);
    struct journal_header newest;

    if (!f) {
        close(dir_fd);
        fail(err, FAIL_LIMIT, "out of memory");
        return NULL;
    }
    f->feed = (struct feed){ .kind = &journal_kind, .poll_fd = watch(path) };
    f->dir_fd = dir_fd;
    if (!find_newest(dir_fd, &newest))
        fail_at(err, FAIL_USAGE, path, 0, 0,
                "holds no journal file that can be read (of a directory only its journal is "
                "followed; name the files)");
    else
        f->journal = journal_open(NULL, 0, err);
    if (!f->journal) {
        journal_feed_close(&f->feed);
        return NULL;
    }
    add_files(f, newest.tail_boot);
    journal_refresh(f->journal);
    return &f->feed;
}
