/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Our own walk, a component at a time with O_PATH and O_NOFOLLOW, and the directories above kept
 * open for "..": openat2(RESOLVE_IN_ROOT) would do the same, but needs Linux 5.6 and is a call that
 * the sandbox cannot look into.
 */
#include "analyzer/evidence/tree.h"

#include "analyzer/core/io.h"
#include "analyzer/core/limits.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { DEPTH_MAX = 48, LINKS_MAX = 40, PATH_BYTES = 8192, NAME_BYTES = 256 };

struct walk {
    int dirs[DEPTH_MAX]; /* open; [0] is the root's and not ours to close */
    size_t n;
    char last[NAME_BYTES]; /* the name of dirs[n - 1] in dirs[n - 2]; "" for the root */
    char path[PATH_BYTES]; /* what is still to be walked */
    size_t at, end;
    unsigned links;
};

static enum tree_state state_of(int sys)
{
    switch (sys) {
    case ENOENT:
    case ENOTDIR: return TREE_ABSENT;
    case EACCES:
    case EPERM: return TREE_DENIED;
    default: return TREE_ODD;
    }
}

static void pop(struct walk *w)
{
    if (w->n > 1)
        close(w->dirs[--w->n]);
    w->last[0] = '\0';
}

static void walk_done(struct walk *w)
{
    while (w->n > 1)
        pop(w);
}

/* The next name between slashes; false at the end, or (with *long_name) when it is too long. */
static bool take_name(struct walk *w, char name[NAME_BYTES], bool *long_name)
{
    size_t n = 0;

    while (w->at < w->end && w->path[w->at] == '/')
        w->at++;
    while (w->at < w->end && w->path[w->at] != '/' && n + 1 < NAME_BYTES)
        name[n++] = w->path[w->at++];
    name[n] = '\0';
    *long_name = w->at < w->end && w->path[w->at] != '/';
    return n > 0 && !*long_name;
}

static bool has_more(const struct walk *w)
{
    size_t at = w->at;

    while (at < w->end && w->path[at] == '/')
        at++;
    return at < w->end;
}

/* Puts the target of the link open at `fd` in front of what is still to be walked. */
static enum tree_state expand(struct walk *w, int fd)
{
    char target[PATH_BYTES];
    ssize_t n = readlinkat(fd, "", target, sizeof target - 1);
    size_t rest = w->end - w->at;

    if (n <= 0)
        return n < 0 ? state_of(errno) : TREE_ODD;
    if (++w->links > LINKS_MAX || (size_t)n + 1 + rest > sizeof w->path)
        return TREE_ODD;
    memmove(w->path + n + 1, w->path + w->at, rest);
    memcpy(w->path, target, (size_t)n);
    w->path[n] = '/';
    w->at = 0;
    w->end = (size_t)n + 1 + rest;
    while (target[0] == '/' && w->n > 1)
        pop(w);
    return TREE_FOUND;
}

/* One name further down; links are followed unless it is the last name and `follow` is false. */
static enum tree_state step_into(struct walk *w, const char *name, bool follow)
{
    enum tree_state state;
    struct stat st;
    int fd;

    if (strcmp(name, ".") == 0)
        return TREE_FOUND;
    if (strcmp(name, "..") == 0) {
        pop(w);
        return TREE_FOUND;
    }
    fd = openat(w->dirs[w->n - 1], name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return state_of(errno);
    if (fstat(fd, &st) != 0) {
        close(fd);
        return TREE_ODD;
    }
    if (S_ISLNK(st.st_mode) && (follow || has_more(w))) {
        state = expand(w, fd);
        close(fd);
        return state;
    }
    if (w->n == DEPTH_MAX) {
        close(fd);
        return TREE_ODD;
    }
    w->dirs[w->n++] = fd;
    memcpy(w->last, name, strlen(name) + 1);
    return TREE_FOUND;
}

/* Walks to `path`; what it led to is dirs[n - 1]. Ends with walk_done(), whatever it returns. */
static enum tree_state walk_to(const struct tree *t, struct str path, bool follow, struct walk *w)
{
    enum tree_state state = TREE_FOUND;
    char name[NAME_BYTES];
    bool long_name;

    w->dirs[0] = t->fd;
    w->n = 1;
    w->last[0] = '\0';
    w->at = w->links = 0;
    w->end = path.n;
    if (t->fd < 0 || path.n > sizeof w->path || memchr(path.p, '\0', path.n))
        return TREE_ODD;
    memcpy(w->path, path.p, path.n);
    while (state == TREE_FOUND && take_name(w, name, &long_name))
        state = step_into(w, name, follow);
    return state == TREE_FOUND && long_name ? TREE_ODD : state;
}

/* Opens what the walk led to for reading; -1 with errno. Only for regular files and directories. */
static int open_last(const struct walk *w, mode_t mode)
{
    enum { FLAGS = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY };

    if (S_ISDIR(mode))
        return openat(w->dirs[w->n - 1], ".", FLAGS | O_DIRECTORY);
    return w->last[0] ? openat(w->dirs[w->n - 2], w->last, FLAGS) : -1;
}

/* Walks to `path`, links followed, and asks what is there. Ends with walk_done() as a walk does. */
static enum tree_state walk_and_ask(const struct tree *t, struct str path, struct walk *w,
                                    struct stat *st)
{
    enum tree_state state = walk_to(t, path, true, w);

