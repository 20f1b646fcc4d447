/* SPDX-License-Identifier: Apache-2.0 */
/* Files that go away with their writer; see temp_file.h. */
#include "analyzer/cli/temp_file.h"

#include "analyzer/fleet/history.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define PREFIX ".lastwords-"
#define SUFFIX ".tmp"

enum { TRIES = 100, LINK_BYTES = 32 };

static void put_name(struct temp_file *t, unsigned try)
{
    snprintf(t->name, sizeof t->name, PREFIX "%ld-%u" SUFFIX, (long)getpid(), try);
}

/* A path that leads to the open file. */
static const char *link_of(const struct temp_file *t, char link[LINK_BYTES])
{
    snprintf(link, LINK_BYTES, "/proc/self/fd/%d", t->fd);
    return link;
}

/* Is it this file that has the name? */
static bool has_name(int dir, const char *name, int fd)
{
    struct stat named, opened;

    return fstatat(dir, name, &named, AT_SYMLINK_NOFOLLOW) == 0 && fstat(fd, &opened) == 0 &&
           named.st_dev == opened.st_dev && named.st_ino == opened.st_ino;
}

/* --- what killed writers left --- */

/* .lastwords-4711-0.tmp */
static bool is_temp_name(const char *name)
{
    struct str s = str_from(name);
    uint64_t pid, number;

    return str_take(&s, STR(PREFIX)) && str_take_u64(&s, &pid) && str_take(&s, STR("-")) &&
           str_take_u64(&s, &number) && str_eq(s, STR(SUFFIX));
}

/* Whoever gets the lock knows that nobody writes any more. */
static void remove_if_left(int dir, const char *name)
{
    int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    struct stat st;

    if (fd < 0)
        return;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid() && st.st_nlink == 1 &&
        flock(fd, LOCK_EX | LOCK_NB) == 0 && has_name(dir, name, fd))
        unlinkat(dir, name, 0);
    close(fd);
}

static void remove_left(int dir)
{
    const struct dirent *entry;
    struct statfs fs;
    int fd;
    DIR *d;

    if (fstatfs(dir, &fs) != 0 || history_shared_fs((unsigned long)fs.f_type))
        return;
    fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    d = fd >= 0 ? fdopendir(fd) : NULL;
    if (!d) {
        if (fd >= 0)
            close(fd);
        return;
    }
    while ((entry = readdir(d)))
        if (is_temp_name(entry->d_name))
            remove_if_left(dir, entry->d_name);
    closedir(d);
}

/* --- the file --- */

/* Whether a file without a name can be given one later: its file system can, and /proc is there. */
static bool open_unnamed(struct temp_file *t)
{
    char link[LINK_BYTES];

    t->fd = openat(t->dir, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
    if (t->fd < 0)
        return false;
    flock(t->fd, LOCK_EX | LOCK_NB); /* nobody else has it */
    if (faccessat(AT_FDCWD, link_of(t, link), F_OK, 0) == 0)
        return true;
    close(t->fd);
    t->fd = -1;
    return false;
}

/* Made and locked; one that another writer took for left behind, in between, is none. */
static bool open_named(struct temp_file *t)
{
    for (unsigned try = 0; try < TRIES; try++) {
        put_name(t, try);
        t->fd = openat(t->dir, t->name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (t->fd < 0 && errno != EEXIST)
            break;
        if (t->fd < 0)
            continue;
        if ((flock(t->fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) &&
            has_name(t->dir, t->name, t->fd))
            return true;
        close(t->fd);
        t->fd = -1;
        errno = EEXIST;
    }
    t->name[0] = '\0';
    return false;
}

bool temp_file_open(struct temp_file *t, int dir, const char *path, struct err *err)
{
    *t = (struct temp_file){ .fd = -1, .dir = dir };
    remove_left(dir);
    return open_unnamed(t) || open_named(t) ||
           fail_sys(err, errno, path, "cannot create a file beside it");
}

/* rename(2) replaces, link(2) does not: so a file without a name takes two steps into its place. */
static bool give_name(struct temp_file *t)
{
    char link[LINK_BYTES];

    for (unsigned try = 0; try < TRIES; try++) {
        put_name(t, try);
        if (linkat(AT_FDCWD, link_of(t, link), t->dir, t->name, AT_SYMLINK_FOLLOW) == 0)
            return true;
        if (errno != EEXIST)
            break;
    }
    t->name[0] = '\0';
    return false;
}

bool temp_file_rename(struct temp_file *t, const char *name, struct err *err)
{
    if (fsync(t->fd) != 0)
        return fail_sys(err, errno, name, "cannot write");
    if ((!t->name[0] && !give_name(t)) || renameat(t->dir, t->name, t->dir, name) != 0)
        return fail_sys(err, errno, name, "cannot put it in its place");
    t->name[0] = '\0';
    fsync(t->dir); /* some file systems cannot: nothing to do */
    return true;
}

void temp_file_close(struct temp_file *t)
{
    if (t->name[0])
        unlinkat(t->dir, t->name, 0);
    if (t->fd >= 0)
        close(t->fd);
    *t = (struct temp_file){ .fd = -1, .dir = -1 };
}
