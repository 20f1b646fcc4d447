/* SPDX-License-Identifier: Apache-2.0 */
/* Journal files, made object by object: whole, torn at every place, with bytes flipped, merged. */
#include "parsers/input.h"
#include "parsers/journal_file.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { HEADER = 256, ROOM = 64 << 10 };

struct made {
    char bytes[ROOM];
    size_t n;
    uint64_t entries;
};

static void put_le(char *at, uint64_t value, size_t n)
{
    for (size_t i = 0; i < n; i++)
        at[i] = (char)(value >> (8 * i) & 255);
}

static void begin(struct made *m, char file_id)
{
    *m = (struct made){ .n = HEADER };
    memcpy(m->bytes, JOURNAL_MAGIC, 8);
    m->bytes[24] = file_id;
    put_le(m->bytes + 88, HEADER, 8);
}

/* Appends an object of that many bytes; its offset. */
static uint64_t add_object(struct made *m, char type, char flags, size_t size)
{
    uint64_t at = m->n;

    ck_assert_uint_le(m->n + size + 8, sizeof m->bytes);
    m->bytes[at] = type;
    m->bytes[at + 1] = flags;
    put_le(m->bytes + at + 8, size, 8);
    m->n += (size + 7) & ~(size_t)7;
    put_le(m->bytes + 136, at, 8);
    put_le(m->bytes + 96, m->n - HEADER, 8);
    return at;
}

static uint64_t add_data(struct made *m, char flags, struct str payload)
{
    uint64_t at = add_object(m, 1, flags, 64 + payload.n);

    memcpy(m->bytes + at + 64, payload.p, payload.n);
    return at;
}

static void add_entry(struct made *m, uint64_t seqnum, const uint64_t *data, size_t n)
{
    char *p = m->bytes + add_object(m, 3, 0, 64 + 16 * n);

    put_le(p + 16, seqnum, 8);
    put_le(p + 24, 1790000000000000 + seqnum, 8);
    put_le(p + 32, 1000 * seqnum, 8);
    memset(p + 40, 0xab, 16);
    for (size_t i = 0; i < n; i++)
        put_le(p + 64 + 16 * i, data[i], 8);
    put_le(m->bytes + 152, ++m->entries, 8);
}

static int spool(const char *bytes, size_t n)
{
    int fd = memfd_create("check", MFD_CLOEXEC);

    ck_assert(fd >= 0 && write(fd, bytes, n) == (ssize_t)n);
    return fd;
}

/* All that comes out, NUL at its end only; FAIL_NONE when it ends well. */
static char *read_out(const struct journal_part *parts, size_t n_parts, struct err *err)
{
    struct journal_source *s = journal_open(parts, n_parts, err);
    char *text = malloc(ROOM * 8);
    size_t n = 0;
    ptrdiff_t got;

    ck_assert(s && text);
    while ((got = journal_read(s, text + n, ROOM * 8 - 1 - n, err)) > 0)
        n += (size_t)got;
    if (got == 0)
        err->code = FAIL_NONE;
    for (size_t i = 0; i < n; i++)
        if (text[i] == '\0')
            text[i] = ' '; /* of a length */
    text[n] = '\0';
    journal_close(s);
    return text;
}

static char *read_one(const char *bytes, size_t n, struct err *err)
{
    struct journal_part part = { .fd = spool(bytes, n), .name = STR("a/system.journal") };

    return read_out(&part, 1, err);
}

/* Ten entries, a value that they share, and one with two lines. */
static void make_ten(struct made *m)
{
    uint64_t data[3];

    begin(m, 1);
    data[0] = add_data(m, 0, STR("_TRANSPORT=kernel"));
    for (unsigned i = 1; i <= 10; i++) {
        char text[40];

        snprintf(text, sizeof text, "MESSAGE=text %u%s", i, i == 3 ? "\nmore" : "");
        data[1] = add_data(m, 0, str_from(text));
        data[2] = add_data(m, 0, STR("_CMDLINE=nobody needs it"));
        add_entry(m, i, data, 3);
    }
}

static size_t count(const char *text, const char *what)
{
    size_t n = 0;

    while ((text = strstr(text, what))) {
        n++;
        text++;
    }
    return n;
}

START_TEST(entries_become_text)
{
    struct made *m = malloc(sizeof *m);
    struct err err;
    char *text;

    make_ten(m);
    text = read_one(m->bytes, m->n, &err);
    ck_assert_int_eq(err.code, FAIL_NONE);
    ck_assert_ptr_eq(strstr(text, "LPKSHHRH=\n__REALTIME_TIMESTAMP=1790000000000001\n"
                                  "__MONOTONIC_TIMESTAMP=1000\n"
                                  "_BOOT_ID=abababababababababababababababab\n"
                                  "_TRANSPORT=kernel\nMESSAGE=text 1\n\n"),
                     text);
    ck_assert_uint_eq(count(text, "_TRANSPORT=kernel\n"), 10);
    ck_assert_uint_eq(count(text, "_CMDLINE"), 0);
    ck_assert_uint_eq(count(text, "MESSAGE\n\x0b"), 1);
    free(text);
    free(m);
}
END_TEST

