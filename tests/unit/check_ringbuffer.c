/* SPDX-License-Identifier: Apache-2.0 */
/* The descriptor ring: where blocks lie, what is lost, and what no ring can look like. */
#include "analyzer/core/limits.h"
#include "parsers/memory/ringbuffer.h"
#include "tests/unit/made_memory.h"

#include <check.h>

enum { RING = 0x10000, BITS = 5, COUNT = 1 << BITS, SIZE = 32 * COUNT };

struct rig {
    struct made m;
    struct made_ring made;
    struct made_image image;
    struct ring ring;
    char *text;
    bool read;
};

/* Opens what stands in the memory now. */
static void open_ring(struct rig *r)
{
    struct ring_layout layout = ring_layout_default();
    struct space space;

    made_image_open(&r->image, &r->m);
    space = space_shifted(&r->image.image, 0 - made_va(0));
    layout.text_ring = r->made.text_ring;
    layout.info_bytes = r->made.info_bytes;
    r->text = calloc(1, LIMIT_RECORD_BYTES);
    r->read = ring_read(&r->ring, r->m.p + RING, &layout, &space);
}

static struct rig rig_new(void)
{
    return (struct rig){ .m = made_new(0x40000), .made = made_ring_at(RING, BITS) };
}

static void rig_free(struct rig *r)
{
    made_image_close(&r->image);
    made_free(&r->m);
    free(r->text);
}

static void expect_next(struct rig *r, const char *text, bool lost)
{
    struct log_record now;
    uint64_t dropped = 0;

    ck_assert(ring_next(&r->ring, &now, r->text, &dropped));
    ck_assert_msg(str_eq(now.text, str_from(text)), "\"%.*s\", not \"%s\"", STR_ARG(now.text),
                  text);
    ck_assert_int_eq(now.lost, lost);
}

START_TEST(reads_what_was_written)
{
    struct rig r = rig_new();
    struct log_record now;
    uint64_t dropped = 0;

    made_ring_add(&r.m, &r.made, "first");
    made_ring_add(&r.m, &r.made, "two\nlines");
    made_ring_head(&r.m, &r.made);
    open_ring(&r);
    ck_assert(r.read && ring_is_sound(&r.ring));
    expect_next(&r, "first", false);
    ck_assert(ring_next(&r.ring, &now, r.text, &dropped));
    ck_assert(str_eq(now.text, STR("two\nlines")));
    ck_assert_uint_eq(now.seq, 1);
    ck_assert_uint_eq(now.ts_ns, 1005000);
    ck_assert_uint_eq(now.level, 6);
    ck_assert_uint_eq(now.facility, 0);
    ck_assert_uint_eq(now.caller, 0x80000001u);
    ck_assert(!ring_next(&r.ring, &now, r.text, &dropped));
    ck_assert_uint_eq(dropped, 0);
    rig_free(&r);
}
END_TEST

/* A block that ends exactly where the ring does, and one that did not fit before the end. */
START_TEST(blocks_at_the_end_of_the_ring)
{
    struct rig r = rig_new();
    char filler[SIZE] = { 0 };

    memset(filler, 'x', SIZE - 64 - 8);
    made_ring_add(&r.m, &r.made, filler); /* SIZE - 64 bytes */
    made_ring_add(&r.m, &r.made, "0123456789012345678901234567890123456789ends here..abcde");
    ck_assert_uint_eq(r.made.lpos % SIZE, 0);
    made_ring_head(&r.m, &r.made);
    open_ring(&r);
    expect_next(&r, filler, false);
    expect_next(&r, "0123456789012345678901234567890123456789ends here..abcde", false);
    rig_free(&r);
    r = rig_new();
    filler[SIZE - 64 - 8 - 8] = '\0';
    made_ring_add(&r.m, &r.made, filler);
    made_ring_add(&r.m, &r.made,
                  "this one is longer than the seventy-two bytes that are left at the end");
    made_ring_head(&r.m, &r.made);
    open_ring(&r);
    expect_next(&r, "", true); /* overwritten: the beginning holds the second one now */
    expect_next(&r, "this one is longer than the seventy-two bytes that are left at the end",
                false);
    rig_free(&r);
}
END_TEST

static const struct {
    const char *name;
    uint64_t begin, next;
    bool lost;
} blocks[] = {
    { "an empty line", 3, 3, false },
    { "a failed reservation", 1, 1, true },
    { "odd", 5, 8, true },
    { "shorter than an id", 8, 12, true },
    { "empty", 8, 8, true },
    { "backwards", 64, 8, true },
    { "another's block", 8, 64, true },
    { "far", 0x123456789abcdef8, 0xfedcba9876543210, true },
};

START_TEST(blocks_that_are_none)
{
    struct rig r = rig_new();
    uint64_t slot;

    made_ring_add(&r.m, &r.made, "first");
    slot = made_ring_add(&r.m, &r.made, "second");
    made_put(r.m.p + r.made.descs + 24 * slot + 8, blocks[_i].begin, 8);
    made_put(r.m.p + r.made.descs + 24 * slot + 16, blocks[_i].next, 8);
    made_ring_head(&r.m, &r.made);
    open_ring(&r);
    expect_next(&r, "first", false);
    expect_next(&r, "", blocks[_i].lost);
    rig_free(&r);
}
END_TEST

/* Every ring begins with a slot that was given back; one may be in the making. Neither is a loss.
 */
