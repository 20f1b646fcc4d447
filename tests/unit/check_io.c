/* SPDX-License-Identifier: Apache-2.0 */
/* Whole reads and writes over pipes and files. */
#include "analyzer/core/io.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

START_TEST(a_pipe_gives_its_bytes_in_parts)
{
    char got[6] = "";
    int fds[2];

    ck_assert_int_eq(pipe(fds), 0);
    ck_assert(io_write_all(fds[1], "abc", 3) && io_write_all(fds[1], "def", 3));
    ck_assert(io_read_all(fds[0], got, 2) && io_read_all(fds[0], got + 2, 4));
    ck_assert_mem_eq(got, "abcdef", 6);
    ck_assert(io_write_all(fds[1], "xy", 2));
    close(fds[1]);
    ck_assert_int_eq(io_read(fds[0], got, sizeof got), 2);
    ck_assert_int_eq(io_read(fds[0], got, sizeof got), 0);
    close(fds[0]);
}
END_TEST

START_TEST(an_end_before_the_last_byte_is_an_error)
{
    char got[8];
    int fd = memfd_create("io", MFD_CLOEXEC);

    ck_assert(io_pwrite_all(fd, "abcdef", 6, 10));
    ck_assert(io_pread_all(fd, got, 6, 10));
    ck_assert_mem_eq(got, "abcdef", 6);
    errno = 0;
    ck_assert(!io_pread_all(fd, got, 7, 10));
    ck_assert_int_eq(errno, EIO);
    errno = 0;
    ck_assert_int_eq(lseek(fd, 12, SEEK_SET), 12);
    ck_assert(!io_read_all(fd, got, 5));
    ck_assert_int_eq(errno, EIO);
    close(fd);
    errno = 0;
    ck_assert(!io_read_all(fd, got, 1));
    ck_assert_int_eq(errno, EBADF);
    ck_assert_int_eq(io_read(fd, got, 1), -1);
}
END_TEST

START_TEST(a_full_device_is_an_error)
{
    int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);

    if (fd < 0)
        return;
    errno = 0;
    ck_assert(!io_write_all(fd, "x", 1));
    ck_assert_int_eq(errno, ENOSPC);
    ck_assert(io_write_all(fd, "", 0));
    close(fd);
}
END_TEST

Suite *check_io(void)
{
    Suite *suite = suite_create("io");
    TCase *tcase = tcase_create("io");

    tcase_add_test(tcase, a_pipe_gives_its_bytes_in_parts);
    tcase_add_test(tcase, an_end_before_the_last_byte_is_an_error);
    tcase_add_test(tcase, a_full_device_is_an_error);
    suite_add_tcase(suite, tcase);
    return suite;
}
