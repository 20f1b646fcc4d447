/* SPDX-License-Identifier: Apache-2.0 */
/* Standard output, or a file by temporary name and rename; see output.h. */
#include "analyzer/cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_regular(int fd)
{
    struct stat st;

    return fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

/* Opens the directory of `path`; *name is the rest. */
static int open_directory(const char *path, const char **name)
{
    const char *slash = strrchr(path, '/');
    size_t n = slash ? (size_t)(slash - path) + (slash == path) : 1; /* "/" of "/file" */
    char dir[PATH_MAX];

    *name = slash ? slash + 1 : path;
    if (n >= sizeof dir) {
        errno = ENAMETOOLONG;
        return -1;
    }
    snprintf(dir, sizeof dir, "%.*s", (int)n, slash ? path : ".");
    return open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/*
 * A directory that everybody may write to without the sticky bit lets others swap our file. The
 * mode of a file that is there already stays; a new one is the owner's alone.
 */
static bool open_temp(struct output *o, const char *path, mode_t mode, struct err *err)
{
    struct stat st;

    o->dir = open_directory(path, &o->name);
    if (o->dir < 0)
        return fail_sys(err, errno, path, "cannot open its directory");
    if (fstat(o->dir, &st) == 0 && (st.st_mode & S_IWOTH) && !(st.st_mode & S_ISVTX))
        return fail_at(err, FAIL_USAGE, path, 0, 0,
                       "everybody may write to its directory (chmod o-w it, or choose another)");
    if (o->name[0] == '\0')
        return fail_at(err, FAIL_USAGE, path, 0, 0, "is a directory (name a file in it)");
    if (!temp_file_open(&o->temp, o->dir, path, err))
        return false;
    o->fd = o->temp.fd;
    if (mode)
        fchmod(o->fd, mode);
    return true;
}

/*
 * A name of one of our own descriptors: "/dev/stdout" is a link to what may be a regular file, and
 * a rename would put ours in the place of the link, in /dev. -1: none.
 */
static int own_descriptor(const char *path)
{
    static const struct {
        const char *name;
        int fd;
    } names[] = { { "-", 1 }, { "/dev/stdout", 1 }, { "/dev/stderr", 2 } };
    static const char *const directories[] = { "/dev/fd/", "/proc/self/fd/" };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(path, names[i].name) == 0)
            return names[i].fd;
    for (size_t i = 0; i < sizeof directories / sizeof directories[0]; i++) {
        struct str rest = str_from(path);
        uint64_t fd;

        if (str_take(&rest, str_from(directories[i])) && str_take_u64(&rest, &fd) && !rest.n &&
            fd <= INT_MAX)
            return (int)fd;
    }
    return -1;
}

static bool open_path(struct output *o, const char *path, struct err *err)
{
    int own = own_descriptor(path);
    struct stat st;

    if (own >= 0) {
        o->fd = fcntl(own, F_DUPFD_CLOEXEC, 3);
        return o->fd >= 0 || fail_sys(err, errno, path, "cannot open for writing");
    }
    if (stat(path, &st) != 0)
        return open_temp(o, path, 0, err);
    if (S_ISDIR(st.st_mode))
        return fail_at(err, FAIL_USAGE, path, 0, 0, "is a directory (name a file in it)");
    if (S_ISREG(st.st_mode))
        return open_temp(o, path, st.st_mode & 07777, err);
    /* A terminal, a pipe, /dev/null: nothing to rename. */
    o->fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    return o->fd >= 0 || fail_sys(err, errno, path, "cannot open for writing");
}

bool output_open(struct output *o, const char *path, struct err *err)
{
    *o = (struct output){ .fd = 1, .dir = -1 };
    if (path) {
        o->fd = -1;
        if (!open_path(o, path, err)) {
            output_abandon(o);
            return false;
        }
    }
    o->is_file = is_regular(o->fd) || is_regular(2);
    o->out = out_new(o->fd);
    if (!o->out) {
        output_abandon(o);
        return fail(err, FAIL_LIMIT, "out of memory");
    }
    return true;
}

void output_abandon(struct output *o)
{
    if (o->dir >= 0 && o->fd >= 0)
        temp_file_close(&o->temp);
    else if (o->fd > 2)
        close(o->fd);
    if (o->dir >= 0)
        close(o->dir);
    out_free(o->out);
    *o = (struct output){ .fd = -1, .dir = -1 };
}

bool output_close(struct output *o, struct err *err)
{
    bool ok = out_flush(o->out, err);

    if (ok && o->dir >= 0)
        ok = temp_file_rename(&o->temp, o->name, err);
    output_abandon(o);
    return ok;
}
