/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files of one log in order; see feed_rotation.h. A log may be rotated several times between two
 * looks, so the files beside it are looked through: log.2 log.1 log (logrotate), log-20260101
 * (dateext), vmware-0.log. Names tell the order where their scheme does, else the time of the last
 * write. Names move on while a directory is read: it is read again until nothing was told to have
 * changed in between.
 */
#include "parsers/feed_rotation.h"

#include "parsers/walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

/* A writer that rotates faster than we can read the directory so often is not followed exactly. */
enum { LOOKS_MAX = 64 };

struct file_age {
    struct timespec written;
    uint64_t number; /* ".3" */
    char dated[64];  /* "-20260101" */
    bool active, numbered;
};

struct candidate {
    char name[256];
    ino_t inode;
    struct file_age age;
};

bool rotation_watch(struct rotation *r, const char *directory)
{
    r->notify_fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (r->notify_fd < 0)
        return false;
    return inotify_add_watch(r->notify_fd, directory,
                             IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_MODIFY |
                                     IN_ONLYDIR) >= 0;
}

static bool is_packed(struct str name)
{
    static const struct str ends[] = {
        { STR_INIT(".gz") }, { STR_INIT(".xz") }, { STR_INIT(".bz2") }, { STR_INIT(".zst") }
    };

    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        if (str_ends(name, ends[i]))
            return true;
    return false;
}

/* Is it a name that the log may get when it is rotated? Reads what it tells of its age. */
static bool read_name(struct str name, struct str base, struct file_age *age)
{
    size_t dot = str_find_last_char(base, '.');
    struct str stem = str_first(base, dot == STR_NOT_FOUND ? base.n : dot), rest = name;

    *age = (struct file_age){ 0 };
    if (is_packed(name))
        return false;
    if (str_eq(name, base)) {
        age->active = true;
        return true;
    }
    if (str_take(&rest, base)) {
        age->numbered = str_take_char(&rest, '.') && str_take_u64(&rest, &age->number) && !rest.n;
        rest = str_from_at(name, base.n);
        if (!age->numbered && rest.n && rest.n < sizeof age->dated && rest.p[0] == '-')
            memcpy(age->dated, rest.p, rest.n);
        return true;
    }
    return str_take(&rest, stem) && str_take_char(&rest, '-') &&
           str_ends(rest, str_from_at(base, stem.n));
}

bool rotation_told(struct rotation *r)
{
    _Alignas(struct inotify_event) char events[4096];
    struct file_age age;
    bool told = false;
    ssize_t n;

    while (r->notify_fd >= 0 && (n = read(r->notify_fd, events, sizeof events)) > 0) {
        for (size_t at = 0; at < (size_t)n;) {
            const struct inotify_event *e = (const void *)(events + at);
            struct str name = str_from(e->len ? e->name : "");

            at += sizeof *e + e->len;
            r->overflowed |= (e->mask & IN_Q_OVERFLOW) != 0;
            if (e->mask & IN_Q_OVERFLOW)
                told = true;
            if (e->mask & IN_MODIFY || !read_name(name, str_from(r->base), &age))
                continue;
            told = true;
            r->created += age.active && e->mask & (IN_CREATE | IN_MOVED_TO);
        }
    }
    return told;
}

static int compare_times(const struct timespec *a, const struct timespec *b)
{
    if (a->tv_sec != b->tv_sec)
        return a->tv_sec < b->tv_sec ? -1 : 1;
    return a->tv_nsec < b->tv_nsec ? -1 : a->tv_nsec > b->tv_nsec;
}

/* Below 0: `a` was written before `b`. */
static int compare_ages(const struct file_age *a, const struct file_age *b)
{
    if (a->active != b->active)
        return a->active ? 1 : -1;
    if (a->numbered && b->numbered)
        return a->number > b->number ? -1 : a->number < b->number;
    if (a->dated[0] && b->dated[0] && strlen(a->dated) == strlen(b->dated))
        return strcmp(a->dated, b->dated);
    return compare_times(&a->written, &b->written);
}

struct looking {
    struct rotation *r;
    struct stat ours;
    struct file_age our_age; /* by its name, when it still has one */
    bool ours_found, found;
    struct candidate next;
};

static bool is_ours(const struct looking *l, const struct stat *st)
{
    return st->st_ino == l->ours.st_ino && st->st_dev == l->ours.st_dev;
}

/* One pass over the directory: calls `look` on every file that may be one of the log's. */
static bool each_file(struct looking *l, void (*look)(struct looking *, const struct candidate *))
{
    int fd = openat(l->r->dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    const struct dirent *entry;
    struct candidate c;
    struct stat st;

    if (!dir) {
        if (fd >= 0)
            close(fd);
        return false;
    }
    while ((entry = readdir(dir))) {
        struct str name = str_from(entry->d_name);

        if (name.n >= sizeof c.name || !read_name(name, str_from(l->r->base), &c.age) ||
            fstatat(l->r->dir_fd, entry->d_name, &st, c.age.active ? 0 : AT_SYMLINK_NOFOLLOW) !=
                    0 ||
            !S_ISREG(st.st_mode))
            continue;
        memcpy(c.name, entry->d_name, name.n + 1);
        c.inode = st.st_ino;
        c.age.written = st.st_mtim;
        if (!is_ours(l, &st)) {
            look(l, &c);
        } else if (!l->ours_found || !c.age.active) {
            l->ours_found = true;
            l->our_age = c.age;
        }
    }
    closedir(dir);
    return true;
}

static void look_for_ours(struct looking *l, const struct candidate *c)
{
    (void)l;
    (void)c;
}

/* Later than ours, and the earliest of these? */
static void look_for_next(struct looking *l, const struct candidate *c)
{
    int order = l->ours_found ? compare_ages(&c->age, &l->our_age)
                              : compare_times(&c->age.written, &l->ours.st_mtim);

    /* A file that has no name any more was the oldest, or deleted: what is left came later. */
    if (!c->age.active && (order < 0 || (order == 0 && l->ours_found)))
        return;
    if (l->found && compare_ages(&c->age, &l->next.age) >= 0)
        return;
    l->found = true;
    l->next = *c;
}

int rotation_next(struct rotation *r, int fd, bool *active)
{
    struct looking l = { .r = r };
    struct stat st;
    int next;

    if (fstat(fd, &l.ours) != 0 || fstatat(r->dir_fd, r->base, &st, 0) != 0 || is_ours(&l, &st) ||
        !S_ISREG(st.st_mode))
        return -1;
    for (unsigned i = 0; i < LOOKS_MAX; i++) {
        rotation_told(r);
        l.ours_found = l.found = false;
        if (!each_file(&l, look_for_ours) || !each_file(&l, look_for_next))
            return -1;
        if (!l.found)
            continue;
        next = openat(r->dir_fd, l.next.name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
        if (next < 0)
            continue;
        /* Told of nothing since: it is the file that was seen, not another with its number. */
        if (fstat(next, &st) == 0 && S_ISREG(st.st_mode) && st.st_ino == l.next.inode &&
            !rotation_told(r)) {
            *active = l.next.age.active;
            return next;
        }
        close(next);
    }
    return -1;
}
