/* SPDX-License-Identifier: Apache-2.0 */
/* Virtual addresses: page walks of four and five levels, large pages, loops, arm64. */
#include "tests/unit/made_memory.h"

#include <check.h>

enum { ROOT = 0x1000, ENTRY_FLAGS = 3, LARGE = 0x83 };

static const uint64_t va = 0xffff888012345678;

struct rig {
    struct made m;
    struct made_image i;
};

static void put_entry(struct made *m, uint64_t table, unsigned shift, uint64_t entry)
{
    made_put(m->p + table + (va >> shift & 511) * 8, entry, 8);
}

/* Tables a page apart from ROOT on, down to the one with an entry for `shift`. */
static struct rig walk_rig(bool five, unsigned shift, uint64_t last)
{
    struct rig r = { .m = made_new(0x10000) };
    uint64_t table = ROOT;

    for (unsigned at = five ? 48 : 39; at > shift; at -= 9, table += 0x1000)
        put_entry(&r.m, table, at, (table + 0x1000) | ENTRY_FLAGS);
    put_entry(&r.m, table, shift, last);
    return r;
}

static const struct {
    const char *name;
    bool five;
    unsigned shift;
    uint64_t entry;
    bool found;
    uint64_t place;
} walks[] = {
    { "4 KiB", false, 12, 0x7000 | ENTRY_FLAGS, true, 0x7678 },
    { "4 KiB, five levels", true, 12, 0x7000 | ENTRY_FLAGS, true, 0x7678 },
    { "2 MiB", false, 21, 0x40000000 | LARGE, true, 0x40145678 },
    { "1 GiB", false, 30, 0x80000000 | LARGE, true, 0x92345678 },
    { "no execute", false, 12, 0x8000000000007000 | ENTRY_FLAGS, true, 0x7678 },
    { "absent", false, 12, 0x7000, false, 0 },
    { "a table outside the image", false, 21, 0x7fffffff000 | ENTRY_FLAGS, false, 0 },
    { "512 GiB are no page", false, 39, 0x7fff0000000 | LARGE, false, 0 },
};

START_TEST(walks_tables)
{
    struct rig r = walk_rig(walks[_i].five, walks[_i].shift, walks[_i].entry);
    struct space s;
    uint64_t place = 0;

    made_image_open(&r.i, &r.m);
    s = (struct space){ .image = &r.i.image, .kind = SPACE_X86, .five_levels = walks[_i].five };
    ck_assert_int_eq(space_walk(&s, ROOT, va, &place), walks[_i].found);
    ck_assert_uint_eq(place, walks[_i].place);
    made_image_close(&r.i);
    made_free(&r.m);
}
END_TEST

START_TEST(a_table_that_points_to_itself_ends)
{
    struct rig r = { .m = made_new(0x10000) };
    struct space s;
    uint64_t place;

    for (size_t i = 0; i < 512; i++)
        made_put(r.m.p + ROOT + 8 * i, ROOT | ENTRY_FLAGS, 8);
    made_image_open(&r.i, &r.m);
    s = (struct space){ .image = &r.i.image, .kind = SPACE_X86, .five_levels = true };
    ck_assert(space_walk(&s, ROOT, va, &place));
    ck_assert_uint_eq(place, ROOT | 0x678);
    made_image_close(&r.i);
    made_free(&r.m);
}
END_TEST

/* PCID in the low bits; the user's root 4 KiB above the kernel's. */
START_TEST(roots_as_cpus_hold_them)
{
    struct rig r = walk_rig(false, 12, 0x7000 | ENTRY_FLAGS);
    uint64_t place;

    memmove(r.m.p + 0x8000, r.m.p + 0x1000, 0x4000);
    put_entry(&r.m, 0x8000, 39, 0x2000 | ENTRY_FLAGS);
    memset(r.m.p + 0x1000, 0, 0x1000);
    made_image_open(&r.i, &r.m);
    ck_assert_int_eq(image_maps(&r.i.image, va, 0x7678), MAPPED_UNKNOWN);
    image_add_cr3(&r.i.image, 0x9005);
    ck_assert_int_eq(image_maps(&r.i.image, va, 0x7678), MAPPED_YES);
    ck_assert_int_eq(image_maps(&r.i.image, va, 0x1678), MAPPED_NO);
    ck_assert(image_translate(&r.i.image, va, &place));
    ck_assert_uint_eq(place, 0x7678);
    made_image_close(&r.i);
    made_free(&r.m);
}
END_TEST

