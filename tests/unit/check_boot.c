/* SPDX-License-Identifier: Apache-2.0 */
/* Where boots begin and end, and that a ring buffer dumped again is no second boot. */
#include "analyzer/core/limits.h"
#include "analyzer/evidence/boot.h"

#include <check.h>
#include <stdio.h>

struct fixture {
    struct arena arena;
    struct notes notes;
    struct boots *boots;
    uint64_t line;
};

static void set_up(struct fixture *f, const char *format)
{
    *f = (struct fixture){ 0 };
    f->notes.arena = &f->arena;
    f->boots = boots_new(&f->notes);
    boots_begin_input(f->boots, 0, str_from(format));
}

static void tear_down(struct fixture *f)
{
    boots_free(f->boots);
    arena_done(&f->arena);
}

static struct boot_place add(struct fixture *f, enum origin origin, int64_t mono_us,
                             const char *text)
{
    struct record r;

    record_init(&r);
    r.origin = origin;
    r.mono_us = mono_us;
    r.text = str_from(text);
    r.line = ++f->line;
    return boots_add(f->boots, &r);
}

static struct boot_place kernel(struct fixture *f, int64_t mono_us, const char *text)
{
    return add(f, ORIGIN_GUEST_KERNEL, mono_us, text);
}

static struct boot_place host(struct fixture *f, const char *text)
{
    return add(f, ORIGIN_HOST, TIME_UNKNOWN, text);
}

static void dump(struct fixture *f, int64_t late_us, unsigned n)
{
    static const char *const texts[] = { "alpha",   "beta", "gamma", "delta",
                                         "epsilon", "zeta", "eta",   "theta" };

    kernel(f, 0, "Linux version 6.1.9 (a@b) #1 SMP");
    kernel(f, 0, "Command line: root=/dev/sda2");
    for (unsigned i = 0; i < n; i++)
        kernel(f, late_us + 1000 * (int64_t)i, texts[i % 8]);
}

START_TEST(a_dump_repeated_is_one_boot)
{
    struct fixture f;

    set_up(&f, "vmware-log");
    dump(&f, 500000, 20);
    kernel(&f, 600000, "Oops: 0002 [#1] SMP");
    dump(&f, 500000, 20);
    kernel(&f, 600000, "Oops: 0002 [#1] SMP");
    kernel(&f, 700000, "Kernel panic - not syncing: Fatal exception");
    boots_settle(f.boots);
    ck_assert_uint_eq(boots_count(f.boots), 1);
    ck_assert_uint_eq(boots_at(f.boots, 0)->merged_dumps, 1);
    ck_assert_int_eq(boots_at(f.boots, 0)->ended_by, ENDED_PANIC);
    ck_assert_uint_eq(boots_at(f.boots, 0)->n_records, 24);
    tear_down(&f);
}
END_TEST

/* The dump starts again at zero while the boot is minutes old: that is one fall, not many. */
START_TEST(each_dump_is_counted_once)
{
    struct fixture f;

    set_up(&f, "vmware-log");
    for (unsigned copy = 0; copy < 3; copy++) {
        dump(&f, 500000, 30);
        kernel(&f, 300000000, "Oops: 0002 [#1] SMP");
    }
    boots_settle(f.boots);
    ck_assert_uint_eq(boots_count(f.boots), 1);
    ck_assert_uint_eq(boots_at(f.boots, 0)->merged_dumps, 2);
    tear_down(&f);
}
END_TEST

START_TEST(a_reboot_of_the_same_kernel_is_another_boot)
{
    struct fixture f;

    set_up(&f, "console");
    dump(&f, 500000, 20);
    dump(&f, 500007, 20);
    boots_settle(f.boots);
    ck_assert_uint_eq(boots_count(f.boots), 2);
    ck_assert_int_eq(boots_at(f.boots, 0)->ended_by, ENDED_POWER_LOSS);
    ck_assert_int_eq(boots_at(f.boots, 1)->ended_by, ENDED_END_OF_LOG);
    tear_down(&f);
}
END_TEST

