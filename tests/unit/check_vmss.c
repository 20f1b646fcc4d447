/* SPDX-License-Identifier: Apache-2.0 */
/* Checkpoints: regions, blocks, CPUs, and headers that promise what is not there. */
#include "analyzer/core/limits.h"
#include "tests/unit/made_memory.h"

#include <check.h>

struct rig {
    struct image image;
    struct arena arena;
    struct err err;
    bool ok;
};

static void rig_open(struct rig *r, const struct made *file, const struct stored *beside)
{
    struct stored stored = { .fd = -1, .memory = made_str(file), .size_bytes = file->n };

    *r = (struct rig){ .ok = false };
    arena_init(&r->arena, LIMIT_IMAGE_ARENA_BYTES);
    image_init(&r->image, &stored, &r->arena, NULL);
    r->ok = vmss_open(&r->image, beside, &r->err);
}

static void rig_close(struct rig *r)
{
    image_done(&r->image);
    arena_done(&r->arena);
}

/* A checkpoint with one group, of which `tags` are the contents. */
static struct made checkpoint(const char *group, const struct made *tags)
{
    struct made out = { 0 };

    made_word(&out, 0xbed2bed2, 4);
    made_word(&out, 8, 4);
    made_word(&out, 1, 4);
    made_group(&out, group, 12 + 80, tags->n);
    made_append(&out, tags->p, tags->n);
    return out;
}

START_TEST(two_regions_with_a_hole)
{
    struct made tags = { 0 }, file, memory = made_new(0x6000);
    struct rig r;
    unsigned char byte;

    memory.p[0x3fff] = 1;
    memory.p[0x4000] = 2;
    made_tag(&tags, "regionsCount", -1, -1, 2, 4);
    made_tag(&tags, "regionPageNum", 0, -1, 0, 4);
    made_tag(&tags, "regionPPN", 0, -1, 0, 4);
    made_tag(&tags, "regionSize", 0, -1, 4, 4);
    made_tag(&tags, "regionPageNum", 1, -1, 4, 4);
    made_tag(&tags, "regionPPN", 1, -1, 0x100000, 4);
    made_tag(&tags, "regionSize", 1, -1, 2, 4);
    made_tag_block(&tags, "Memory", memory.p, memory.n);
    made_word(&tags, 0, 2);
    file = checkpoint("memory", &tags);
    rig_open(&r, &file, NULL);
    ck_assert_msg(r.ok, "%s", r.err.text);
    ck_assert_uint_eq(r.image.segments.n, 2);
    ck_assert(image_read(&r.image, 0x3fff, &byte, 1) && byte == 1);
    ck_assert(image_read(&r.image, 0x100000000, &byte, 1) && byte == 2);
    ck_assert(!image_read(&r.image, 0x4000, &byte, 1));
    rig_close(&r);
    made_free(&tags);
    made_free(&file);
    made_free(&memory);
}
END_TEST

START_TEST(no_regions_is_one_range)
{
    struct made tags = { 0 }, file, memory = made_new(0x3000);
    struct rig r;

    made_tag(&tags, "regionsCount", -1, -1, 0, 4);
    made_tag_block(&tags, "Memory", memory.p, memory.n);
    made_word(&tags, 0, 2);
    file = checkpoint("memory", &tags);
    rig_open(&r, &file, NULL);
    ck_assert(r.ok);
    ck_assert_uint_eq(image_size(&r.image), 0x3000);
    rig_close(&r);
    made_free(&tags);
    made_free(&file);
    made_free(&memory);
}
END_TEST

/* One value each, or all of a CPU's in a block. */
START_TEST(cpus_in_both_forms)
{
    struct made mem = made_new(0x2000), file = made_vmss(&mem, true, 0x5005), tags = { 0 };
    unsigned char block[72] = { 0 };
    struct rig r;

    rig_open(&r, &file, NULL);
    ck_assert(r.ok);
    ck_assert_uint_eq(r.image.cr3.n, 1);
    ck_assert_uint_eq(r.image.cr3.p[0], 0x5005);
    rig_close(&r);
    made_free(&file);
    made_put(block + 24, 0x7007, 8);
    made_word(&tags, 4u << 8 | 1u << 6 | 63, 2);
    made_append(&tags, "CR64", 4);
    made_word(&tags, 0, 4);
    made_word(&tags, sizeof block, 8);
    made_word(&tags, sizeof block, 8);
    made_word(&tags, 0, 2);
    made_append(&tags, block, sizeof block);
    made_word(&tags, 0, 2);
    file = checkpoint("cpu", &tags);
    rig_open(&r, &file, NULL);
    ck_assert(!r.ok);
    ck_assert_uint_eq(r.image.cr3.n, 1);
    ck_assert_uint_eq(r.image.cr3.p[0], 0x7007);
    rig_close(&r);
    made_free(&file);
    made_free(&tags);
    made_free(&mem);
}
END_TEST

static const struct {
    const char *name;
    size_t at; /* of the header */
    uint64_t value;
    size_t bytes;
    const char *error;
} headers[] = {
    { "four billion groups", 8, 0xffffffff, 4, "does not fit" },
    { "32-bit sizes", 0, 0xbed0bed0, 4, "32-bit" },
    { "a group outside the file", 12 + 64, (uint64_t)1 << 62, 8, "no memory" },
    { "a group that is the header", 12 + 64, 0, 8, "no memory" },
    { "no such group", 12, 'x', 1, "no memory" },
};

