/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cutting lines, whatever the reads and the line ends; and sparse reading against a model: every
 * line that is wanted comes, with the whole of its record, and all are counted.
 */
#include "parsers/lines.h"

#include "analyzer/core/limits.h"
#include "parsers/parser.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(a) (int)(sizeof(a) / sizeof *(a))

/* xorshift: the same numbers everywhere. */
static uint32_t draw(uint64_t *seed, uint32_t below)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return (uint32_t)(*seed >> 33) % below;
}

/* Memory that comes in reads of odd sizes. */
struct drip {
    struct str rest;
    uint64_t seed;
    uint32_t most; /* bytes of a read */
    bool fails;    /* at the end */
};

static ptrdiff_t drip_read(void *ctx, char *buf, size_t n, struct err *err)
{
    struct drip *d = ctx;
    struct str part = str_first(d->rest, n < d->most ? n : d->most);

    if (d->rest.n == 0 && d->fails) {
        *err = (struct err){ .code = FAIL_IO, .text = "the disk is gone" };
        return -1;
    }
    part = str_first(part, 1 + draw(&d->seed, d->most));
    if (part.n)
        memcpy(buf, part.p, part.n);
    d->rest = str_from_at(d->rest, part.n);
    return (ptrdiff_t)part.n;
}

static const struct {
    struct str bytes;
    const char *lines; /* with '/' between them */
    bool unterminated; /* the last one */
} cuts[] = {
    { { STR_INIT("") }, NULL, false },
    { { STR_INIT("\n") }, "", false },
    { { STR_INIT("a") }, "a", true },
    { { STR_INIT("a\nb") }, "a/b", true },
    { { STR_INIT("a\r\nb\r\n") }, "a/b", false },
    { { STR_INIT("a\r\n\r\n\nb\r") }, "a///b", true },
    { { STR_INIT("a\rb\n") }, "a\rb", false },
    { { STR_INIT("\r\n") }, "", false },
};

START_TEST(ends_lines)
{
    struct lines *in = lines_new_memory(cuts[_i].bytes);
    struct str expected = str_from(cuts[_i].lines), part;
    struct line line = { 0 };
    struct err err;
    uint64_t number = 0;

    while (lines_next(in, &line, &err) == STEP_RECORD) {
        if (!str_take_until(&expected, '/', &part)) {
            part = expected;
            expected = (struct str){ 0 };
        }
        ck_assert_msg(str_eq(line.text, part), "%.*s", STR_ARG(line.text));
        ck_assert_uint_eq(line.number, ++number);
    }
    ck_assert_uint_eq(expected.n, 0);
    ck_assert_int_eq(line.unterminated, cuts[_i].unterminated);
    ck_assert_uint_eq(lines_stats(in).lines, number);
    ck_assert_uint_eq(lines_stats(in).bytes, cuts[_i].bytes.n);
    lines_free(in);
}
END_TEST

/* Around the limit, and far above the block's size. */
static const size_t lengths[] = { LIMIT_LINE_BYTES - 1, LIMIT_LINE_BYTES, LIMIT_LINE_BYTES + 1,
                                  LIMIT_BLOCK_BYTES, 3 * LIMIT_BLOCK_BYTES + 5 };

