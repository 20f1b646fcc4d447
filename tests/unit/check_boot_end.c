/* SPDX-License-Identifier: Apache-2.0 */
/* How a boot ended, by its own last words and by what the boot behind it found. */
#include "analyzer/evidence/boot.h"

#include <check.h>

#define ID_ONE "11111111111111111111111111111111"
#define ID_TWO "22222222222222222222222222222222"

/* Each line is a record: 'k' the kernel's, 'u' a program's, ten seconds later for each '+'. */
struct row {
    const char *name, *first, *second;
    enum ended_by ended;
    bool told; /* the second boot says something of the first one's end */
};

static const struct row rows[] = {
    { "nothing said", "uwork", "kLinux version 6.1.0", ENDED_POWER_LOSS, false },
    { "orderly", "uReached target poweroff.target - System Power Off.\nuJournal stopped",
      "kLinux version 6.1.0", ENDED_POWEROFF, false },
    { "reboot", "uSystem is rebooting.\nuReached target shutdown.target - x\nuJournal stopped",
      "kLinux version 6.1.0", ENDED_REBOOT, false },
    { "kexec", "uReached target shutdown.target - x\nkkexec_core: Starting new kernel",
      "kLinux version 6.1.0", ENDED_REBOOT, false },
    { "kexec by its target", "uReached target kexec.target - Reboot via kexec.\nuJournal stopped",
      "kLinux version 6.1.0", ENDED_REBOOT, false },
    { "the initrd's journal stops, too", "uJournal stopped\nuJournal started\nuwork",
      "kLinux version 6.1.0", ENDED_POWER_LOSS, false },
    { "and then the real one", "uJournal stopped\nuJournal started\nuwork\nuJournal stopped",
      "kLinux version 6.1.0", ENDED_POWEROFF, false },
    { "a soft-reboot goes on",
      "uReached target shutdown.target - x\nuJournal stopped\nuJournal started\nuwork",
      "kLinux version 6.1.0", ENDED_POWER_LOSS, false },
    { "a panic", "kKernel panic - not syncing: made", "kLinux version 6.1.0", ENDED_PANIC, false },
    { "a journal that was not closed", "uwork",
      "uFile /var/log/journal/x/system.journal corrupted or uncleanly shut down, renaming and "
      "replacing.",
      ENDED_POWER_LOSS, true },
    { "a file system that was not closed", "uwork", "kEXT4-fs (sda2): recovery complete",
      ENDED_POWER_LOSS, true },
    { "a watchdog, by a register", "uwork",
      "kEXT4-fs (sda2): recovery complete\n"
      "kx86/amd: Previous system reset reason [0x02000800]: hardware watchdog timer expired",
      ENDED_WATCHDOG, true },
    { "a watchdog, by its driver", "uwork", "kpcwd: Previous reboot was caused by the card",
      ENDED_WATCHDOG, true },
    { "a watchdog that nobody feeds", "uwork\nkwatchdog: watchdog0: watchdog did not stop!",
      "kLinux version 6.1.0", ENDED_WATCHDOG, false },
    { "long ago",
      "kwatchdog: watchdog0: watchdog did not stop!\n++++++++++++++++++++++++uwork\nkwork",
      "kLinux version 6.1.0", ENDED_POWER_LOSS, false },
    { "on the way down", "kwatchdog: watchdog0: watchdog did not stop!\nkreboot: Restarting system",
      "kLinux version 6.1.0", ENDED_REBOOT, false },
    { "reset button", "uwork",
      "kx86/amd: Previous system reset reason [0x00010800]: system reset pin BP_SYS_RST_L was "
      "tripped",
      ENDED_RESET, true },
    { "the firmware kept the panic", "uwork",
      "uPStore dmesg-efi-179000000001 moved to /var/lib/systemd/pstore/1790/001/dmesg.txt",
      ENDED_PANIC, true },
    { "an orderly end is not undone", "uReached target poweroff.target - x\nuJournal stopped",
      "kEXT4-fs (sda2): recovery complete", ENDED_POWEROFF, false },
    { "an oops is not, either", "kOops: 0002 [#1] SMP",
      "kx86/amd: Previous system reset reason [0x02000800]: hardware watchdog timer expired",
      ENDED_OOPS, true },
    { "a program is not the kernel", "uwork",
      "ux86/amd: Previous system reset reason [0x02000800]: hardware watchdog timer expired",
      ENDED_POWER_LOSS, false },
    { "nor its panic", "uKernel panic - not syncing: made", "kLinux version 6.1.0",
      ENDED_POWER_LOSS, false },
};