START_TEST(slots_without_a_record_are_no_loss)
{
    static const uint64_t states[] = { 0, 3 };
    struct rig r = rig_new();

    made_ring_add(&r.m, &r.made, "first");
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        uint64_t slot = made_ring_add(&r.m, &r.made, "none"), place = r.made.descs + 24 * slot;

        made_put(r.m.p + place, (le64(r.m.p + place) & RING_ID_MASK) | states[i] << 62, 8);
    }
    made_ring_add(&r.m, &r.made, "last");
    made_ring_head(&r.m, &r.made);
    open_ring(&r);
    expect_next(&r, "first", false);
    expect_next(&r, "last", false);
    rig_free(&r);
}
END_TEST

START_TEST(a_text_is_no_longer_than_its_block)
{
    struct rig r = rig_new();
    uint64_t slot = made_ring_add(&r.m, &r.made, "12345678");

    made_put(r.m.p + r.made.infos + 88 * slot + 16, 65535, 2);
    made_ring_head(&r.m, &r.made);
    open_ring(&r);
    expect_next(&r, "12345678", false);
    rig_free(&r);
}
END_TEST

START_TEST(forged_ids_are_dropped)
{
    struct rig r = rig_new();
    struct log_record now;
    uint64_t slot, dropped = 0;

    made_ring_add(&r.m, &r.made, "first");
    slot = made_ring_add(&r.m, &r.made, "second");
    made_ring_add(&r.m, &r.made, "third");
    made_put(r.m.p + r.made.descs + 24 * slot, (uint64_t)2 << 62 | 12345, 8);
    made_ring_head(&r.m, &r.made);
    open_ring(&r);
    expect_next(&r, "first", false);
    ck_assert(ring_next(&r.ring, &now, r.text, &dropped));
    ck_assert(str_eq(now.text, STR("third")));
    ck_assert_uint_eq(dropped, 1);
    rig_free(&r);
}
END_TEST

static const struct {
    const char *name;
    size_t at;
    uint64_t value;
    size_t bytes;
} heads[] = {
    { "count_bits 31", 0, 31, 4 },      { "count_bits 2", 0, 2, 4 },
    { "size_bits 63", 48, 63, 4 },      { "size_bits 7", 48, 7, 4 },
    { "a tail that is far", 32, 7, 8 }, { "a head before the tail", 24, 1, 8 },
};

START_TEST(heads_that_are_none)
{
    struct rig r = rig_new();

    made_ring_fill(&r.m, &r.made, "x", 10);
    made_put(r.m.p + RING + heads[_i].at, heads[_i].value, heads[_i].bytes);
    open_ring(&r);
    ck_assert(!r.read);
    rig_free(&r);
}
END_TEST

START_TEST(random_arrays_are_not_sound)
{
    struct rig r = rig_new();

    made_ring_fill(&r.m, &r.made, "x", 20);
    memset(r.m.p + r.made.infos, 0x5a, 88 * COUNT);
    open_ring(&r);
    ck_assert(r.read && !ring_is_sound(&r.ring));
    rig_free(&r);
}
END_TEST

START_TEST(shapes)
{
    uint64_t k = 0xffffffff81000000, text = 0;
    uint64_t w[10] = { 13, k, k + 64, 100, 50, 18, k + 128, 4096, 0, 0 };

    ck_assert(ring_looks_like(w, &text));
    ck_assert_uint_eq(text, 40);
    memmove(w + 6, w + 5, 4 * sizeof w[0]);
    w[5] = 77;
    ck_assert(ring_looks_like(w, &text));
    ck_assert_uint_eq(text, 48);
    w[4] = 200; /* a tail above the head */
    ck_assert(!ring_looks_like(w, &text));
    w[4] = 50;
    w[1] = 0x7fff81000000; /* a pointer of a program */
    ck_assert(!ring_looks_like(w, &text));
    w[1] = k;
    w[6] = 19;
    ck_assert(!ring_looks_like(w, &text));
}
END_TEST

static const struct {
    const char *info;
    bool ok;
} layouts[] = {
    { "", true },
    { "SIZE(printk_info)=112\nOFFSET(printk_info.caller_id)=20\n", true },
    { "SIZE(printk_info)=00\n", false },
    { "SIZE(printk_info)=99999999\n", false },
    { "OFFSET(printk_info.text_len)=-9\n", false },
    { "OFFSET(printk_info.seq)=85\n", false },
    { "OFFSET(printk_ringbuffer.text_data_ring)=127\n", false },
    { "SIZE(prb_desc)=8\n", false },
    { "SIZE(prb_desc)=nonsense\n", true },
};

START_TEST(layouts_are_checked)
{
    struct ring_layout l;

    ck_assert_int_eq(ring_layout_read(str_from(layouts[_i].info), &l), layouts[_i].ok);
}
END_TEST

Suite *check_ringbuffer(void)
{
    Suite *s = suite_create("ringbuffer");
    TCase *t = tcase_create("ringbuffer");

    tcase_add_test(t, reads_what_was_written);
    tcase_add_test(t, blocks_at_the_end_of_the_ring);
    tcase_add_loop_test(t, blocks_that_are_none, 0, (int)(sizeof blocks / sizeof blocks[0]));
    tcase_add_test(t, slots_without_a_record_are_no_loss);
    tcase_add_test(t, a_text_is_no_longer_than_its_block);
    tcase_add_test(t, forged_ids_are_dropped);
    tcase_add_loop_test(t, heads_that_are_none, 0, (int)(sizeof heads / sizeof heads[0]));
    tcase_add_test(t, random_arrays_are_not_sound);
    tcase_add_test(t, shapes);
    tcase_add_loop_test(t, layouts_are_checked, 0, (int)(sizeof layouts / sizeof layouts[0]));
    suite_add_tcase(s, t);
    return s;
}