START_TEST(cuts_long_lines)
{
    size_t n = lengths[_i];
    char *text = malloc(n + 6);
    struct drip drip = { .rest = { .p = text, .n = n + 6 }, .seed = 9, .most = 300000 };
    struct lines *in = lines_new((struct byte_source){ drip_read, &drip });
    struct line line;
    struct err err;

    memset(text, 'x', n);
    memcpy(text + n, "\nnext\n", 6);
    ck_assert_int_eq(lines_next(in, &line, &err), STEP_RECORD);
    ck_assert_uint_eq(line.text.n, n < LIMIT_LINE_BYTES ? n : LIMIT_LINE_BYTES);
    ck_assert_int_eq(line.cut, n > LIMIT_LINE_BYTES);
    ck_assert_int_eq(line.text.p[line.text.n - 1], 'x');
    lines_unread(in);
    ck_assert_int_eq(lines_next(in, &line, &err), STEP_RECORD);
    ck_assert_uint_eq(line.text.n, n < LIMIT_LINE_BYTES ? n : LIMIT_LINE_BYTES);
    ck_assert_int_eq(lines_next(in, &line, &err), STEP_RECORD);
    ck_assert(str_eq(line.text, STR("next")));
    ck_assert_uint_eq(line.number, 2);
    ck_assert_uint_eq(line.offset, n + 1);
    ck_assert_int_eq(lines_next(in, &line, &err), STEP_END);
    ck_assert_uint_eq(lines_stats(in).bytes, n + 6);
    ck_assert_uint_eq(lines_stats(in).cut, n > LIMIT_LINE_BYTES);
    lines_free(in);
    free(text);
}
END_TEST

START_TEST(gives_a_line_back)
{
    struct lines *in = lines_new_memory(STR("one\ntwo\nthree"));
    struct line line;
    struct err err;

    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(lines_next(in, &line, &err), STEP_RECORD);
        lines_unread(in);
        ck_assert_int_eq(lines_next(in, &line, &err), STEP_RECORD);
        ck_assert_uint_eq(line.number, (uint64_t)i + 1);
    }
    lines_unread(in);
    lines_begin(in);
    ck_assert_int_eq(lines_next(in, &line, &err), STEP_RECORD);
    ck_assert(str_eq(line.text, STR("three")));
    ck_assert_uint_eq(lines_place(in).line, 3);
    ck_assert_uint_eq(lines_place(in).offset, 8);
    ck_assert_int_eq(lines_next(in, &line, &err), STEP_END);
    lines_free(in);
}
END_TEST

START_TEST(takes_raw_bytes)
{
    struct lines *in = lines_new_memory(STR("name\nab\ncd\nrest\nx"));
    struct line line;
    struct str bytes;
    struct err err;

    ck_assert_int_eq(lines_next(in, &line, &err), STEP_RECORD);
    ck_assert_int_eq(lines_take_bytes(in, 5, &bytes, &err), STEP_RECORD);
    ck_assert(str_eq(bytes, STR("ab\ncd")));
    ck_assert_int_eq(lines_next(in, &line, &err), STEP_RECORD);
    ck_assert_uint_eq(line.text.n, 0);
    ck_assert_int_eq(lines_next(in, &line, &err), STEP_RECORD);
    ck_assert(str_eq(line.text, STR("rest")));
    ck_assert_uint_eq(line.offset, 11);
    ck_assert_uint_eq(line.number, 4);
    ck_assert_int_eq(lines_take_bytes(in, 9, &bytes, &err), STEP_RECORD);
    ck_assert(str_eq(bytes, STR("x")));
    ck_assert_int_eq(lines_take_bytes(in, 1, &bytes, &err), STEP_END);
    ck_assert_uint_eq(lines_stats(in).bytes, 17);
    lines_free(in);
}
END_TEST

START_TEST(keeps_a_read_error_for_the_end)
{
    struct drip drip = { .rest = STR("one\ntwo"), .seed = 3, .most = 2, .fails = true };
    struct lines *in = lines_new((struct byte_source){ drip_read, &drip });
    struct line line;
    struct err err = { 0 };

    ck_assert_uint_eq(lines_head(in).n, 7);
    ck_assert_int_eq(lines_next(in, &line, &err), STEP_RECORD);
    ck_assert_int_eq(lines_next(in, &line, &err), STEP_RECORD);
    ck_assert(str_eq(line.text, STR("two")));
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(lines_next(in, &line, &err), STEP_FAIL);
        ck_assert_int_eq(err.code, FAIL_IO);
    }
    lines_free(in);
}
END_TEST

