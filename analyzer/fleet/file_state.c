/* SPDX-License-Identifier: Apache-2.0 */
/* Size, time and hash of files; see file_state.h. */
#include "analyzer/fleet/file_state.h"

#include "analyzer/core/clock.h"
#include "analyzer/core/io.h"
#include "analyzer/engine/sha256.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

struct file_state file_state_of(const struct stat *st)
{
    return (struct file_state){ .bytes = (uint64_t)st->st_size,
                                .mtime_us = (int64_t)st->st_mtim.tv_sec * 1000000 +
                                            st->st_mtim.tv_nsec / 1000 };
}

struct file_state file_state_now(struct str path)
{
    struct stat st;

    if (lstat(path.p, &st) != 0 || !S_ISREG(st.st_mode))
        return (struct file_state){ .mtime_us = TIME_UNKNOWN };
    return file_state_of(&st);
}

struct str file_sha256(struct str path, struct arena *arena)
{
    int fd = open(path.p, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    unsigned char digest[32];
    struct sha256 hash;
    char block[65536], hex[65];
    struct stat st;
    ssize_t n = -1;

    sha256_init(&hash);
    if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
        while ((n = io_read(fd, block, sizeof block)) > 0)
            sha256_add(&hash, (struct str){ .p = block, .n = (size_t)n });
    if (fd >= 0)
        close(fd);
    sha256_done(&hash, digest);
    return n == 0 ? arena_str(arena, sha256_hex(digest, sizeof digest, hex)) : (struct str){ 0 };
}
