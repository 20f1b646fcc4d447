/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Takes out of a crash title what differs from machine to machine: addresses, numbers, offsets. The
 * steps run in a fixed order, each over the whole title, and each makes it shorter or keeps it.
 */
#include "analyzer/evidence/crash_text.h"

enum { TITLE_BYTES = 120, WORK_BYTES = 1024 };

struct work {
    char text[WORK_BYTES];
    size_t n;
};

static struct str work_str(const struct work *w)
{
    return (struct str){ w->text, w->n };
}

static bool is_lower_hex(char c)
{
    return char_is_digit(c) || (c >= 'a' && c <= 'f');
}

static size_t run_of(struct str s, bool (*is)(char))
{
    size_t n = 0;

    while (n < s.n && is(s.p[n]))
        n++;
    return n;
}

static bool is_digit(char c)
{
    return char_is_digit(c);
}

/* Bytes that a step replaces at `at`, 0: none there. `before` is the byte in front, NUL at 0. */
typedef size_t step_fn(struct str s, char before, struct str *by);

/* "0xffff8881deadbeef", "c0ffee12" behind something that is no letter. */
static size_t step_address(struct str s, char before, struct str *by)
{
    struct str rest = s;
    size_t prefix = str_take(&rest, STR("0x")) ? 2 : 0, digits = run_of(rest, is_lower_hex);

    if (before == '\0' || char_is_alnum(before))
        return 0;
    if (digits < 6 && prefix) {
        prefix = 0;
        digits = run_of(s, is_lower_hex);
    }
    if (digits < 6)
        return 0;
    *by = STR("ADDR");
    return prefix + digits;
}

static size_t step_ip(struct str s, char before, struct str *by)
{
    struct str rest = s;
    uint64_t part;

    if (char_is_digit(before))
        return 0;
    for (int i = 0; i < 4; i++)
        if ((i && !str_take_char(&rest, '.')) || !str_take_u64(&rest, &part) || part > 999)
            return 0;
    *by = STR("IP");
    return s.n - rest.n;
}

/* ".c:123", ".h:12:34": the place behind a source file's extension. */
static size_t step_line(struct str s, char before, struct str *by)
{
    static const struct {
        struct str extension, by;
    } rows[] = {
        { { STR_INIT(".c:") }, { STR_INIT(".c:LINE") } },
        { { STR_INIT(".h:") }, { STR_INIT(".h:LINE") } },
        { { STR_INIT(".S:") }, { STR_INIT(".S:LINE") } },
        { { STR_INIT(".rs:") }, { STR_INIT(".rs:LINE") } },
    };

    (void)before;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct str rest = s;
        size_t digits;

        if (!str_take(&rest, rows[i].extension))
            continue;
        digits = run_of(rest, is_digit);
        rest = str_from_at(rest, digits);
        if (digits && str_take_char(&rest, ':')) {
            size_t column = run_of(rest, is_digit);

            digits += column ? column + 1 : 0;
        }
        *by = rows[i].by;
        return digits ? rows[i].extension.n + digits : 0;
    }
    return 0;
}

/* Tidying takes out what cannot be printed: what stands behind it would join the name. */
static bool is_torn(char c)
{
    return char_is_word(c) || c > '~' || (c < ' ' && c != '\t' && c != '\n');
}

/* "+0x1b/0x2c0": the offset behind a function. */
static size_t step_offset(struct str s, char before, struct str *by)
{
    struct str rest = s;
    uint64_t number;

    if (!char_is_word(before) || !str_take(&rest, STR("+0x")) || !str_take_hex(&rest, &number) ||
        !str_take(&rest, STR("/0x")) || !str_take_hex(&rest, &number))
        return 0;
    /* What a torn line glued to it may not become a part of the function's name. */
    rest = str_from_at(rest, run_of(rest, is_torn));
    *by = STR("");
    return s.n - rest.n;
}

static size_t step_cpu(struct str s, char before, struct str *by)
{
    struct str rest = s;
    uint64_t number;

    (void)before;
    if (!str_take(&rest, STR("CPU#")) || !str_take_u64(&rest, &number))
        return 0;
    *by = STR("CPU");
    return s.n - rest.n;
}

/* A whole number between characters of no word, or at the end. */
static size_t step_number(struct str s, char before, struct str *by)
{
    size_t digits = run_of(s, is_digit);

    if (digits == 0 || before == '\0' || char_is_word(before) ||
        (digits < s.n && char_is_word(s.p[digits])))
        return 0;
    *by = STR("NUM");
    return digits;
}

static size_t step_long_number(struct str s, char before, struct str *by)
{
    size_t digits = run_of(s, is_digit);

    if (digits < 7 || char_is_digit(before))
        return 0;
    *by = STR("NUM");
    return digits;
}

/* Test programs of fuzzers carry running numbers: "syz-executor.3", "syz-executor4/123". */
static size_t step_fuzzer(struct str s, char before, struct str *by)
{
    static const struct str names[] = { { STR_INIT("syz-executor") }, { STR_INIT("syzkaller") } };

    (void)before;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct str rest = s;
        size_t n;

        if (!str_take(&rest, names[i]))
            continue;
        str_take_char(&rest, '.');
        n = run_of(rest, is_digit);
        rest = str_from_at(rest, n);
        if (n && str_take_char(&rest, '/'))
            rest = str_from_at(rest, run_of(rest, is_digit));
        if (n == 0)
            return 0;
        *by = names[i];
        return s.n - rest.n;
    }
    return 0;
}

static void run_step(struct work *w, step_fn *step)
{
    struct work out = { .n = 0 };
    struct str s = work_str(w);

    for (size_t i = 0; i < s.n;) {
        struct str by = { 0 };
        size_t n = step(str_from_at(s, i), i ? s.p[i - 1] : '\0', &by);

        for (size_t k = 0; n && k < by.n && out.n < WORK_BYTES; k++)
            out.text[out.n++] = by.p[k];
        if (n == 0 && out.n < WORK_BYTES)
            out.text[out.n++] = s.p[i];
        i += n ? n : 1;
    }
    *w = out;
}

/* All steps but that for addresses need one, and most titles have none. */
static bool has_digit(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (char_is_digit(s.p[i]))
            return true;
    return false;
}

/* Only what can be printed, single blanks, none at the ends. */
static void tidy(struct work *w)
{
    size_t n = 0;

    w->n = w->n > TITLE_BYTES ? TITLE_BYTES : w->n;
    for (size_t i = 0; i < w->n; i++) {
        char c = w->text[i] == '\t' ? ' ' : w->text[i];

        if (c < ' ' || c > '~' || (c == ' ' && (n == 0 || w->text[n - 1] == ' ')))
            continue;
        w->text[n++] = c;
    }
    while (n && w->text[n - 1] == ' ')
        n--;
    w->n = n;
}

struct str crash_normalise(struct arena *a, struct str title)
{
    static step_fn *const steps[] = { step_fuzzer, step_address, step_ip,     step_line,
                                      step_offset, step_cpu,     step_number, step_long_number };
    struct work w = { .n = 0 };

    title = str_first(title, WORK_BYTES);
    for (size_t i = 0; i < title.n; i++)
        w.text[w.n++] = title.p[i];
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        if (steps[i] == step_address || has_digit(work_str(&w)))
            run_step(&w, steps[i]);
    tidy(&w);
    return arena_str(a, work_str(&w));
}