/* --- sparse reading ------------------------------------------------------------------------- */

/*
 * A format for the test: "H" starts a record, " " continues one; then a digit for the level (9:
 * none) and, if there, "@" and a stamp of six digits. Lines with MARK are hits.
 */
static void fake_skim(struct str line, struct skim *out)
{
    uint64_t us;

    *out = (struct skim){ .kind = SKIM_OTHER, .level = LEVEL_UNKNOWN, .mono_us = TIME_UNKNOWN };
    if (line.n < 2 || (line.p[0] != 'H' && line.p[0] != ' '))
        return;
    out->kind = line.p[0] == 'H' ? SKIM_HEAD : SKIM_CONT;
    if (line.p[1] < '9')
        out->level = (enum level)(line.p[1] - '0');
    line = str_from_at(line, 2);
    if (str_take_char(&line, '@') && str_take_digits(&line, 6, &us))
        out->mono_us = (int64_t)us;
}

static size_t fake_hit(const void *ctx, struct str block, size_t from)
{
    size_t at = str_find(str_from_at(block, from), STR("MARK"));

    (void)ctx;
    return at == STR_NOT_FOUND ? SIZE_MAX : from + at;
}

static const struct parser fake = { .skim = fake_skim };
static const struct sieve fake_sieve = { .next_hit = fake_hit, .parser = &fake };

enum { LINES_MAX = 60000, LINE_MAX = 120 };

struct model {
    char *text;
    size_t n;
    size_t n_lines;
    size_t starts[LINES_MAX + 1];
    bool wanted[LINES_MAX];   /* for itself */
    bool required[LINES_MAX]; /* or because of its record */
    uint64_t seed;
    uint32_t rate; /* one of so many lines is of interest */
};

static size_t make_line(struct model *m, char *out, uint64_t *stamp)
{
    size_t n = 0, filler = draw(&m->seed, LINE_MAX / 2);
    bool odd = draw(&m->seed, m->rate) == 0;

    out[n++] = "HHHHH    x"[draw(&m->seed, 10)];
    out[n++] = odd && draw(&m->seed, 2) ? '3' : "4679"[draw(&m->seed, 4)];
    if (draw(&m->seed, 3) == 0) {
        *stamp = odd && draw(&m->seed, 2) ? *stamp / 2 : *stamp + draw(&m->seed, 3);
        out[n++] = '@';
        for (uint64_t k = 100000; k; k /= 10)
            out[n++] = (char)('0' + *stamp / k % 10);
    }
    memset(out + n, 'M', filler);
    n += filler;
    if (odd && draw(&m->seed, 2)) {
        memcpy(out + n, "MARK", 4);
        n += 4;
    }
    if (draw(&m->seed, 20) == 0)
        out[n++] = '\r';
    return n;
}

static struct str model_line(const struct model *m, size_t i)
{
    struct str s = { .p = m->text + m->starts[i], .n = m->starts[i + 1] - m->starts[i] };

    if (str_ends(s, STR("\n")))
        s.n--;
    if (str_ends(s, STR("\r")))
        s.n--;
    return s;
}

/* What the contract asks for, from the first line behind the dense part on. */
static void judge(struct model *m)
{
    int64_t last = TIME_UNKNOWN;
    size_t head = 0;
    bool record = false;

    for (size_t i = 0; i < m->n_lines; i++) {
        struct str line = model_line(m, i);
        struct skim skim;
        bool sparse = m->starts[i] >= LIMIT_DENSE_BYTES;

        fake_skim(line, &skim);
        m->wanted[i] =
                !sparse || skim.level <= LEVEL_ERR ||
                str_find(line, STR("MARK")) != STR_NOT_FOUND ||
                (skim.mono_us != TIME_UNKNOWN && last != TIME_UNKNOWN && skim.mono_us < last);
        if (sparse && skim.mono_us != TIME_UNKNOWN)
            last = skim.mono_us;
        if (skim.kind != SKIM_CONT || !sparse) {
            head = i;
            record = false;
        }
        record |= m->wanted[i];
        for (size_t k = head; record && k <= i; k++)
            m->required[k] = true;
    }
    /* The last record tells how far the log goes. */
    for (size_t k = head; k < m->n_lines; k++)
        m->required[k] = true;
}

