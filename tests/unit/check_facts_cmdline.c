/* SPDX-License-Identifier: Apache-2.0 */
/* The kernel command line is read as the kernel reads it. */
#include "tests/unit/fact_rows.h"

static const struct fact_row rows[] = {
    { "raw", ORIGIN_GUEST_KERNEL, "Kernel command line: root=/dev/sda2 ro", "cmdline.raw",
      "root=/dev/sda2 ro" },
    { "x86 form", ORIGIN_GUEST_KERNEL, "Command line: root=/dev/sda2 ro", "cmdline.root",
      "/dev/sda2" },
    { "later parameter wins", ORIGIN_GUEST_KERNEL,
      "Kernel command line: root=/dev/sda2 root=/dev/sdb1", "cmdline.root", "/dev/sdb1" },
    { "later line wins", ORIGIN_GUEST_KERNEL,
      "Command line: root=/dev/sda2\n"
      "Kernel command line: root=/dev/sdb1",
      "cmdline.root", "/dev/sdb1" },
    { "not given is unknown", ORIGIN_GUEST_KERNEL, "Kernel command line: ro", "cmdline.root",
      UNKNOWN },
    { "rootflags is not root", ORIGIN_GUEST_KERNEL, "Kernel command line: rootflags=x rootwait",
      "cmdline.root", UNKNOWN },
    { "value with an equals sign", ORIGIN_GUEST_KERNEL,
      "Kernel command line: root=PARTUUID=12ab-01 quiet", "cmdline.root", "PARTUUID=12ab-01" },
    { "quoted value", ORIGIN_GUEST_KERNEL, "Kernel command line: init=\"/sbin/my init\" quiet",
      "cmdline.init", "/sbin/my init" },
    { "quoted parameter", ORIGIN_GUEST_KERNEL, "Kernel command line: \"init=/sbin/my init\" quiet",
      "cmdline.init", "/sbin/my init" },
    { "rdinit", ORIGIN_GUEST_KERNEL, "Kernel command line: rdinit=/bin/sh", "cmdline.init",
      "/bin/sh" },
    { "consoles in order", ORIGIN_GUEST_KERNEL,
      "Kernel command line: console=tty0 console=ttyS0,115200", "cmdline.console",
      "tty0, ttyS0,115200" },
    { "no console is an empty list", ORIGIN_GUEST_KERNEL, "Kernel command line: ro",
      "cmdline.console", "" },
    { "quiet", ORIGIN_GUEST_KERNEL, "Kernel command line: ro quiet", "cmdline.quiet", "true" },
    { "not quiet", ORIGIN_GUEST_KERNEL, "Kernel command line: ro", "cmdline.quiet", "false" },
    { "loglevel", ORIGIN_GUEST_KERNEL, "Kernel command line: loglevel=3", "cmdline.quiet", "true" },
    { "loglevel behind quiet wins", ORIGIN_GUEST_KERNEL, "Kernel command line: quiet loglevel=7",
      "cmdline.quiet", "false" },
    { "quiet behind loglevel wins", ORIGIN_GUEST_KERNEL, "Kernel command line: loglevel=7 quiet",
      "cmdline.quiet", "true" },
    { "ignore_loglevel beats quiet", ORIGIN_GUEST_KERNEL,
      "Kernel command line: ignore-loglevel quiet", "cmdline.quiet", "false" },
    { "init parameters are not ours", ORIGIN_GUEST_KERNEL, "Kernel command line: ro -- quiet",
      "cmdline.quiet", "false" },
    { "panic", ORIGIN_GUEST_KERNEL, "Kernel command line: panic=-1", "cmdline.panic", "-1" },
    { "panic is no prefix", ORIGIN_GUEST_KERNEL, "Kernel command line: panic_on_oops=1",
      "cmdline.panic", UNKNOWN },
    { "open quote", ORIGIN_GUEST_KERNEL, "Kernel command line: root=\"/dev/sda2 ro quiet",
      "cmdline.root", "\"/dev/sda2 ro quiet" },
    { "user space does not speak for it", ORIGIN_GUEST_USER, "Kernel command line: root=/dev/sda2",
      "cmdline.root", UNKNOWN },
    { "torn", ORIGIN_GUEST_KERNEL, "Kernel command line: ", "cmdline.raw", "" },
};

START_TEST(reads)
{
    check_row(&rows[_i], false);
}
END_TEST

Suite *check_facts_cmdline(void)
{
    Suite *s = suite_create("facts_cmdline");
    TCase *t = tcase_create("facts_cmdline");

    tcase_add_loop_test(t, reads, 0, (int)(sizeof rows / sizeof rows[0]));
    suite_add_tcase(s, t);
    return s;
}