START_TEST(equal_stamps_of_another_kernel_are_another_boot)
{
    struct fixture f;

    set_up(&f, "vmware-log");
    dump(&f, 500000, 20);
    kernel(&f, 0, "Linux version 6.1.10 (a@b) #1 SMP");
    for (unsigned i = 0; i < 20; i++) {
        static const char *const texts[] = { "alpha", "beta", "gamma", "delta", "epsilon", "zeta" };

        kernel(&f, 500000 + 1000 * (int64_t)i, texts[i % 6]);
    }
    boots_settle(f.boots);
    ck_assert_uint_eq(boots_count(f.boots), 2);
    tear_down(&f);
}
END_TEST

START_TEST(what_a_repeated_dump_has_more_is_replayed)
{
    struct fixture f;
    struct boot_place place = { 0 };
    size_t replayed = 0;

    set_up(&f, "vmware-log");
    dump(&f, 500000, 8);
    kernel(&f, 0, "Linux version 6.1.9 (a@b) #1 SMP");
    kernel(&f, 499000, "was cut in the first dump");
    for (unsigned i = 0; i < 8 && !place.dissolved; i++) {
        static const char *const texts[] = { "alpha", "beta", "gamma", "delta", "epsilon", "zeta" };

        place = kernel(&f, 500000 + 1000 * (int64_t)i, texts[i]);
        replayed = place.n_replay;
    }
    ck_assert_ptr_nonnull(place.dissolved);
    ck_assert_uint_eq(replayed, 1);
    ck_assert(str_eq(place.replay[0]->text, STR("was cut in the first dump")));
    tear_down(&f);
}
END_TEST

START_TEST(host_lines_and_dump_are_one_boot)
{
    struct fixture f;

    set_up(&f, "vmware-log");
    host(&f, "Log for VMware ESX pid=1 version=7.0.3 build=build-1 option=Release");
    host(&f, "CPU reset: hard (mode Emulation)");
    host(&f, "CPU reset: soft (mode Emulation)");
    dump(&f, 500000, 8);
    kernel(&f, 700000, "Kernel panic - not syncing: VFS: Unable to mount root fs");
    host(&f, "MsgHint: msg.monitorevent.halt");
    host(&f, "CPU reset: hard (mode Emulation)");
    host(&f, "VMX exit (0).");
    boots_settle(f.boots);
    ck_assert_uint_eq(boots_count(f.boots), 2);
    ck_assert_int_eq(boots_at(f.boots, 0)->ended_by, ENDED_PANIC);
    ck_assert_int_eq(boots_at(f.boots, 0)->tail_complete, TRI_YES);
    ck_assert_int_eq(boots_at(f.boots, 0)->head_complete, TRI_YES);
    ck_assert_int_eq(boots_at(f.boots, 1)->head_complete, TRI_UNKNOWN);
    tear_down(&f);
}
END_TEST

START_TEST(a_guest_cannot_forge_a_boot_or_an_end)
{
    struct fixture f;

    set_up(&f, "vmware-log");
    dump(&f, 500000, 4);
    add(&f, ORIGIN_GUEST_USER, 600000, "Kernel panic - not syncing: only a program");
    add(&f, ORIGIN_GUEST_USER, 600001, "Linux version 9.9 (fake)");
    kernel(&f, 600002, "prog[7]: I read: Kernel panic - not syncing: it said");
    add(&f, ORIGIN_GUEST_USER, TIME_UNKNOWN, "CPU reset: hard");
    boots_settle(f.boots);
    ck_assert_uint_eq(boots_count(f.boots), 1);
    ck_assert_int_eq(boots_at(f.boots, 0)->ended_by, ENDED_END_OF_LOG);
    tear_down(&f);
}
END_TEST

