/* SPDX-License-Identifier: Apache-2.0 */
/* ELF cores: program headers, notes, and both with numbers that lie. */
#include "analyzer/core/limits.h"
#include "tests/unit/made_memory.h"

#include <check.h>

enum { LOAD = 1, NOTE = 4, DATA = 0x1000 };

struct rig {
    struct image image;
    struct arena arena;
    struct err err;
    bool ok;
};

static void rig_open(struct rig *r, const struct made *file)
{
    struct stored stored = { .fd = -1, .memory = made_str(file), .size_bytes = file->n };

    *r = (struct rig){ .ok = false };
    arena_init(&r->arena, LIMIT_IMAGE_ARENA_BYTES);
    image_init(&r->image, &stored, &r->arena, NULL);
    r->ok = elf_open(&r->image, NULL, &r->err);
}

static void rig_close(struct rig *r)
{
    image_done(&r->image);
    arena_done(&r->arena);
}

/* Program headers, then zeros up to DATA, then two pages of which byte i is i / 4096 + 1. */
static struct made core(const struct made_load *loads, unsigned n)
{
    struct made file = made_elf(loads, n), zeros = made_new(DATA + 0x2000);

    memset(zeros.p + DATA, 1, 0x1000);
    memset(zeros.p + DATA + 0x1000, 2, 0x1000);
    made_append(&file, zeros.p + file.n, zeros.n - file.n);
    made_free(&zeros);
    return file;
}

START_TEST(physical_addresses_win)
{
    const struct made_load loads[] = { { LOAD, DATA, 0xffffffff81000000, 0x2000, 0x1000 },
                                       { LOAD, DATA + 0x1000, 0xffff888000000000, 0x9000,
                                         0x1000 } };
    struct made file = core(loads, 2);
    struct rig r;
    unsigned char byte;

    rig_open(&r, &file);
    ck_assert_msg(r.ok, "%s", r.err.text);
    ck_assert(!r.image.is_virtual);
    ck_assert(image_read(&r.image, 0x9fff, &byte, 1) && byte == 2);
    ck_assert(!image_read(&r.image, 0x3000, &byte, 1));
    rig_close(&r);
    made_free(&file);
}
END_TEST

/* The kernel's own range beside the one of all memory; then twice the same, which is damage. */
START_TEST(two_mappings_are_no_damage)
{
    static const struct {
        uint64_t va[2], overlapping;
    } rows[] = {
        { { 0xffff888000002000, 0xffffffff81000000 }, 0 },
        { { 0xffff888000002000, 0xffff888000003000 }, 0x1000 },
        { { 0xffff888000002000, 0 }, 0x1000 },
        { { 0, 0 }, 0x1000 },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct made_load loads[] = { { LOAD, DATA, rows[i].va[0], 0x2000, 0x2000 },
                                           { LOAD, DATA + 0x1000, rows[i].va[1], 0x3000, 0x1000 } };
        struct made file = core(loads, 2);
        struct rig r;
        unsigned char byte;

        rig_open(&r, &file);
        ck_assert_msg(r.ok, "%s", r.err.text);
        ck_assert_uint_eq(r.image.overlapping, rows[i].overlapping);
        ck_assert(image_read(&r.image, 0x3fff, &byte, 1) && byte == 2);
        rig_close(&r);
        made_free(&file);
    }
}
END_TEST

START_TEST(without_them_addresses_are_virtual)
{
    const struct made_load loads[] = { { LOAD, DATA, 0xffffffff81000000, 0, 0x1000 },
                                       { LOAD, DATA + 0x1000, 0xffff888000000000, 0, 0x1000 } };
    struct made file = core(loads, 2);
    struct rig r;
    unsigned char byte;

    rig_open(&r, &file);
    ck_assert(r.ok && r.image.is_virtual);
    ck_assert(image_read(&r.image, 0xffff888000000010, &byte, 1) && byte == 2);
    rig_close(&r);
    made_free(&file);
}
END_TEST

/* More headers than e_phnum can count: section header 0 has their number. */
START_TEST(count_in_a_section_header)
{
    const struct made_load loads[] = { { LOAD, DATA, 0, 0x2000, 0x1000 } };
    struct made file = core(loads, 1);
    struct rig r;

    made_put(file.p + 56, 0xffff, 2);
    made_put(file.p + 40, 0x800, 8);
    made_put(file.p + 0x800 + 44, 1, 4);
    rig_open(&r, &file);
    ck_assert(r.ok);
    ck_assert_uint_eq(image_size(&r.image), 0x1000);
    rig_close(&r);
    made_put(file.p + 0x800 + 44, 0xffffffff, 4);
    rig_open(&r, &file);
    ck_assert(!r.ok);
    rig_close(&r);
    made_put(file.p + 40, UINT64_MAX - 8, 8);
    rig_open(&r, &file);
    ck_assert(!r.ok);
    rig_close(&r);
    made_free(&file);
}
END_TEST