/* Wherever it is cut, the entries before the cut are there, and the loss is told. */
START_TEST(torn_anywhere)
{
    struct made *m = malloc(sizeof *m);

    make_ten(m);
    for (size_t n = 208; n < m->n; n += 8) {
        struct err err;
        char *text = read_one(m->bytes, n, &err);
        size_t whole = 0;

        for (size_t at = HEADER; at < n; at += 8)
            whole += m->bytes[at] == 3 && m->bytes[at + 8] == 112 && at + 112 <= n;
        ck_assert_uint_eq(count(text, "__REALTIME_TIMESTAMP="), whole);
        ck_assert_int_eq(err.code, whole < 10 ? FAIL_FORMAT : FAIL_NONE);
        free(text);
    }
    free(m);
}
END_TEST

/* One byte after the other takes every value that hurts: no crash, no endless text. */
START_TEST(flipped_anywhere)
{
    static const unsigned char masks[] = { 0x01, 0x80, 0xff };
    struct made *m = malloc(sizeof *m);

    make_ten(m);
    for (size_t at = 8; at < m->n; at++) {
        for (size_t k = 0; k < sizeof masks; k++) {
            struct err err;
            char *text;

            m->bytes[at] = (char)((unsigned char)m->bytes[at] ^ masks[k]);
            text = read_one(m->bytes, m->n, &err);
            ck_assert_uint_le(count(text, "__REALTIME_TIMESTAMP="), 10);
            if (at >= HEADER)
                ck_assert_uint_ge(count(text, "__REALTIME_TIMESTAMP="), 8);
            m->bytes[at] = (char)((unsigned char)m->bytes[at] ^ masks[k]);
            free(text);
        }
    }
    free(m);
}
END_TEST

START_TEST(lz4_value)
{
    /* the length, "MESSAGE=ab" as literals, then 9 bytes from 2 back, then the last literal */
    static const char packed[] = "\x14\0\0\0\0\0\0\0\xa5MESSAGE=ab\x02\0\x10!";
    struct made *m = malloc(sizeof *m);
    struct err err;
    uint64_t data;
    char *text;

    begin(m, 1);
    data = add_data(m, JOURNAL_LZ4, (struct str){ .p = packed, .n = sizeof packed - 1 });
    add_entry(m, 1, &data, 1);
    text = read_one(m->bytes, m->n, &err);
    ck_assert_ptr_nonnull(strstr(text, "MESSAGE=abababababa!\n"));
    free(text);
    free(m);
}
END_TEST

/* Two files of one journald, every other entry in each; one entry in both. */
START_TEST(files_are_merged)
{
    struct made *a = malloc(sizeof *a), *b = malloc(sizeof *b);
    struct journal_part parts[2];
    const char *last;
    struct err err;
    char *text;

    begin(a, 1);
    begin(b, 2);
    for (unsigned i = 1; i <= 9; i++) {
        struct made *m = i % 2 ? a : b;
        char message[40];
        uint64_t data;

        snprintf(message, sizeof message, "MESSAGE=text %u", i);
        data = add_data(m, 0, str_from(message));
        add_entry(m, i, &data, 1);
        if (i == 5) {
            data = add_data(b, 0, str_from(message));
            add_entry(b, i, &data, 1);
        }
    }
    parts[0] = (struct journal_part){ .fd = spool(a->bytes, a->n), .name = STR("system.journal") };
    parts[1] = (struct journal_part){ .fd = spool(b->bytes, b->n), .name = STR("user.journal") };
    last = text = read_out(parts, 2, &err);
    for (unsigned i = 1; i <= 9; i++) {
        char message[40];

        snprintf(message, sizeof message, "MESSAGE=text %u\n", i);
        ck_assert_uint_eq(count(text, message), 1);
        ck_assert(strstr(text, message) >= last);
        last = strstr(text, message);
    }
    free(text);
    free(a);
    free(b);
}
END_TEST

Suite *check_journal_file(void)
{
    Suite *suite = suite_create("journal_file");
    TCase *tests = tcase_create("files");

    tcase_add_test(tests, entries_become_text);
    tcase_add_test(tests, torn_anywhere);
    tcase_add_test(tests, flipped_anywhere);
    tcase_add_test(tests, lz4_value);
    tcase_add_test(tests, files_are_merged);
    suite_add_tcase(suite, tests);
    return suite;
}
