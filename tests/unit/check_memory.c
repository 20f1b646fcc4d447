/* SPDX-License-Identifier: Apache-2.0 */
/* Whole memory images: containers, both ways to the log, several logs, torn and damaged images. */
#include "tests/unit/image_case.h"

START_TEST(records_are_ordinary)
{
    struct made m = one_log(60);
    struct image_case *c = open_case(made_str(&m), (struct str){ 0 }, "guest.vmem", 0);
    struct record r;

    ck_assert_msg(c->reader != NULL, "%s", c->err.text);
    ck_assert_int_eq(reader_next(c->reader, &r, &c->err), STEP_RECORD);
    expect_str(r.text, "Linux version " MADE_RELEASE " (made for tests)");
    ck_assert_int_eq(reader_next(c->reader, &r, &c->err), STEP_RECORD);
    expect_str(r.text, "line 1 of one");
    ck_assert_int_eq(r.level, LEVEL_INFO);
    ck_assert_int_eq(r.facility, FACILITY_KERN);
    ck_assert_int_eq(r.origin, ORIGIN_GUEST_KERNEL);
    ck_assert_int_eq(r.mono_us, 1005);
    ck_assert(r.has_seq);
    ck_assert_uint_eq(r.seq, 1);
    ck_assert_uint_eq(r.line, 2);
    expect_str(r.caller, "C1");
    ck_assert_int_eq(memcmp(m.p + r.offset, "line 1", 6), 0);
    ck_assert(has_note(c, "confidence high"));
    ck_assert(has_note(c, "60 records, found by VMCOREINFO"));
    close_case(c);
    made_free(&m);
}
END_TEST

static const struct {
    const char *name;
    unsigned ways;
} ways[] = { { "both", 0 }, { "info", WAY_INFO }, { "shape", WAY_SHAPE } };

START_TEST(raw_both_ways)
{
    struct made m = one_log(60);
    struct image_case *c = open_case(made_str(&m), (struct str){ 0 }, "guest.vmem", ways[_i].ways);

    expect_log(c, 60, "line 59 of one");
    close_case(c);
    made_free(&m);
}
END_TEST

START_TEST(layouts_by_shape)
{
    static const struct {
        unsigned text_ring, info_bytes;
        uint64_t first_id;
    } rows[] = { { 40, 88, ((uint64_t)1 << 32) - 128 },
                 { 48, 112, ((uint64_t)1 << 62) - 128 },
                 { 48, 88, 0 } };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct made m = made_new(MADE_BYTES);
        struct made_ring r = made_ring_at(RING, 7);
        struct image_case *c;

        r.text_ring = rows[i].text_ring;
        r.info_bytes = rows[i].info_bytes;
        r.first_id = rows[i].first_id;
        made_ring_fill(&m, &r, "layout", 100);
        c = open_case(made_str(&m), (struct str){ 0 }, "guest.vmem", WAY_SHAPE);
        expect_log(c, 100, "line 99 of layout");
        ck_assert(has_note(c, "confidence medium"));
        close_case(c);
        made_free(&m);
    }
}
END_TEST

START_TEST(a_wrapped_ring_keeps_the_newest)
{
    struct made m = one_log(1000);
    struct image_case *c = open_case(made_str(&m), (struct str){ 0 }, "guest.vmem", 0);
    char last[128];
    unsigned n;

    ck_assert_msg(c->reader != NULL, "%s", c->err.text);
    n = count_records(c, last, sizeof last);
    ck_assert_uint_gt(n, 90);
    ck_assert_uint_le(n, 128);
    ck_assert_str_eq(last, "line 999 of one");
    close_case(c);
    made_free(&m);
}
END_TEST