START_TEST(notes_are_read)
{
    const struct made_load loads[] = { { NOTE, 0x200, 0, 0, 0x400 },
                                       { LOAD, DATA, 0, 0x2000, 0x1000 } };
    struct made file = core(loads, 2);
    unsigned char *p = file.p + 0x200;
    struct rig r;

    made_put(p, 5, 4); /* QEMU: 12 + 8 + 440 bytes */
    made_put(p + 4, 440, 4);
    memcpy(p + 12, "QEMU", 5);
    made_put(p + 20 + 416, 0x5000, 8);
    p += 460;
    made_put(p, 11, 4);
    made_put(p + 4, 20, 4);
    memcpy(p + 12, "VMCOREINFO", 11);
    memcpy(p + 24, "OSRELEASE=6.1.0-made", 20);
    rig_open(&r, &file);
    ck_assert(r.ok);
    ck_assert_uint_eq(r.image.cr3.n, 1);
    ck_assert_uint_eq(r.image.cr3.p[0], 0x5000);
    ck_assert(str_eq(r.image.vmcoreinfo, STR("OSRELEASE=6.1.0-made")));
    rig_close(&r);
    made_put(p + 4, 0xffffffff, 4); /* its text goes beyond the file */
    rig_open(&r, &file);
    ck_assert(r.ok && r.image.vmcoreinfo.n == 0);
    rig_close(&r);
    made_put(p, 0xffffffff, 4);
    rig_open(&r, &file);
    ck_assert(r.ok && r.image.vmcoreinfo.n == 0);
    rig_close(&r);
    made_free(&file);
}
END_TEST

/* One PT_LOAD with these numbers: what of it is left. */
static const struct {
    const char *name;
    struct made_load load;
    bool ok;
    uint64_t size, missing;
} loads[] = {
    { "outside the file",
      { LOAD, (uint64_t)1 << 63, 0, 0, (uint64_t)1 << 63 },
      false,
      0,
      (uint64_t)1 << 63 },
    { "beyond the end", { LOAD, DATA, 0, 0x1000, 0x10000 }, true, 0x2000, 0xe000 },
    { "all there is", { LOAD, DATA, 0, 0, UINT64_MAX }, true, 0x2000, UINT64_MAX - 0x2000 },
    { "wraps", { LOAD, DATA, 0, UINT64_MAX - 0xfff, 0x2000 }, true, 0x1000, 0 },
    { "empty", { LOAD, DATA, 0, 0x1000, 0 }, false, 0, 0 },
};

START_TEST(ranges_are_clipped)
{
    struct made file = core(&loads[_i].load, 1);
    struct rig r;

    rig_open(&r, &file);
    ck_assert_int_eq(r.ok, loads[_i].ok);
    ck_assert_uint_eq(image_size(&r.image), loads[_i].size);
    ck_assert_uint_eq(r.image.missing, loads[_i].missing);
    rig_close(&r);
    made_free(&file);
}
END_TEST

static const struct {
    const char *name;
    size_t at;
    uint64_t value;
    size_t bytes;
} headers[] = {
    { "32-bit", 4, 1, 1 },
    { "big-endian", 5, 2, 1 },
    { "a program", 16, 2, 2 },
    { "headers outside the file", 32, UINT64_MAX - 7, 8 },
    { "headers of no size", 54, 0, 2 },
    { "more headers than file", 56, 0xfffe, 2 },
};

START_TEST(headers_that_lie)
{
    const struct made_load load = { LOAD, DATA, 0, 0x2000, 0x1000 };
    struct made file = core(&load, 1);
    struct rig r;

    made_put(file.p + headers[_i].at, headers[_i].value, headers[_i].bytes);
    rig_open(&r, &file);
    ck_assert(!r.ok);
    ck_assert(r.err.text[0]);
    rig_close(&r);
    made_free(&file);
}
END_TEST

START_TEST(cut_everywhere)
{
    const struct made_load two[] = { { NOTE, 0x200, 0, 0, 0x400 }, { LOAD, DATA, 0, 0, 0x2000 } };
    struct made file = core(two, 2);

    for (size_t n = 0; n < file.n; n += n < 0x700 ? 1 : 97) {
        struct made part = { file.p, n };
        struct rig r;

        rig_open(&r, &part);
        ck_assert_uint_eq(image_size(&r.image), n > DATA ? n - DATA : 0);
        rig_close(&r);
    }
    made_free(&file);
}
END_TEST

Suite *check_elf(void)
{
    Suite *s = suite_create("elf");
    TCase *t = tcase_create("elf");

    tcase_add_test(t, physical_addresses_win);
    tcase_add_test(t, two_mappings_are_no_damage);
    tcase_add_test(t, without_them_addresses_are_virtual);
    tcase_add_test(t, count_in_a_section_header);
    tcase_add_test(t, notes_are_read);
    tcase_add_loop_test(t, ranges_are_clipped, 0, (int)(sizeof loads / sizeof loads[0]));
    tcase_add_loop_test(t, headers_that_lie, 0, (int)(sizeof headers / sizeof headers[0]));
    tcase_add_test(t, cut_everywhere);
    suite_add_tcase(s, t);
    return s;
}
