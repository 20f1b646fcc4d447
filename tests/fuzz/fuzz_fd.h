/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a file without a name, for harnesses of what reads descriptors. */
#pragma once

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

/* At its start; -1: the system has none to give. */
static inline int fuzz_fd(const void *data, size_t size)
{
    int fd = memfd_create("fuzz", MFD_CLOEXEC);

    if (fd >= 0 && (write(fd, data, size) != (ssize_t)size || lseek(fd, 0, SEEK_SET) != 0)) {
        close(fd);
        fd = -1;
    }
    return fd;
}
