/* SPDX-License-Identifier: Apache-2.0 */
/* read(2) and write(2) that go on after a signal and after a part of the bytes. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* read(2), and again when a signal came first. 0 at the end, -1 with errno. */
ssize_t io_read(int fd, void *bytes, size_t n);

/* Exactly `n` bytes. False with errno; an end that comes before them is EIO. */
bool io_read_all(int fd, void *bytes, size_t n);
bool io_pread_all(int fd, void *bytes, size_t n, off_t offset);

/* All `n` bytes. False with errno; a device that takes none is ENOSPC. */
bool io_write_all(int fd, const void *bytes, size_t n);
bool io_pwrite_all(int fd, const void *bytes, size_t n, off_t offset);