START_TEST(two_inputs_of_one_boot_are_joined)
{
    struct fixture f;

    set_up(&f, "console");
    dump(&f, 500000, 12);
    boots_begin_input(f.boots, 1, STR("dmesg"));
    dump(&f, 500000, 12);
    boots_settle(f.boots);
    ck_assert_uint_eq(boots_count(f.boots), 1);
    tear_down(&f);
}
END_TEST

START_TEST(boot_ids_decide_where_there_are_any)
{
    struct fixture f;
    struct record r;

    set_up(&f, "journal-json");
    for (unsigned i = 0; i < 6; i++) {
        record_init(&r);
        r.origin = ORIGIN_GUEST_USER;
        r.boot_id = i % 2 ? STR("11111111111111111111111111111111")
                          : STR("22222222222222222222222222222222");
        r.text = STR("Started something.");
        boots_add(f.boots, &r);
    }
    boots_settle(f.boots);
    ck_assert_uint_eq(boots_count(f.boots), 2);
    ck_assert_uint_eq(boots_at(f.boots, 0)->n_records, 3);
    tear_down(&f);
}
END_TEST

/* A log that breaks off inside an oops ends in it; one that goes on, or only warns, does not. */
static const struct {
    const char *text;
    unsigned lines_behind;
    enum ended_by ended;
} oopses[] = {
    { "Oops: 0002 [#1] PREEMPT SMP PTI", 5, ENDED_OOPS },
    { "Oops: Oops: 0000 [#1] SMP", 0, ENDED_OOPS },
    { "Oops: general protection fault, probably for non-canonical address 0x0: 0000 [#1] SMP", 60,
      ENDED_OOPS },
    { "invalid opcode: 0000 [#2] SMP", 40, ENDED_OOPS },
    { "Internal error: Oops: 0000000096000004 [#1] SMP", 40, ENDED_OOPS },
    { "Oops: 0002 [#1] PREEMPT SMP PTI", 500, ENDED_END_OF_LOG },
    { "---[ end trace 0000000000000000 ]---", 3, ENDED_END_OF_LOG },
    { "nothing", 3, ENDED_END_OF_LOG },
};

START_TEST(ends_in_an_oops)
{
    struct fixture f;

    set_up(&f, "dmesg");
    kernel(&f, 0, "Linux version 6.1.9 (a@b) #1 SMP");
    kernel(&f, 1000000, oopses[_i].text);
    for (unsigned i = 0; i < oopses[_i].lines_behind; i++)
        kernel(&f, 1000001 + i, " some_function+0x12/0x40");
    boots_settle(f.boots);
    ck_assert_int_eq(boots_at(f.boots, 0)->ended_by, oopses[_i].ended);
    tear_down(&f);
}
END_TEST

static const struct {
    const char *last;
    unsigned flag;
    enum ended_by ended;
} memories[] = {
    { "usb 1-1: new high-speed USB device", RECORD_SAVED_HERE, ENDED_SAVED },
    { "usb 1-1: new high-speed USB device", RECORD_READ_HERE, ENDED_RUNNING },
    { "Kernel panic - not syncing: VFS: Unable to mount root fs", RECORD_SAVED_HERE, ENDED_PANIC },
    { "Oops: 0002 [#1] PREEMPT SMP PTI", RECORD_SAVED_HERE, ENDED_OOPS },
    { "PM: suspend entry (s2idle)", RECORD_SAVED_HERE, ENDED_SUSPEND },
};

/* What ends in memory is whole, and a memory that repeats a dump says so of it, too. */
START_TEST(ends_with_the_memory)
{
    struct fixture f;
    struct record r;

    set_up(&f, "vmem");
    kernel(&f, 0, "Linux version 6.1.9 (a@b) #1 SMP");
    record_init(&r);
    r.text = str_from(memories[_i].last);
    r.origin = ORIGIN_GUEST_KERNEL;
    r.mono_us = 1000000;
    r.line = 2;
    r.flags = memories[_i].flag;
    boots_add(f.boots, &r);
    boots_settle(f.boots);
    ck_assert_int_eq(boots_at(f.boots, 0)->ended_by, memories[_i].ended);
    ck_assert(boots_at(f.boots, 0)->in_memory);
    ck_assert_int_eq(boots_at(f.boots, 0)->tail_complete, TRI_YES);
    tear_down(&f);
}
END_TEST