/* The last stamp in the sparse part before line `at`, and the last line there. */
static void check_gap(const struct model *m, const struct line *line, size_t after)
{
    size_t at = (size_t)line->number - 1;
    int64_t last = TIME_UNKNOWN;

    if (line->gap.line == 0 || line->offset < LIMIT_DENSE_BYTES)
        return;
    ck_assert_uint_eq(line->gap.line, at);
    ck_assert_uint_lt(after, at);
    for (size_t i = at; i > 0 && last == TIME_UNKNOWN && m->starts[i - 1] >= LIMIT_DENSE_BYTES;
         i--) {
        struct skim skim;

        fake_skim(model_line(m, i - 1), &skim);
        last = skim.mono_us;
    }
    ck_assert_int_eq(line->gap.mono_us, last);
}

static struct model *make_model(uint64_t seed)
{
    struct model *m = calloc(1, sizeof *m);
    uint64_t stamp = 10;

    m->seed = seed * 0x9e3779b97f4a7c15u + 1;
    m->rate = 3 + draw(&m->seed, draw(&m->seed, 2) ? 20 : 3000);
    m->text = malloc(LIMIT_DENSE_BYTES + (size_t)LINES_MAX * LINE_MAX);
    /* Few and long lines where nothing is tested. */
    while (m->n < LIMIT_DENSE_BYTES - 500) {
        m->starts[m->n_lines++] = m->n;
        memset(m->text + m->n, '.', 400);
        m->n += 400;
        m->text[m->n++] = '\n';
    }
    while (m->n_lines < LINES_MAX) {
        m->starts[m->n_lines++] = m->n;
        m->n += make_line(m, m->text + m->n, &stamp);
        m->text[m->n++] = '\n';
    }
    m->n -= draw(&m->seed, 2);
    m->starts[m->n_lines] = m->n;
    judge(m);
    return m;
}

START_TEST(sparse_misses_nothing)
{
    struct model *m = make_model((uint64_t)_i);
    struct drip drip = { .rest = { m->text, m->n }, .seed = m->seed, .most = 70000 };
    struct lines *in = lines_new((struct byte_source){ drip_read, &drip });
    struct line line;
    struct err err;
    size_t next = 0, n_returned = 0;

    lines_sparse(in, &fake_sieve);
    while (lines_next(in, &line, &err) == STEP_RECORD) {
        size_t at = (size_t)line.number - 1;

        ck_assert_uint_ge(at, next);
        check_gap(m, &line, next);
        ck_assert(next == at || line.gap.line);
        for (; next < at; next++)
            ck_assert_msg(!m->required[next], "line %zu is missing", next + 1);
        next = at + 1;
        n_returned++;
        ck_assert(str_eq(line.text, model_line(m, at)));
        ck_assert_uint_eq(line.offset, m->starts[at]);
        if (line.offset >= LIMIT_DENSE_BYTES)
            ck_assert_int_eq(line.context, !m->wanted[at]);
        if (draw(&m->seed, 50) == 0) {
            lines_unread(in);
            ck_assert_int_eq(lines_next(in, &line, &err), STEP_RECORD);
            ck_assert_uint_eq(line.number, at + 1);
        }
    }
    for (; next < m->n_lines; next++)
        ck_assert_msg(!m->required[next], "line %zu is missing", next + 1);
    ck_assert_uint_eq(lines_stats(in).lines, m->n_lines);
    ck_assert_uint_eq(lines_stats(in).bytes, m->n);
    ck_assert_uint_eq(lines_stats(in).skipped, m->n_lines - n_returned);
    ck_assert_uint_gt(lines_stats(in).skipped, 0);
    lines_free(in);
    free(m->text);
    free(m);
}
END_TEST

