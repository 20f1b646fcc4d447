/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The file of a history before SQLite sees it; see history_file.h.
 *
 * SQLite would take part in any database that it is given: recover it, checkpoint it, write beside
 * it. So the header is read first, by us. It is the first hundred bytes of the file
 * (sqlite.org/fileformat2.html, "The Database Header"): a magic, and at 68 the application's id. A
 * new history is made under another name and then renamed: the header is ours from the moment on
 * that the file has its name, whenever its maker is killed.
 */
#include "analyzer/fleet/history_file.h"

#include "analyzer/fleet/history.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

enum { HEADER_BYTES = 100, APPLICATION_ID_AT = 68 };

/* linux/magic.h has most of them; FUSE may be anything, sshfs and virtiofs among it. */
const char *history_shared_fs(unsigned long magic)
{
    static const struct {
        unsigned long magic;
        const char *name;
    } shared[] = {
        { 0x6969, "NFS" },        { 0x517b, "SMB" },        { 0xfe534d42, "SMB" },
        { 0xff534d42, "CIFS" },   { 0x65735546, "FUSE" },   { 0x01021997, "9p" },
        { 0x00c36400, "Ceph" },   { 0x5346414f, "AFS" },    { 0x6b414653, "AFS" },
        { 0x0bd00bd0, "Lustre" }, { 0x47504653, "GPFS" },   { 0x01161970, "GFS2" },
        { 0x7461636f, "OCFS2" },  { 0x73757245, "Coda" },   { 0x564c, "NCP" },
        { 0xbacbacbc, "vmhgfs" }, { 0x19830326, "BeeGFS" }, { 0xaad7aaea, "PanFS" },
        { 0x786f4256, "vboxsf" },
    };

    for (size_t i = 0; i < sizeof shared / sizeof shared[0]; i++)
        if (shared[i].magic == (magic & 0xffffffff))
            return shared[i].name;
    return NULL;
}

static bool check_directory(const char *path, const char *directory, struct err *err)
{
    struct statfs fs;
    struct stat st;
    const char *shared;

    if (statfs(directory, &fs) != 0 || stat(directory, &st) != 0)
        return fail_sys(err, errno, path, "cannot look at its directory");
    shared = history_shared_fs((unsigned long)fs.f_type);
    if (shared)
        return fail_at(err, FAIL_SUPPORT, path, 0, 0,
                       "it would lie on a network or shared file system (%s), where processes "
                       "cannot agree who writes; keep it on a local disk",
                       shared);
    if ((st.st_mode & S_IWOTH) && !(st.st_mode & S_ISVTX))
        return fail_at(err, FAIL_USAGE, path, 0, 0,
                       "everybody may replace files in its directory; keep it in one of your own");
    return true;
}

static bool check_header(const char *path, int fd, struct err *err)
{
    static const char magic[16] = "SQLite format 3";
    unsigned char head[HEADER_BYTES];
    ssize_t n = read(fd, head, sizeof head);
    const unsigned char *id = head + APPLICATION_ID_AT;

    if (n < 0)
        return fail_sys(err, errno, path, "cannot read it");
    if (n == 0)
        return fail_at(err, FAIL_FORMAT, path, 0, 0,
                       "it is empty, not a history; remove it, and a new one is made");
    if (n < HEADER_BYTES || memcmp(head, magic, sizeof magic) != 0)
        return fail_at(err, FAIL_FORMAT, path, 0, 0,
                       "it is no history of lastwords; it stays as "
                       "it is");
    if (((uint32_t)id[0] << 24 | (uint32_t)id[1] << 16 | (uint32_t)id[2] << 8 | id[3]) !=
        HISTORY_APPLICATION_ID)
        return fail_at(err, FAIL_FORMAT, path, 0, 0,
                       "it is a database of another program; it stays as it is");
    return true;
}

/* *exists stays false when there is none. */
static bool check_file(const char *path, const char *resolved, bool *exists, struct err *err)
{
    struct stat st;
    int fd = open(resolved, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    bool ok;

    if (fd < 0 && errno == ENOENT)
        return true;
    if (fd < 0 && errno == ELOOP)
        return fail_at(err, FAIL_USAGE, path, 0, 0, "it is a symbolic link; name the file itself");
    if (fd < 0)
        return fail_sys(err, errno, path, "cannot open it");
    ok = fstat(fd, &st) == 0;
    if (!ok)
        fail_sys(err, errno, path, "cannot look at it");
    else if (!(ok = S_ISREG(st.st_mode)))
        fail_at(err, FAIL_USAGE, path, 0, 0, "it is not a file");
    else if (!(ok = !(st.st_mode & S_IWOTH)))
        fail_at(err, FAIL_USAGE, path, 0, 0, "everybody may write to it; chmod o-w");
    else
        ok = check_header(path, fd, err);
    close(fd);
    if (ok)
        *exists = true;
    return ok;
}

bool history_file_check(const char *path, char resolved[HISTORY_PATH], bool *exists,
                        struct err *err)
{
    char directory[HISTORY_PATH], real[PATH_MAX];
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    size_t n = slash == path ? 1 : slash ? (size_t)(slash - path) : 0;

    *exists = false;
    if (!*name || strlen(path) >= sizeof directory)
        return fail_at(err, FAIL_USAGE, path, 0, 0, "is no name of a file");
    memcpy(directory, n ? path : ".", n ? n : 1);
    directory[n ? n : 1] = '\0';
    if (!realpath(directory, real))
        return fail_sys(err, errno, path, "cannot find its directory");
    if (snprintf(resolved, HISTORY_PATH, "%s/%s", strcmp(real, "/") ? real : "", name) >=
        HISTORY_PATH)
        return fail_at(err, FAIL_USAGE, path, 0, 0, "the name is too long");
    return check_directory(path, real, err) && check_file(path, resolved, exists, err);
}

/* The rename is on the disk when the directory is. Some file systems cannot: nothing to do. */
static void sync_directory(const char *resolved)
{
    char directory[HISTORY_PATH];
    int fd;

    snprintf(directory, sizeof directory, "%s", resolved);
    *strrchr(directory, '/') = '\0';
    fd = open(directory[0] ? directory : "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    fsync(fd);
    close(fd);
}

bool history_file_create(const char *resolved, bool (*fill)(const char *path, struct err *err),
                         struct err *err)
{
    char temp[HISTORY_PATH + 16];
    bool ok;
    int fd;

    snprintf(temp, sizeof temp, "%s.XXXXXX", resolved);
    fd = mkostemp(temp, O_CLOEXEC); /* 0600 */
    if (fd < 0)
        return fail_sys(err, errno, resolved, "cannot make it");
    close(fd);
    ok = fill(temp, err);
    if (!ok && err) /* nobody has named that one */
        snprintf(err->file, sizeof err->file, "%s", resolved);
    if (ok && renameat2(AT_FDCWD, temp, AT_FDCWD, resolved, RENAME_NOREPLACE) == 0) {
        sync_directory(resolved);
        return true;
    }
    if (ok && errno != EEXIST)
        ok = fail_sys(err, errno, resolved, "cannot put it in its place");
    unlink(temp);
    return ok;
}