struct fixture {
    struct arena arena;
    struct notes notes;
    struct boots *boots;
    uint64_t line;
    int64_t mono_us;
};

static void set_up(struct fixture *f)
{
    *f = (struct fixture){ 0 };
    f->notes.arena = &f->arena;
    f->boots = boots_new(&f->notes);
    boots_begin_input(f->boots, 0, STR("journal"));
}

static void tear_down(struct fixture *f)
{
    boots_free(f->boots);
    arena_done(&f->arena);
}

static void add(struct fixture *f, const char *boot, const char *machine, struct str text)
{
    struct record r;

    record_init(&r);
    while (str_take_char(&text, '+'))
        f->mono_us += 10000000;
    r.origin = str_take_char(&text, 'k') ? ORIGIN_GUEST_KERNEL : ORIGIN_GUEST_USER;
    str_take_char(&text, 'u');
    r.mono_us = f->mono_us += 1000;
    r.wall_us = 1790000000000000 + (int64_t)f->line * 1000000;
    r.text = text;
    r.boot_id = str_from(boot);
    r.machine_id = str_from(machine);
    r.line = ++f->line;
    boots_add(f->boots, &r);
}

static void add_lines(struct fixture *f, const char *boot, const char *lines)
{
    struct str text = str_from(lines), line;

    f->mono_us = 0;
    while (str_take_line(&text, &line))
        add(f, boot, "", line);
}

START_TEST(ends)
{
    const struct row *row = &rows[_i];
    const struct boot *b;
    struct fixture f;

    set_up(&f);
    add_lines(&f, ID_ONE, row->first);
    add_lines(&f, ID_TWO, row->second);
    /* Twice: it may be asked for at any time. */
    boots_settle(f.boots);
    boots_settle(f.boots);
    ck_assert_uint_eq(boots_count(f.boots), 2);
    b = boots_at(f.boots, 0);
    ck_assert_msg(b->ended_by == row->ended, "%s: %.*s", row->name,
                  STR_ARG(ended_name(b->ended_by)));
    ck_assert_msg((b->aftermath != NULL) == row->told, "%s", row->name);
    tear_down(&f);
}
END_TEST

/* Two machines in one file, as systemd-journal-remote writes it: boots follow those of their own.
 */
START_TEST(machines_are_kept_apart)
{
    static const char one[] = "0000000000000000000000000000000a";
    static const char two[] = "0000000000000000000000000000000b";
    struct fixture f;

    set_up(&f);
    add(&f, "a1", one, STR("uwork"));
    add(&f, "b1", two, STR("uwork"));
    add(&f, "a1", one, STR("uwork"));
    add(&f, "a2", one, STR("kEXT4-fs (sda2): recovery complete"));
    add(&f, "b1", two, STR("uwork"));
    boots_settle(f.boots);
    ck_assert_uint_eq(boots_count(f.boots), 3);
    ck_assert(str_eq(boots_at(f.boots, 0)->id, STR("a1")));
    ck_assert(str_eq(boots_at(f.boots, 1)->id, STR("a2")));
    ck_assert(str_eq(boots_at(f.boots, 2)->id, STR("b1")));
    ck_assert(str_eq(boots_at(f.boots, 2)->machine_id, str_from(two)));
    ck_assert_int_eq(boots_at(f.boots, 0)->ended_by, ENDED_POWER_LOSS);
    ck_assert_ptr_nonnull(boots_at(f.boots, 0)->aftermath);
    ck_assert_int_eq(boots_at(f.boots, 1)->ended_by, ENDED_END_OF_LOG);
    ck_assert_int_eq(boots_at(f.boots, 2)->ended_by, ENDED_END_OF_LOG);
    tear_down(&f);
}
END_TEST

Suite *check_boot_end(void)
{
    Suite *s = suite_create("boot_end");
    TCase *t = tcase_create("boot_end");

    tcase_add_loop_test(t, ends, 0, (int)(sizeof rows / sizeof rows[0]));
    tcase_add_test(t, machines_are_kept_apart);
    suite_add_tcase(s, t);
    return s;
}