static const struct {
    const char *info;
    uint64_t address, place;
} kernels[] = {
    { "NUMBER(phys_base)=16777216\n", 0xffffffff81000000, 0x2000000 },
    { "NUMBER(phys_base)=-4096\n", 0xffffffff81000000, 0xfff000 },
    { "OSRELEASE=6.1.0\nNUMBER(VA_BITS)=48\nNUMBER(kimage_voffset)=0xffff7fffc8000000\n"
      "NUMBER(PHYS_OFFSET)=0x40000000\n",
      0xffff800008000000, 0x40000000 },
    { "OSRELEASE=6.1.0\nNUMBER(VA_BITS)=48\nNUMBER(kimage_voffset)=0xffff7fffc8000000\n"
      "NUMBER(PHYS_OFFSET)=0x40000000\n",
      0xffff000000123456, 0x40123456 },
    { "OSRELEASE=4.19.0\nNUMBER(VA_BITS)=48\nNUMBER(kimage_voffset)=0xfffeffffc8000000\n"
      "NUMBER(PHYS_OFFSET)=0x40000000\n",
      0xffff800000123456, 0x40123456 },
    { "OSRELEASE=6.6.0\nNUMBER(VA_BITS)=52\nNUMBER(TCR_EL1_T1SZ)=0x10\n"
      "NUMBER(kimage_voffset)=0xffff7fffc8000000\nNUMBER(PHYS_OFFSET)=0x40000000\n",
      0xffff000000000010, 0x40000010 },
};

START_TEST(kernels_tell_where_they_are)
{
    struct rig r = { .m = made_new(0x1000) };
    struct space s;
    uint64_t place = 0;

    made_image_open(&r.i, &r.m);
    s = space_of_kernel(&r.i.image, str_from(kernels[_i].info));
    ck_assert(space_place(&s, kernels[_i].address, &place));
    ck_assert_uint_eq(place, kernels[_i].place);
    made_image_close(&r.i);
    made_free(&r.m);
}
END_TEST

START_TEST(what_is_not_there_is_absent)
{
    struct rig r = { .m = made_new(0x3000) };
    char buf[64];

    made_image_open(&r.i, &r.m);
    r.i.image.segments.n = 0;
    image_add(&r.i.image, (struct segment){ .start = 0x1000, .size = 0x1800 });
    image_add(&r.i.image, (struct segment){ .start = 0x2000, .size = 0x1000, .offset = 0x2000 });
    image_add(&r.i.image, (struct segment){ .start = 0x9000, .size = 0x9000, .offset = 0x2800 });
    image_add(&r.i.image, (struct segment){ .start = UINT64_MAX - 0xfff, .size = 0x2000 });
    image_settle(&r.i.image);
    ck_assert_uint_eq(r.i.image.overlapping, 0x800);
    ck_assert_uint_eq(r.i.image.missing, 0x9000 - 0x800);
    ck_assert(image_read(&r.i.image, 0x27f0, buf, 0x20));
    ck_assert(image_read(&r.i.image, 0x97c0, buf, 64));
    ck_assert(!image_read(&r.i.image, 0x97c1, buf, 64));
    ck_assert(!image_read(&r.i.image, 0xff0, buf, 32));
    ck_assert(!image_read(&r.i.image, UINT64_MAX - 8, buf, 32));
    ck_assert(image_read(&r.i.image, UINT64_MAX - 31, buf, 32));
    made_image_close(&r.i);
    made_free(&r.m);
}
END_TEST

Suite *check_translate(void)
{
    Suite *s = suite_create("translate");
    TCase *t = tcase_create("translate");

    tcase_add_loop_test(t, walks_tables, 0, (int)(sizeof walks / sizeof walks[0]));
    tcase_add_test(t, a_table_that_points_to_itself_ends);
    tcase_add_test(t, roots_as_cpus_hold_them);
    tcase_add_loop_test(t, kernels_tell_where_they_are, 0,
                        (int)(sizeof kernels / sizeof kernels[0]));
    tcase_add_test(t, what_is_not_there_is_absent);
    suite_add_tcase(s, t);
    return s;
}