START_TEST(checkpoints)
{
    struct made m = one_log(60), inside = made_vmss(&m, true, ROOT | 5);
    struct made apart = made_vmss(&m, false, ROOT | 5);
    struct image_case *c = open_case(made_str(&inside), (struct str){ 0 }, "a.vmss", 0);

    expect_log(c, 60, "line 59 of one");
    ck_assert(has_note(c, "in use by a virtual CPU"));
    close_case(c);
    c = open_case(made_str(&apart), made_str(&m), "a.vmsn", WAY_SHAPE);
    expect_log(c, 60, "line 59 of one");
    ck_assert(has_note(c, "in use by a virtual CPU"));
    close_case(c);
    c = open_case(made_str(&m), made_str(&apart), "a.vmem", WAY_SHAPE);
    expect_log(c, 60, "line 59 of one");
    ck_assert(has_note(c, "in use by a virtual CPU"));
    close_case(c);
    c = open_case(made_str(&apart), (struct str){ 0 }, "a.vmsn", 0);
    ck_assert(c->reader == NULL);
    ck_assert(str_find(str_from(c->err.text), STR("no .vmem")) != STR_NOT_FOUND);
    close_case(c);
    made_free(&m);
    made_free(&inside);
    made_free(&apart);
}
END_TEST

START_TEST(lime_in_two_ranges)
{
    struct made m = one_log(60), out = { 0 };
    struct image_case *c;

    made_lime(&out, &m, 0x1000, 0x9f000);
    made_lime(&out, &m, 0x100000, MADE_BYTES - 0x100000);
    c = open_case(made_str(&out), (struct str){ 0 }, "x", 0);
    expect_log(c, 60, "line 59 of one");
    close_case(c);
    made_free(&m);
    made_free(&out);
}
END_TEST

START_TEST(cores_physical_and_virtual)
{
    struct made m = one_log(60);
    struct made_load physical[] = { { 1, 0x1498, 0, 0, 0x300000 },
                                    { 1, 0x1498 + 0x300000, 0, 0x300000, MADE_BYTES - 0x300000 } };
    struct made_load virtual[] = { { 1, 0x1498, made_va(0x400000), 0, 0x100000 },
                                   { 1, 0x101498, made_va(0x500000), 0, 0x300000 } };
    struct made gap = made_new(0x1498 - 64 - 2 * 56), out = made_elf(physical, 2);
    struct image_case *c;

    made_append(&out, gap.p, gap.n);
    made_append(&out, m.p, m.n);
    c = open_case(made_str(&out), (struct str){ 0 }, "vmcore", 0);
    expect_log(c, 60, "line 59 of one");
    close_case(c);
    made_free(&out);
    out = made_elf(virtual, 2);
    made_append(&out, gap.p, gap.n);
    made_append(&out, m.p + 0x400000, m.n - 0x400000);
    for (size_t i = 0; i < 3; i++) {
        c = open_case(made_str(&out), (struct str){ 0 }, "vmss.core", ways[i].ways);
        expect_log(c, 60, "line 59 of one");
        close_case(c);
    }
    made_free(&out);
    made_free(&gap);
    made_free(&m);
}
END_TEST

/* Two boots in one memory: the one that a CPU maps is last, without a CPU it is said to be open. */
START_TEST(an_earlier_boot_is_read_first)
{
    struct made m = one_log(60), vmss;
    struct made_ring old = made_ring_at(0x300000, 7);
    struct image_case *c;

    old.move = 0x200000; /* the other kernel was mapped elsewhere */
    made_ring_fill(&m, &old, "old", 90);
    vmss = made_vmss(&m, true, ROOT);
    c = open_case(made_str(&vmss), (struct str){ 0 }, "a.vmss", WAY_SHAPE);
    expect_log(c, 150, "line 59 of one");
    ck_assert(has_note(c, "holds 2 logs"));
    ck_assert(!has_note(c, "which of them is the latest"));
    close_case(c);
    c = open_case(made_str(&m), (struct str){ 0 }, "a.vmem", WAY_SHAPE);
    expect_log(c, 150, "line 89 of old");
    ck_assert(has_note(c, "which of them is the latest"));
    ck_assert(has_note(c, "confidence low"));
    close_case(c);
    made_free(&vmss);
    made_free(&m);
}
END_TEST

