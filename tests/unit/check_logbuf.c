/* SPDX-License-Identifier: Apache-2.0 */
/* Logs before 5.10: records, their wrap, chains without symbols, and the bytes before 3.5. */
#include "analyzer/core/limits.h"
#include "parsers/memory/chains.h"
#include "tests/unit/made_memory.h"
#include "tests/unit/read_all.h"

#include <check.h>

enum { BUFFER = 0x10000, SIZE = 0x1000, BYTES = 0x20000 };

struct rig {
    struct made m;
    struct made_image i;
    struct logbuf l;
    char *text;
    bool open;
};

static struct rig rig_new(void)
{
    return (struct rig){ .m = made_new(BYTES), .text = calloc(1, LIMIT_RECORD_BYTES) };
}

static void rig_open(struct rig *r, uint64_t header, uint64_t first, uint64_t next)
{
    made_image_open(&r->i, &r->m);
    r->l = (struct logbuf){ .space = space_shifted(&r->i.image, 0),
                            .layout = logbuf_layout_default() };
    r->l.layout.header = header;
    r->l.has_caller = header > 16;
    r->open = logbuf_open(&r->l, BUFFER, SIZE, first, next);
}

static void rig_free(struct rig *r)
{
    made_image_close(&r->i);
    made_free(&r->m);
    free(r->text);
}

struct made_log_record {
    uint64_t ts_ns;
    unsigned header, flags;
    const char *text, *dict;
};

/* Writes a record at index `at` and returns the index behind it. */
static uint64_t put_record(struct made *m, uint64_t at, struct made_log_record r)
{
    unsigned char *p = m->p + BUFFER + at;
    size_t text = strlen(r.text), dict = r.dict ? strlen(r.dict) : 0;
    uint64_t len = (r.header + text + dict + 3) & ~(uint64_t)3;

    made_put(p, r.ts_ns, 8);
    made_put(p + 8, len, 2);
    made_put(p + 10, text, 2);
    made_put(p + 12, dict, 2);
    made_put(p + 14, 0, 1);
    made_put(p + 15, 5u << 5 | r.flags, 1);
    if (r.header > 16)
        made_put(p + 16, 77, 4);
    memcpy(p + r.header, r.text, text);
    if (r.dict)
        memcpy(p + r.header + text, r.dict, dict);
    return at + len;
}

static uint64_t put_lines(struct made *m, uint64_t at, unsigned from, unsigned n)
{
    char text[64];

    for (unsigned i = from; i < from + n; i++) {
        snprintf(text, sizeof text, "this is line %u", i);
        at = put_record(m, at, (struct made_log_record){ i * 1000000u, 16, 2, text, NULL });
    }
    return at;
}

static void expect_text(struct rig *r, const char *text)
{
    struct log_record now;

    ck_assert(logbuf_next(&r->l, &now, r->text));
    expect_str(now.text, text);
}

static unsigned count(struct rig *r)
{
    struct log_record now;
    unsigned n = 0;

    while (logbuf_next(&r->l, &now, r->text))
        n++;
    return n;
}

START_TEST(reads_what_was_written)
{
    struct rig r = rig_new();
    struct log_record now;
    uint64_t end =
            put_record(&r.m, 0, (struct made_log_record){ 5000, 20, 2, "one", "SUBSYSTEM=x" });

    end = put_record(&r.m, end, (struct made_log_record){ 6000, 20, 2, "", NULL });
    rig_open(&r, 20, 0, end);
    ck_assert(r.open && logbuf_next(&r.l, &now, r.text));
    expect_str(now.text, "one");
    ck_assert_uint_eq(now.ts_ns, 5000);
    ck_assert_uint_eq(now.level, 5);
    ck_assert(now.has_caller);
    ck_assert_uint_eq(now.caller, 77);
    expect_text(&r, "");
    ck_assert(!logbuf_next(&r.l, &now, r.text));
    rig_free(&r);
}
END_TEST

START_TEST(wraps_at_a_record_of_no_length)
{
    struct rig r = rig_new();
    uint64_t next = put_lines(&r.m, 0, 100, 3), first = SIZE - 200;

    put_lines(&r.m, first, 97, 3); /* and zeros up to the end */
    rig_open(&r, 16, first, next);
    for (unsigned i = 97; i < 103; i++) {
        char text[32];

        snprintf(text, sizeof text, "this is line %u", i);
        expect_text(&r, text);
    }
    ck_assert_uint_eq(count(&r), 0);
    rig_free(&r);
}
END_TEST

