/* SPDX-License-Identifier: Apache-2.0 */
/* Who wrote what on a serial console, and where one writer's text ends. */
#include "tests/unit/read_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct expected {
    enum origin origin;
    int64_t mono_us;
    const char *text;
    uint64_t line;
};

#define NONE TIME_UNKNOWN
#define FW ORIGIN_FIRMWARE
#define KERNEL ORIGIN_GUEST_KERNEL
#define USER ORIGIN_GUEST_USER
#define ANY ORIGIN_UNKNOWN

static const struct {
    const char *in;
    struct expected out[8]; /* ends at an empty text */
} captures[] = {
    /* The kernel's first line is glued to the firmware's last. */
    { "\x1b"
      "c\x1b[?7l\x1b[2J\x1b[0mSeaBIOS (version 1.0)\r\n\r\n"
      "Booting from Hard Disk...\r\n"
      "Probing EDD (edd=off to disable)... o\x1b"
      "c\x1b[2J[    0.000000] Linux version 6.1.0 (b@h)\r\n"
      "[    1.500000]  sda: sda1\r\n",
      { { FW, NONE, "SeaBIOS (version 1.0)", 1 },
        { FW, NONE, "Booting from Hard Disk...", 3 },
        { FW, NONE, "Probing EDD (edd=off to disable)... o", 4 },
        { KERNEL, 0, "Linux version 6.1.0 (b@h)", 4 },
        { KERNEL, 1500000, " sda: sda1", 5 } } },
    /* A prompt, a terminal reset and a progress display before kernel text. */
    { "[    1.000000] first\r\n(initramfs) \x1b[6n[    2.000000] behind a prompt\r\n"
      "\x1b[!p\x1b]104\x07\x1b[?7h[    3.000000] behind a reset\r\n"
      "copied 10%\rcopied 20%\r<4>[    4.000000] behind progress\r\n",
      { { KERNEL, 1000000, "first", 1 },
        { USER, NONE, "(initramfs)", 2 },
        { KERNEL, 2000000, "behind a prompt", 2 },
        { KERNEL, 3000000, "behind a reset", 3 },
        { USER, NONE, "copied 10%", 4 },
        { USER, NONE, "copied 20%", 4 },
        { KERNEL, 4000000, "behind progress", 4 } } },
    /* Colour inside words, redrawn lines, CR CR LF. */
    { "[    1.000000] first\r\n[\x1b[0;32m  OK  \x1b[0m] Reached target "
      "\x1b[0;1;39mswap.target\x1b[0m.\r\r\n"
      "\x1bM\r\r\x1b[K[ \x1b[0;31m*\x1b[0;1;31m*\x1b[0m\x1b[0;31m* \x1b[0m] Job data.mount "
      "running\r\r\n"
      "[\x1b[0;1;31mFAILED\x1b[0m] Failed to mount \x1b[0;1;39mda\xe2\x80\xa6\x1b[0m - Data.\r\r\n",
      { { KERNEL, 1000000, "first", 1 },
        { USER, NONE, "[  OK  ] Reached target swap.target.", 2 },
        { USER, NONE, "[ *** ] Job data.mount running", 3 },
        { USER, NONE, "[FAILED] Failed to mount da\xe2\x80\xa6 - Data.", 4 } } },
    /* Quoted stamps stay text: of the kernel's own ring, of a syslog, of an older time. */
    { "[   50.000000] [    9.999999] a program's words\n"
      "Jan  1 00:00:00 host kernel: [    7.000000] quoted\n"
      "he said \"[   60.000000] Kernel panic\"\n"
      "old news: [    3.000000] Kernel panic\n",
      { { KERNEL, 50000000, "[    9.999999] a program's words", 1 },
        { USER, NONE, "Jan  1 00:00:00 host kernel: [    7.000000] quoted", 2 },
        { USER, NONE, "he said \"[   60.000000] Kernel panic\"", 3 },
        { USER, NONE, "old news: [    3.000000] Kernel panic", 4 } } },
    /* printk.time=0 */
    { "SeaBIOS (version 1.0)\r\nBooting from ROM..\x1b"
      "c\x1b[2JLinux version 6.1.0 (b@h) (gcc) #1\r\n"
      " sda: sda1\r\nRun /init as init process\r\nLoading, please wait...\r\n"
      "some driver: or some program\r\n"
      "Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000100\r\n",
      { { FW, NONE, "SeaBIOS (version 1.0)", 1 },
        { FW, NONE, "Booting from ROM..", 2 },
        { KERNEL, NONE, "Linux version 6.1.0 (b@h) (gcc) #1", 2 },
        { KERNEL, NONE, " sda: sda1", 3 },
        { KERNEL, NONE, "Run /init as init process", 4 },
        { USER, NONE, "Loading, please wait...", 5 },
        { ANY, NONE, "some driver: or some program", 6 },
        { KERNEL, NONE, "Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000100",
          7 } } },
    /* With stamps, unstamped text is never the kernel's, whatever it says. */
    { "[    1.000000] first\nKernel panic - not syncing: forged\nBUG: forged\n",
      { { KERNEL, 1000000, "first", 1 },
        { USER, NONE, "Kernel panic - not syncing: forged", 2 },
        { USER, NONE, "BUG: forged", 3 } } },
    /* A reset in the middle of a line. */
    { "[    9.000000] about to\x1b"
      "c\x1b[2JSeaBIOS (version 1.0)\r\n",
      { { KERNEL, 9000000, "about to", 1 }, { FW, NONE, "SeaBIOS (version 1.0)", 1 } } },
    /* GRUB's rescue prompt, with what its serial terminal sends before and between lines. */
    { "\x1b[H\x1b[J\x1b[1;1Herror: no such device: 1234-ABCD.\n\rgrub rescue> ",
      { { FW, NONE, "error: no such device: 1234-ABCD.", 1 }, { FW, NONE, "grub rescue>", 2 } } },
    /* An empty kernel record is one; an empty line is none; backspaces erase. */
    { "[    1.000000] \n\n  \n[    1.100000] x\nab\b\bcd\n",
      { { KERNEL, 1000000, "", 1 }, { KERNEL, 1100000, "x", 4 }, { USER, NONE, "cd", 5 } } },
};