/* The static ring, frozen when a larger one took over, and both of one boot. */
START_TEST(a_frozen_copy_is_not_repeated)
{
    struct made m = made_new(MADE_BYTES);
    struct made_ring early = made_ring_at(RING, 7), late = made_ring_at(RING + 0x40000, 8);
    struct image_case *c;

    made_ring_fill(&m, &early, "one", 50);
    made_ring_fill(&m, &late, "one", 200);
    c = open_case(made_str(&m), (struct str){ 0 }, "a.vmem", 0);
    expect_log(c, 200, "line 199 of one");
    close_case(c);
    made_free(&m);
}
END_TEST

START_TEST(a_stale_info_is_not_believed)
{
    struct made m = one_log(60);
    struct image_case *c;

    memcpy(m.p + UTS + 134, "9.9", 3);
    c = open_case(made_str(&m), (struct str){ 0 }, "a.vmem", WAY_INFO);
    ck_assert(c->reader == NULL);
    close_case(c);
    c = open_case(made_str(&m), (struct str){ 0 }, "a.vmem", 0);
    expect_log(c, 60, "line 59 of one");
    close_case(c);
    made_free(&m);
}
END_TEST

START_TEST(cut_anywhere)
{
    struct made m = one_log(60), vmss = made_vmss(&m, true, ROOT);
    char last[128];

    for (size_t i = 0; i < 60; i++) {
        struct str part = str_first(made_str(&vmss), i < 40 ? i * 13 : vmss.n / 20 * (i - 40));
        struct image_case *c = open_case(part, (struct str){ 0 }, "a.vmss", 0);

        ck_assert_uint_le(count_records(c, last, sizeof last), 60);
        close_case(c);
    }
    made_free(&vmss);
    made_free(&m);
}
END_TEST

/* Damage where it hurts: nothing may be read outside the image, and nothing may hang. */
START_TEST(damaged_anywhere)
{
    struct made m = one_log(60), vmss = made_vmss(&m, true, ROOT), damaged = made_new(vmss.n);
    uint64_t random = 88172645463325252u;
    char last[128];

    for (size_t i = 0; i < 40; i++) {
        memcpy(damaged.p, vmss.p, vmss.n);
        for (size_t k = 0; k < 40; k++) {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            damaged.p[i & 1 ? random % 600 : vmss.n - MADE_BYTES + RING + random % 0x8000] =
                    (unsigned char)(random >> 56);
        }
        struct image_case *c = open_case(made_str(&damaged), (struct str){ 0 }, "a.vmss", 0);

        ck_assert_uint_le(count_records(c, last, sizeof last), 128);
        close_case(c);
    }
    made_free(&damaged);
    made_free(&vmss);
    made_free(&m);
}
END_TEST

START_TEST(without_a_log_it_says_so)
{
    struct made m = made_new(MADE_BYTES);
    struct image_case *c = open_case(made_str(&m), (struct str){ 0 }, "a.vmem", 0);

    ck_assert(c->reader == NULL);
    ck_assert(str_find(str_from(c->err.text), STR("no kernel log")) != STR_NOT_FOUND);
    close_case(c);
    made_free(&m);
}
END_TEST

Suite *check_memory(void)
{
    Suite *s = suite_create("memory");
    TCase *t = tcase_create("memory");

    tcase_set_timeout(t, 30);
    tcase_add_test(t, records_are_ordinary);
    tcase_add_loop_test(t, raw_both_ways, 0, 3);
    tcase_add_test(t, layouts_by_shape);
    tcase_add_test(t, a_wrapped_ring_keeps_the_newest);
    tcase_add_test(t, checkpoints);
    tcase_add_test(t, lime_in_two_ranges);
    tcase_add_test(t, cores_physical_and_virtual);
    tcase_add_test(t, an_earlier_boot_is_read_first);
    tcase_add_test(t, a_frozen_copy_is_not_repeated);
    tcase_add_test(t, a_stale_info_is_not_believed);
    tcase_add_test(t, cut_anywhere);
    tcase_add_test(t, damaged_anywhere);
    tcase_add_test(t, without_a_log_it_says_so);
    suite_add_tcase(s, t);
    return s;
}
