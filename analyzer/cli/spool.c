/* SPDX-License-Identifier: Apache-2.0 */
/* A pipe into a memfd; see spool.h. Done before the sandbox closes. */
#include "analyzer/cli/spool.h"

#include "analyzer/core/io.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static bool copy(int from, int to, const char *name, struct err *err)
{
    char buf[16384];
    uint64_t total = 0;

    for (;;) {
        ssize_t got = io_read(from, buf, sizeof buf);

        if (got == 0)
            return true;
        if (got < 0)
            return fail_sys(err, errno, name, "cannot read");
        total += (uint64_t)got;
        if (total > SPOOL_BYTES)
            return fail_at(err, FAIL_LIMIT, name, 0, 0,
                           "more than 64 MiB cannot be read twice (name a file, or use -b all)");
        if (!io_write_all(to, buf, (size_t)got))
            return fail_sys(err, errno, name, "cannot keep");
    }
}

int spool(int fd, const char *name, struct err *err)
{
    struct stat st;
    int memory;

    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && lseek(fd, 0, SEEK_SET) == 0)
        return fd;
    memory = memfd_create("lastwords", MFD_CLOEXEC);
    if (memory < 0) {
        fail_sys(err, errno, name, "cannot keep");
        return -1;
    }
    if (!copy(fd, memory, name, err) || lseek(memory, 0, SEEK_SET) != 0) {
        close(memory);
        return -1;
    }
    return memory;
}