    if (state == TREE_FOUND && fstat(w->dirs[w->n - 1], st) != 0)
        state = TREE_ODD;
    return state;
}

/* The kind of file that is wanted, opened; *fd is -1 unless TREE_FOUND. */
static enum tree_state open_kind(const struct tree *t, struct str path, mode_t kind, int *fd)
{
    enum tree_state state;
    struct stat st;
    struct walk w;

    *fd = -1;
    state = walk_and_ask(t, path, &w, &st);
    if (state == TREE_FOUND && (st.st_mode & S_IFMT) != kind)
        state = TREE_ODD;
    if (state == TREE_FOUND) {
        errno = EIO;
        *fd = open_last(&w, st.st_mode);
        if (*fd < 0)
            state = state_of(errno);
        else if (fstat(*fd, &st) != 0 || (st.st_mode & S_IFMT) != kind)
            state = TREE_ODD;
    }
    if (state != TREE_FOUND && *fd >= 0) {
        close(*fd);
        *fd = -1;
    }
    walk_done(&w);
    return state;
}

bool tree_open(struct tree *t, const char *root, struct err *err)
{
    t->fd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
    return t->fd >= 0 || fail_sys(err, errno, root, "cannot be opened as a root directory");
}

void tree_close(struct tree *t)
{
    if (t->fd >= 0)
        close(t->fd);
    t->fd = -1;
}

enum tree_state tree_look(const struct tree *t, struct str path, struct tree_info *info)
{
    enum tree_state state;
    struct stat st;
    struct walk w;

    state = walk_and_ask(t, path, &w, &st);
    if (state == TREE_FOUND) {
        *info = (struct tree_info){ .kind = S_ISREG(st.st_mode)   ? TREE_FILE
                                            : S_ISDIR(st.st_mode) ? TREE_DIRECTORY
                                                                  : TREE_OTHER,
                                    .bytes = S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0 };
        info->readable = info->kind == TREE_FILE && w.last[0] &&
                         faccessat(w.dirs[w.n - 2], w.last, R_OK, 0) == 0;
    }
    walk_done(&w);
    return state;
}

enum tree_state tree_link(const struct tree *t, struct str path, struct arena *a,
                          struct str *target)
{
    char text[PATH_BYTES];
    enum tree_state state;
    struct walk w;
    ssize_t n = -1;

    state = walk_to(t, path, false, &w);
    if (state == TREE_FOUND && w.last[0])
        n = readlinkat(w.dirs[w.n - 1], "", text, sizeof text);
    if (state == TREE_FOUND && n <= 0)
        state = TREE_ODD;
    if (state == TREE_FOUND)
        *target = arena_str(a, (struct str){ text, (size_t)n });
    walk_done(&w);
    return state;
}

enum tree_state tree_read(const struct tree *t, struct str path, struct arena *a, size_t max,
                          struct str *bytes, bool *whole)
{
    enum tree_state state;
    size_t n = 0, room = 4096;
    char *buf, *more;
    ssize_t got = 1;
    int fd;

    state = open_kind(t, path, S_IFREG, &fd);
    if (state != TREE_FOUND)
        return state;
    /* Files of /proc have no size, so the buffer grows as they give. */
    buf = arena_alloc(a, room + 1);
    while (buf && n <= max && (got = io_read(fd, buf + n, room - n)) > 0) {
        n += (size_t)got;
        if (n < room)
            continue;
        more = arena_alloc(a, 2 * room + 1);
        if (more)
            memcpy(more, buf, n);
        buf = more;
        room *= 2;
    }
    close(fd);
    if (!buf || got < 0)
        return TREE_ODD;
    if (whole)
        *whole = n <= max;
    *bytes = (struct str){ buf, n <= max ? n : max };
    return TREE_FOUND;
}

static int compare_names(const void *a, const void *b)
{
    const struct str *x = a, *y = b;

    return str_cmp(*x, *y);
}

enum tree_state tree_list(const struct tree *t, struct str path, struct arena *a,
                          struct tree_names *names)
{
    enum tree_state state;
    const struct dirent *entry;
    DIR *dir;
    int fd;

    *names = (struct tree_names){ 0 };
    state = open_kind(t, path, S_IFDIR, &fd);
    if (state != TREE_FOUND)
        return state;
    dir = fdopendir(fd);
    if (!dir) {
        close(fd);
        return TREE_ODD;
    }
    while (names->n < LIMIT_MACHINE_NAMES && (entry = readdir(dir))) {
        struct str *slot;

        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        slot = vec_push(a, names);
        if (!slot)
            break;
        *slot = arena_str(a, str_from(entry->d_name));
    }
    closedir(dir);
    if (names->n)
        qsort(names->p, names->n, sizeof *names->p, compare_names);
    return TREE_FOUND;
}

enum tree_state tree_space(const struct tree *t, struct str path, uint64_t *free_kib,
                           uint64_t *all_kib, bool *own)
{
    enum tree_state state;
    struct stat here, root;
    struct statvfs space;
    struct walk w;

    state = walk_to(t, path, true, &w);
    if (state == TREE_FOUND && (fstat(w.dirs[w.n - 1], &here) != 0 || fstat(t->fd, &root) != 0 ||
                                fstatvfs(w.dirs[w.n - 1], &space) != 0 || space.f_frsize < 512))
        state = TREE_ODD;
    if (state == TREE_FOUND) {
        *free_kib = (uint64_t)space.f_bavail * (space.f_frsize / 512) / 2;
        *all_kib = (uint64_t)space.f_blocks * (space.f_frsize / 512) / 2;
        *own = here.st_dev != root.st_dev;
    }
    walk_done(&w);
    return state;
}