/* A machine that rebooted all night: the last boots are kept, whatever their number. */
START_TEST(the_earliest_boots_make_room)
{
    const unsigned n = 3 * LIMIT_BOOTS;
    size_t dropped = 0;
    struct fixture f;
    char banner[80];

    set_up(&f, "console");
    for (unsigned i = 0; i < n; i++) {
        struct boot_place place;

        snprintf(banner, sizeof banner, "Linux version 6.1.%u (a@b) #1 SMP", i);
        place = kernel(&f, 0, banner);
        ck_assert(place.started && place.boot);
        dropped += place.n_dropped;
        kernel(&f, 5000000, "reboot: Restarting system");
    }
    boots_settle(f.boots);
    ck_assert_uint_le(boots_count(f.boots), LIMIT_BOOTS);
    ck_assert_uint_eq(boots_count(f.boots) + dropped, n);
    ck_assert(str_eq(boots_at(f.boots, boots_count(f.boots) - 1)->banner, str_from(banner)));
    ck_assert_uint_eq(f.notes.n, 1);
    ck_assert_int_eq(f.notes.p[0].code, NOTE_BOOT_LIMIT);
    tear_down(&f);
}
END_TEST

/* What sparse reading left out counts for how long the boot lasted and how it ended. */
START_TEST(lines_left_out_belong_to_the_boot_before)
{
    struct fixture f;
    struct record r;

    set_up(&f, "dmesg");
    kernel(&f, 0, "Linux version 6.1.9 (a@b) #1 SMP");
    kernel(&f, 1000000, "Oops: 0002 [#1] SMP");
    record_init(&r);
    r.origin = ORIGIN_GUEST_KERNEL;
    r.mono_us = 0;
    r.text = STR("Linux version 6.1.9 (a@b) #1 SMP");
    r.line = 5000;
    r.gap_line = 4999;
    r.gap_mono_us = 77000000;
    boots_add(f.boots, &r);
    boots_settle(f.boots);
    ck_assert_uint_eq(boots_count(f.boots), 2);
    ck_assert_int_eq(boots_at(f.boots, 0)->last_mono_us, 77000000);
    ck_assert_int_eq(boots_at(f.boots, 0)->ended_by, ENDED_POWER_LOSS);
    tear_down(&f);
}
END_TEST

Suite *check_boot(void)
{
    Suite *s = suite_create("boot");
    TCase *t = tcase_create("boot");

    tcase_add_test(t, a_dump_repeated_is_one_boot);
    tcase_add_test(t, each_dump_is_counted_once);
    tcase_add_test(t, a_reboot_of_the_same_kernel_is_another_boot);
    tcase_add_test(t, equal_stamps_of_another_kernel_are_another_boot);
    tcase_add_test(t, what_a_repeated_dump_has_more_is_replayed);
    tcase_add_test(t, host_lines_and_dump_are_one_boot);
    tcase_add_test(t, a_guest_cannot_forge_a_boot_or_an_end);
    tcase_add_test(t, two_inputs_of_one_boot_are_joined);
    tcase_add_test(t, boot_ids_decide_where_there_are_any);
    tcase_add_loop_test(t, ends_with_the_memory, 0, (int)(sizeof memories / sizeof memories[0]));
    tcase_add_loop_test(t, ends_in_an_oops, 0, (int)(sizeof oopses / sizeof oopses[0]));
    tcase_add_test(t, the_earliest_boots_make_room);
    tcase_add_test(t, lines_left_out_belong_to_the_boot_before);
    suite_add_tcase(s, t);
    return s;
}