START_TEST(sparse_gives_what_is_asked_for)
{
    struct model *m = make_model(77);
    struct lines *in = lines_new_memory((struct str){ m->text, m->n });
    struct line line;
    struct err err;
    uint64_t before = 0;

    lines_sparse(in, &fake_sieve);
    while (lines_next(in, &line, &err) == STEP_RECORD) {
        if (line.context)
            continue;
        before = line.number;
        lines_want(in, 7);
        for (uint64_t k = 1; k <= 7; k++) {
            if (lines_next(in, &line, &err) != STEP_RECORD)
                break;
            ck_assert_uint_eq(line.number, before + k);
        }
    }
    ck_assert_uint_gt(before, 0);
    ck_assert_uint_eq(lines_stats(in).lines, m->n_lines);
    lines_free(in);
    free(m->text);
    free(m);
}
END_TEST

/* A record whose head has left the block cannot be gone back to. */
START_TEST(sparse_survives_a_record_longer_than_the_block)
{
    size_t size = (size_t)LIMIT_DENSE_BYTES + 4 * LIMIT_BLOCK_BYTES, n = 0;
    char *text = malloc(size);
    struct lines *in;
    struct line line = { 0 };
    struct err err;
    uint64_t before = 0;

    for (size_t i = 0; n + 50000 < size; i++) {
        bool dense = n < LIMIT_DENSE_BYTES + 100;

        memset(text + n, 'x', 49999);
        memcpy(text + n, dense ? "H9" : i % 40 == 39 ? " 3" : " 9", 2);
        n += 49999;
        text[n++] = '\n';
    }
    in = lines_new_memory((struct str){ text, n });
    lines_sparse(in, &fake_sieve);
    while (lines_next(in, &line, &err) == STEP_RECORD) {
        ck_assert_uint_gt(line.number, before);
        before = line.number;
    }
    ck_assert_uint_eq(lines_stats(in).bytes, n);
    ck_assert_uint_eq(lines_stats(in).lines, n / 50000);
    lines_free(in);
    free(text);
}
END_TEST

START_TEST(joins_up_to_the_limit)
{
    struct lines *in = lines_new_memory(STR(""));
    struct joiner *j = lines_joiner(in);
    struct str head = join_add(j, STR("head")), text = head, part = STR("0123456789");

    text = join_line(j, text, STR("more"));
    ck_assert(str_eq(text, STR("head\nmore")));
    ck_assert(!j->cut);
    for (size_t i = 0; i < LIMIT_RECORD_LINES; i++)
        text = join_line(j, text, part);
    ck_assert(j->cut);
    ck_assert_uint_le(text.n, LIMIT_RECORD_BYTES);
    ck_assert(str_starts(text, STR("head\nmore\n0123456789\n")));
    lines_free(in);
}
END_TEST

Suite *check_lines(void)
{
    Suite *s = suite_create("lines");
    TCase *t = tcase_create("lines");

    tcase_add_loop_test(t, ends_lines, 0, COUNT(cuts));
    tcase_add_loop_test(t, cuts_long_lines, 0, COUNT(lengths));
    tcase_add_test(t, gives_a_line_back);
    tcase_add_test(t, takes_raw_bytes);
    tcase_add_test(t, keeps_a_read_error_for_the_end);
    tcase_add_test(t, sparse_survives_a_record_longer_than_the_block);
    tcase_add_loop_test(t, sparse_misses_nothing, 0, 24);
    tcase_add_test(t, sparse_gives_what_is_asked_for);
    tcase_add_test(t, joins_up_to_the_limit);
    suite_add_tcase(s, t);
    return s;
}