START_TEST(parts_of_a_line_are_joined_before_4_10)
{
    static const struct made_log_record parts[] = {
        { 1000, 16, 0, "checking", NULL }, { 2000, 16, 8, " ...", NULL },
        { 3000, 16, 8 | 2, " ok", NULL },  { 4000, 16, 4, "cut off", NULL },
        { 5000, 16, 4 | 2, "next", NULL },
    };
    struct rig r = rig_new();
    uint64_t end = 0;

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        end = put_record(&r.m, end, parts[i]);
    rig_open(&r, 16, 0, end);
    ck_assert_uint_eq(count(&r), 5);
    logbuf_rewind(&r.l);
    r.l.joins = true;
    expect_text(&r, "checking ... ok");
    expect_text(&r, "cut off");
    expect_text(&r, "next");
    ck_assert_uint_eq(count(&r), 0);
    rig_free(&r);
}
END_TEST

static const struct {
    const char *name;
    unsigned len, text_len;
} bad[] = {
    { "no length", 0, 0 },
    { "shorter than its header", 8, 0 },
    { "beyond the buffer", 0xfffc, 8 },
    { "text beyond the record", 24, 100 },
};

START_TEST(bad_records_end_it)
{
    struct rig r = rig_new();
    uint64_t end = put_lines(&r.m, 0, 1, 3);

    made_put(r.m.p + BUFFER + end + 8, bad[_i].len, 2);
    made_put(r.m.p + BUFFER + end + 10, bad[_i].text_len, 2);
    rig_open(&r, 16, 0, SIZE);
    ck_assert_uint_eq(count(&r), 3);
    rig_free(&r);
}
END_TEST

START_TEST(bad_indices_are_refused)
{
    static const uint64_t rows[][3] = { { 100, 0, 0 },
                                        { (uint64_t)1 << 40, 0, 0 },
                                        { SIZE, SIZE, 0 },
                                        { SIZE, 0, SIZE + 1 },
                                        { SIZE, (uint64_t)1 << 31, 8 } };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct logbuf l = { .layout = logbuf_layout_default() };

        ck_assert(!logbuf_open(&l, BUFFER, rows[i][0], rows[i][1], rows[i][2]));
    }
}
END_TEST

START_TEST(chains_are_found_by_shape)
{
    struct rig r = rig_new();
    struct logbuf found;

    put_lines(&r.m, 0x24, 1, 40);
    made_image_open(&r.i, &r.m);
    ck_assert(chains_find(&r.i.image, &r.i.arena, &found, NULL));
    r.l = found;
    expect_text(&r, "this is line 1");
    ck_assert_uint_eq(count(&r), 39);
    rig_free(&r);
}
END_TEST

START_TEST(a_wrapped_chain_is_put_in_order)
{
    struct rig r = rig_new();
    struct logbuf found;
    uint64_t newer = put_lines(&r.m, 0, 100, 20);

    put_lines(&r.m, newer + 8, 60, 40); /* between them the rest of an overwritten record */
    made_image_open(&r.i, &r.m);
    ck_assert(chains_find(&r.i.image, &r.i.arena, &found, NULL));
    r.l = found;
    expect_text(&r, "this is line 60");
    ck_assert_uint_eq(count(&r), 59);
    rig_free(&r);
}
END_TEST

START_TEST(a_short_chain_is_none)
{
    struct rig r = rig_new();
    struct logbuf found;

    put_lines(&r.m, 0, 1, 7);
    made_image_open(&r.i, &r.m);
    ck_assert(!chains_find(&r.i.image, &r.i.arena, &found, NULL));
    rig_free(&r);
}
END_TEST

/* Ring of bytes: `end` counts what was ever written. */
START_TEST(bytes_before_3_5)
{
    struct rig r = rig_new();
    struct bytebuf b;
    struct str line;
    static const char text[] = "<6>[    0.000000] one\n<4>two\nthree";

    memcpy(r.m.p + BUFFER, text, sizeof text - 1);
    made_image_open(&r.i, &r.m);
    b = (struct bytebuf){ .space = space_shifted(&r.i.image, 0) };
    ck_assert(bytebuf_open(&b, BUFFER, SIZE, sizeof text - 1));
    ck_assert(bytebuf_next(&b, &line, r.text));
    expect_str(line, "<6>[    0.000000] one");
    ck_assert(bytebuf_next(&b, &line, r.text));
    expect_str(line, "<4>two");
    ck_assert(bytebuf_next(&b, &line, r.text));
    expect_str(line, "three");
    ck_assert(!bytebuf_next(&b, &line, r.text));
    rig_free(&r);
}
END_TEST