START_TEST(headers_that_lie)
{
    struct made tags = { 0 }, file;
    struct rig r;

    made_tag(&tags, "regionsCount", -1, -1, 0, 4);
    made_tag_block(&tags, "Memory", "0123456789abcdef", 16);
    made_word(&tags, 0, 2);
    file = checkpoint("memory", &tags);
    made_put(file.p + headers[_i].at, headers[_i].value, headers[_i].bytes);
    rig_open(&r, &file, NULL);
    ck_assert(!r.ok);
    ck_assert_msg(str_find(str_from(r.err.text), str_from(headers[_i].error)) != STR_NOT_FOUND,
                  "%s", r.err.text);
    rig_close(&r);
    made_free(&tags);
    made_free(&file);
}
END_TEST

/* A block with these three words, 4096 bytes behind it. */
static const struct {
    const char *name;
    unsigned type; /* 63, or 62: compressed */
    uint64_t in_file, in_memory, pad;
    bool ok;
    uint64_t size;
} blocks[] = {
    { "whole", 63, 4096, 4096, 0, true, 4096 },
    { "more than the file has", 63, (uint64_t)1 << 63, (uint64_t)1 << 63, 0, true, 4096 },
    { "a size that wraps", 63, UINT64_MAX - 29, 4096, 0, true, 4096 },
    { "a pad beyond the file", 63, 4096, 4096, 65535, false, 0 },
    { "compressed", 62, 4096, 65536, 0, false, 0 },
    { "empty", 63, 0, 0, 0, false, 0 },
};

START_TEST(blocks_that_lie)
{
    struct made tags = { 0 }, file, memory = made_new(4096);
    struct rig r;

    made_word(&tags, 6u << 8 | blocks[_i].type, 2);
    made_append(&tags, "Memory", 6);
    made_word(&tags, blocks[_i].in_file, 8);
    made_word(&tags, blocks[_i].in_memory, 8);
    made_word(&tags, blocks[_i].pad, 2);
    made_append(&tags, memory.p, memory.n);
    file = checkpoint("memory", &tags);
    rig_open(&r, &file, NULL);
    ck_assert_int_eq(r.ok, blocks[_i].ok);
    ck_assert_uint_eq(image_size(&r.image), blocks[_i].size);
    rig_close(&r);
    made_free(&tags);
    made_free(&file);
    made_free(&memory);
}
END_TEST

/* Indices far out, sizes beyond all, regions over each other. */
START_TEST(regions_that_lie)
{
    static const int indices[] = { 0, 1, 63, 64, 0x7fffffff };
    struct made tags = { 0 }, file, memory = made_new(8192);
    struct rig r;

    made_tag(&tags, "regionsCount", -1, -1, 0xffffffff, 4);
    for (size_t i = 0; i < sizeof indices / sizeof indices[0]; i++) {
        made_tag(&tags, "regionPPN", indices[i], -1, 0, 4);
        made_tag(&tags, "regionPageNum", indices[i], -1, 0, 4);
        made_tag(&tags, "regionSize", indices[i], -1, 0xffffffff, 4);
    }
    made_tag_block(&tags, "Memory", memory.p, memory.n);
    made_word(&tags, 0, 2);
    file = checkpoint("memory", &tags);
    rig_open(&r, &file, NULL);
    ck_assert(r.ok);
    ck_assert_uint_eq(image_size(&r.image), 8192);
    ck_assert_uint_eq(r.image.overlapping, 2 * 8192);
    rig_close(&r);
    made_free(&tags);
    made_free(&file);
    made_free(&memory);
}
END_TEST

START_TEST(tags_for_ever_end)
{
    struct made tags = { 0 }, file;
    struct rig r;

    tags = made_new(3 * (LIMIT_IMAGE_TAGS + 10));
    for (size_t i = 0; i < tags.n; i += 3)
        tags.p[i] = 1;
    file = checkpoint("memory", &tags);
    rig_open(&r, &file, NULL);
    ck_assert(!r.ok);
    ck_assert_int_eq(r.err.code, FAIL_LIMIT);
    rig_close(&r);
    made_free(&tags);
    made_free(&file);
}
END_TEST

START_TEST(more_cpus_than_anybody_has)
{
    struct made tags = { 0 }, file;
    struct rig r;

    for (int i = 0; i < 5000; i++)
        made_tag(&tags, "CR64", i, 3, (uint64_t)i << 12, 8);
    file = checkpoint("cpu", &tags);
    rig_open(&r, &file, NULL);
    ck_assert_uint_eq(r.image.cr3.n, LIMIT_IMAGE_CPUS);
    rig_close(&r);
    made_free(&tags);
    made_free(&file);
}
END_TEST

START_TEST(cut_everywhere)
{
    struct made mem = made_new(0x1000), file = made_vmss(&mem, true, 0x1000);

    for (size_t n = 0; n < file.n - mem.n + 10; n++) {
        struct made part = { file.p, n };
        struct rig r;

        rig_open(&r, &part, NULL);
        ck_assert(!r.ok || image_size(&r.image) <= 0x1000);
        rig_close(&r);
    }
    made_free(&file);
    made_free(&mem);
}
END_TEST

Suite *check_vmss(void)
{
    Suite *s = suite_create("vmss");
    TCase *t = tcase_create("vmss");

    tcase_add_test(t, two_regions_with_a_hole);
    tcase_add_test(t, no_regions_is_one_range);
    tcase_add_test(t, cpus_in_both_forms);
    tcase_add_loop_test(t, headers_that_lie, 0, (int)(sizeof headers / sizeof headers[0]));
    tcase_add_loop_test(t, blocks_that_lie, 0, (int)(sizeof blocks / sizeof blocks[0]));
    tcase_add_test(t, regions_that_lie);
    tcase_add_test(t, tags_for_ever_end);
    tcase_add_test(t, more_cpus_than_anybody_has);
    tcase_add_test(t, cut_everywhere);
    suite_add_tcase(s, t);
    return s;
}