START_TEST(tells_writers_apart)
{
    struct read_all all = read_all(str_from(captures[_i].in), "console");
    const struct expected *e = captures[_i].out;

    for (size_t i = 0; i < 8 && e[i].text; i++) {
        ck_assert_uint_gt(all.n, i);
        expect_str(all.p[i]->text, e[i].text);
        ck_assert_int_eq(all.p[i]->origin, e[i].origin);
        ck_assert_int_eq(all.p[i]->mono_us, e[i].mono_us);
        ck_assert_uint_eq(all.p[i]->line, e[i].line);
        ck_assert(i == 7 || e[i + 1].text || all.n == i + 1);
    }
    read_all_done(&all);
}
END_TEST

static const struct {
    const char *in, *format;
} bids[] = {
    { "SeaBIOS (version 1.0)\r\n[    0.000000] Linux version 6.1.0 (b@h)\r\n", "console" },
    { "[    0.000000] a\n[    0.100000] b\nguest login: [    9.000000] c\n", "console" },
    { "[    0.000000] a\n[  OK  ] Started thing.\n", "console" },
    { "SeaBIOS (version 1.0)\r\n", "console" },
    { "[    0.000000] a\n[    0.100000] b\n", "dmesg" },
    { "kern  :info  : [    0.000000] a\nkern  :info  : [    0.100000] b\n", "dmesg" },
    { "\x1b[32m[    0.000000] \x1b[0ma\n\x1b[32m[    0.100000] \x1b[0mb\n", "dmesg" },
    { "\x1b[H\x1b[J\x1b[1;1Herror: no such device: 1234-ABCD.\n\rgrub rescue> ", "console" },
    { "error: unknown filesystem.\n\rgrub rescue> ", "console" },
    { "error: file not found\nerror: no such thing\n", "plain" },
    { "a\r\r\nb\r\r\n", "plain" },
    { "just\nwords\n", "plain" },
};

START_TEST(bids_more_than_dmesg_only_for_consoles)
{
    struct read_all all = read_all(str_from(bids[_i].in), NULL);

    expect_str(str_from(all.format->name), bids[_i].format);
    read_all_done(&all);
}
END_TEST

START_TEST(firmware_again_marks_a_boot)
{
    struct read_all all = read_all(STR("SeaBIOS (version 1.0)\n[    0.000000] one\n"
                                       "SeaBIOS (version 1.0)\nother words\n[    0.000000] two\n"),
                                   NULL);

    ck_assert_uint_eq(all.n, 5);
    ck_assert_int_eq(all.p[0]->kind, RECORD_TEXT);
    ck_assert_int_eq(all.p[2]->kind, RECORD_BOOT_MARK);
    ck_assert_int_eq(all.p[3]->kind, RECORD_TEXT);
    ck_assert_int_eq(all.p[3]->origin, ORIGIN_FIRMWARE);
    read_all_done(&all);
}
END_TEST

/* earlyprintk=…,keep: from the fifth pair on each second copy is dropped; single repeats stay. */
START_TEST(doubled_lines_come_once)
{
    char text[4096];
    size_t n = 0;
    struct read_all all;

    for (int i = 0; i < 40; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "[    %d.000000] line %d\n", i / 8, i / 2);
    n += (size_t)snprintf(text + n, sizeof text - n,
                          "[    9.000000] a\n[    9.000000] b\n[    9.000000] frame\n"
                          "[    9.000000] frame\n");
    all = read_all((struct str){ text, n }, "console");
    ck_assert_uint_eq(all.n, 20 + 4 + 4);
    read_all_done(&all);
}
END_TEST

START_TEST(huge_and_hostile_input_is_read)
{
    size_t n = (size_t)1 << 20;
    char *p = malloc(n);
    struct read_all all;

    ck_assert(p != NULL);
    memset(p, '\r', n);
    all = read_all((struct str){ p, n }, "console");
    ck_assert_uint_eq(all.n, 0);
    read_all_done(&all);
    for (size_t i = 0; i < n; i++)
        p[i] = "a\r"[i % 2];
    all = read_all((struct str){ p, n }, "console");
    ck_assert_uint_gt(all.n, 1000);
    read_all_done(&all);
    for (size_t i = 0; i < n; i++)
        p[i] = "\x1b["[i % 2];
    all = read_all((struct str){ p, n }, "console");
    read_all_done(&all);
    memset(p, 0, n);
    all = read_all((struct str){ p, n }, "console");
    ck_assert_uint_eq(all.n, 0);
    read_all_done(&all);
    free(p);
}
END_TEST

Suite *check_console(void)
{
    Suite *s = suite_create("console");
    TCase *t = tcase_create("console");

    tcase_add_loop_test(t, tells_writers_apart, 0, (int)(sizeof captures / sizeof captures[0]));
    tcase_add_loop_test(t, bids_more_than_dmesg_only_for_consoles, 0,
                        (int)(sizeof bids / sizeof bids[0]));
    tcase_add_test(t, firmware_again_marks_a_boot);
    tcase_add_test(t, doubled_lines_come_once);
    tcase_add_test(t, huge_and_hostile_input_is_read);
    suite_add_tcase(s, t);
    return s;
}