START_TEST(wrapped_bytes_lose_a_line)
{
    struct rig r = rig_new();
    struct bytebuf b;
    struct str line;

    memset(r.m.p + BUFFER, 'x', SIZE);
    memcpy(r.m.p + BUFFER, "end of a line\nlast\nof the oldest\nsecond ", 40);
    memcpy(r.m.p + BUFFER + SIZE - 6, "\nwrap ", 6);
    made_image_open(&r.i, &r.m);
    b = (struct bytebuf){ .space = space_shifted(&r.i.image, 0) };
    ck_assert(bytebuf_open(&b, BUFFER, SIZE, 3 * (uint64_t)SIZE + 19));
    ck_assert(bytebuf_next(&b, &line, r.text));
    ck_assert(str_starts(line, STR("second xxx")));
    ck_assert(bytebuf_next(&b, &line, r.text));
    expect_str(line, "wrap end of a line");
    ck_assert(bytebuf_next(&b, &line, r.text));
    expect_str(line, "last");
    ck_assert(!bytebuf_next(&b, &line, r.text));
    ck_assert(!bytebuf_open(&b, BUFFER, 16, 10));
    rig_free(&r);
}
END_TEST

/* Symbols and buffers of both formats, found by VMCOREINFO. */
START_TEST(by_vmcoreinfo)
{
    enum { INFO = 0x500000, UTS = 0x501000, VARS = 0x502000, BUF = 0x510000 };
    unsigned long long vars = made_va(VARS);
    struct made m = made_new(MADE_BYTES), buffer = { m.p + BUF - BUFFER, BYTES };
    char more[400], *text = (char *)m.p + BUF;
    struct read_all all;
    uint64_t end;

    if (_i == 0)
        snprintf(more, sizeof more,
                 "SYMBOL(log_buf)=%llx\nSYMBOL(log_buf_len)=%llx\nSYMBOL(log_first_idx)=%llx\n"
                 "SYMBOL(log_next_idx)=%llx\nSIZE(printk_log)=16\n",
                 vars, vars + 8, vars + 12, vars + 16);
    else
        snprintf(more, sizeof more,
                 "SYMBOL(log_buf)=%llx\nSYMBOL(log_buf_len)=%llx\nSYMBOL(log_end)=%llx\n", vars,
                 vars + 8, vars + 12);
    made_info(&m, INFO, UTS, more);
    made_put(m.p + VARS, made_va(BUF), 8);
    made_put(m.p + VARS + 8, SIZE, 4);
    if (_i == 0) {
        end = put_lines(&buffer, 0, 1, 20);
        made_put(m.p + VARS + 16, end, 4);
    } else {
        for (unsigned i = 1; i <= 20; i++)
            text += snprintf(text, 64, "<5>[%5u.%06u] this is line %u\n", 0u, i * 1000, i);
        made_put(m.p + VARS + 12, (uint64_t)(text - (char *)(m.p + BUF)), 4);
    }
    all = read_all(made_str(&m), "vmem");
    ck_assert_uint_eq(all.n, 20);
    expect_str(all.p[19]->text, "this is line 20");
    ck_assert_int_eq(all.p[19]->mono_us, 20000);
    ck_assert_int_eq(all.p[19]->level, LEVEL_NOTICE);
    ck_assert_int_eq(all.p[19]->origin, ORIGIN_GUEST_KERNEL);
    read_all_done(&all);
    made_free(&m);
}
END_TEST

Suite *check_logbuf(void)
{
    Suite *s = suite_create("logbuf");
    TCase *t = tcase_create("logbuf");

    tcase_add_test(t, reads_what_was_written);
    tcase_add_test(t, wraps_at_a_record_of_no_length);
    tcase_add_test(t, parts_of_a_line_are_joined_before_4_10);
    tcase_add_loop_test(t, bad_records_end_it, 0, (int)(sizeof bad / sizeof bad[0]));
    tcase_add_test(t, bad_indices_are_refused);
    tcase_add_test(t, chains_are_found_by_shape);
    tcase_add_test(t, a_wrapped_chain_is_put_in_order);
    tcase_add_test(t, a_short_chain_is_none);
    tcase_add_test(t, bytes_before_3_5);
    tcase_add_test(t, wrapped_bytes_lose_a_line);
    tcase_add_loop_test(t, by_vmcoreinfo, 0, 2);
    suite_add_tcase(s, t);
    return s;
}
