/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Live input gives the same records as the whole input at once, however its bytes come; and what
 * a pause means.
 */
#include "analyzer/core/arena.h"
#include "parsers/reader.h"

#include <check.h>
#include <string.h>

#define COUNT(a) (int)(sizeof(a) / sizeof *(a))

static const struct {
    const char *format;
    struct str text;
} inputs[] = {
    { "dmesg",
      { STR_INIT("[    0.000000] Linux version 6.1.0-made (b@m) (gcc 12) #1 SMP\n"
                 "[    1.000000] a record of two lines, the first\n"
                 "               and the second\n"
                 "[    2.000000] one\n"
                 "[    3.000000] the last, of two\n"
                 "               lines\n") } },
    { "kmsg",
      { STR_INIT("6,1,0,-;Linux version 6.1.0-made\n"
                 "6,2,100,-;pci 0000:00:00.0: a device\n"
                 " SUBSYSTEM=pci\n"
                 " DEVICE=+pci:0000:00:00.0\n"
                 "3,4,200,-,caller=T1;a gap before\\x0aand a newline\n") } },
    { "journal-export",
      { STR_INIT("__REALTIME_TIMESTAMP=1790000000000000\n"
                 "_BOOT_ID=abababababababababababababababab\n"
                 "MESSAGE=plain\nPRIORITY=6\n\n"
                 "__REALTIME_TIMESTAMP=1790000000000001\n"
                 "_BOOT_ID=abababababababababababababababab\n"
                 "MESSAGE\n\x0b\0\0\0\0\0\0\0with\na line\nPRIORITY=3\n\n") } },
    { "journal-json",
      { STR_INIT("{\"MESSAGE\":\"one\",\"PRIORITY\":\"6\"}\n"
                 "{\"MESSAGE\":\"two\",\"PRIORITY\":\"3\"}\n") } },
    { "syslog",
      { STR_INIT("Jan  2 03:04:05 host kernel: [    1.000000] one\n"
                 "Jan  2 03:04:06 host made[12]: two\n") } },
    { "console",
      { STR_INIT("SeaBIOS (version made)\r\n"
                 "[    0.000000] Linux version 6.1.0-made (b@m)\r\n"
                 "host login: [    9.000000] interrupted\r\n"
                 "made: by a program\r\n") } },
    { "vmware-log",
      { STR_INIT("2026-01-02T03:04:05.006Z In(05) vmx - Log for VMware ESX pid=1 "
                 "version=8.0.0\n"
                 "2026-01-02T03:04:05.007Z In(05) vcpu-0 - Guest: <4>[1.000000]made: "
                 "one\n"
                 "2026-01-02T03:04:05.008Z In(05)+ vcpu-0 - and more of it\n"
                 "2026-01-02T03:04:05.009Z Er(02) vmx - the host\n") } },
    { "journal-text",
      { STR_INIT("[    1.000000] host kernel: one\n"
                 "[    2.000000] host made[12]: two\n"
                 "                              of two lines\n") } },
    { "plain", { STR_INIT("anything\nat all\n") } },
};

/* Bytes that come in small pieces, with nothing in between. */
struct drip {
    struct str rest;
    uint64_t seed;
    size_t piece;
    bool ended;
};

static ptrdiff_t drip_read(void *ctx, char *buf, size_t n, struct err *err)
{
    struct drip *d = ctx;
    size_t take;

    (void)err;
    d->seed = d->seed * 6364136223846793005u + 1442695040888963407u;
    take = (size_t)(d->seed >> 33) % (d->piece + 1);
    if (take == 0 || d->rest.n == 0)
        return d->rest.n == 0 && d->ended ? 0 : READ_WAIT;
    if (take > d->rest.n)
        take = d->rest.n;
    if (take > n)
        take = n;
    memcpy(buf, d->rest.p, take);
    d->rest = str_from_at(d->rest, take);
    return (ptrdiff_t)take;
}

struct open {
    struct arena arena;
    struct notes notes;
    struct input *in;
    struct reader *reader;
};

static void open_reader(struct open *o, struct input *in, const struct parser *format, bool live)
{
    struct reader_options options = { .format = format, .notes = &o->notes, .live = live };
    struct err err;

    o->notes = (struct notes){ .arena = &o->arena };
    o->in = in;
    ck_assert_ptr_nonnull(in);
    ck_assert(reader_open(&o->reader, in, &options, &err));
}

static void close_reader(struct open *o)
{
    reader_close(o->reader);
    input_close(o->in);
    arena_done(&o->arena);
}

static const struct parser *format_of(int i)
{
    return parser_find(str_from(inputs[i].format));
}

static void compare(const struct record *a, const struct record *b)
{
    ck_assert(str_eq(a->text, b->text));
    ck_assert_int_eq(a->level, b->level);
    ck_assert_int_eq(a->origin, b->origin);
    ck_assert_int_eq(a->mono_us, b->mono_us);
    ck_assert_int_eq(a->wall_us, b->wall_us);
    ck_assert_uint_eq(a->flags, b->flags);
    ck_assert_uint_eq(a->line, b->line);
    ck_assert_uint_eq(a->offset, b->offset);
}

static void run_drip(int i, uint64_t seed, size_t piece)
{
    struct drip drip = { .rest = inputs[i].text, .seed = seed, .piece = piece, .ended = true };
    struct byte_source source = { .read = drip_read, .ctx = &drip };
    struct open whole = { .reader = NULL }, live = { .reader = NULL };
    struct record a, b;
    struct err err;
    enum step step;

    open_reader(&whole, input_from_memory(STR("x"), inputs[i].text), format_of(i), false);
    open_reader(&live, input_from_source(STR("x"), source), format_of(i), true);
    while ((step = reader_next(whole.reader, &a, &err)) == STEP_RECORD) {
        while ((step = reader_next(live.reader, &b, &err)) == STEP_WAIT)
            ;
        ck_assert_int_eq(step, STEP_RECORD);
        compare(&a, &b);
    }
    ck_assert_int_eq(step, STEP_END);
    while ((step = reader_next(live.reader, &b, &err)) == STEP_WAIT)
        ;
    ck_assert_int_eq(step, STEP_END);
    ck_assert_uint_eq(reader_stats(live.reader).bytes, inputs[i].text.n);
    ck_assert_uint_eq(reader_stats(live.reader).lines, reader_stats(whole.reader).lines);
    close_reader(&whole);
    close_reader(&live);
}

START_TEST(test_same)
{
    ck_assert_msg(format_of(_i) != NULL, "no format %s", inputs[_i].format);
    for (uint64_t seed = 1; seed <= 40; seed++) {
        run_drip(_i, seed, 3);
        run_drip(_i, seed, 40);
        run_drip(_i, seed, 4096);
    }
}
END_TEST

/* A record whose next line may still come waits, until it is said that nothing will. */
START_TEST(test_pause)
{
    struct drip drip = { .rest = STR("[    1.000000] one\n[    2.000000] two\n[    3.0"),
                         .seed = 1,
                         .piece = 100 };
    struct byte_source source = { .read = drip_read, .ctx = &drip };
    struct open live = { .reader = NULL };
    struct record r;
    struct err err;
    enum step step = STEP_WAIT;

    open_reader(&live, input_from_source(STR("x"), source), parser_find(STR("dmesg")), true);
    for (unsigned i = 0; i < 20 && step == STEP_WAIT; i++)
        step = reader_next(live.reader, &r, &err);
    ck_assert_int_eq(step, STEP_RECORD);
    ck_assert(str_eq(r.text, STR("one")));
    ck_assert_int_eq(reader_next(live.reader, &r, &err), STEP_WAIT);
    reader_pause(live.reader, PAUSE_QUIET);
    ck_assert_int_eq(reader_next(live.reader, &r, &err), STEP_RECORD);
    ck_assert(str_eq(r.text, STR("two")));
    ck_assert_int_eq(reader_next(live.reader, &r, &err), STEP_WAIT);
    reader_pause(live.reader, PAUSE_LAST);
    ck_assert_int_eq(reader_next(live.reader, &r, &err), STEP_RECORD);
    ck_assert(str_eq(r.text, STR("[    3.0")));
    ck_assert_int_eq(reader_next(live.reader, &r, &err), STEP_END);
    /* Another file under the same name. */
    reader_restart(live.reader);
    drip.rest = STR("[    4.000000] four\n[    5.000000] five\n");
    for (step = STEP_WAIT; step == STEP_WAIT;)
        step = reader_next(live.reader, &r, &err);
    ck_assert(str_eq(r.text, STR("four")));
    ck_assert_uint_eq(r.line, 1);
    ck_assert_uint_eq(r.offset, 0);
    close_reader(&live);
}
END_TEST

/* The format is told when enough lines are there, and told again while it is in doubt. */
START_TEST(test_format)
{
    struct drip drip = { .rest = STR("hello\n"), .seed = 1, .piece = 4096 };
    struct byte_source source = { .read = drip_read, .ctx = &drip };
    struct open live = { .reader = NULL };
    struct record r;
    struct err err;

    open_reader(&live, input_from_source(STR("x"), source), NULL, true);
    for (unsigned i = 0; i < 9; i++)
        ck_assert_int_eq(reader_next(live.reader, &r, &err), STEP_WAIT);
    ck_assert_ptr_null(reader_format(live.reader));
    reader_pause(live.reader, PAUSE_QUIET);
    ck_assert_int_eq(reader_next(live.reader, &r, &err), STEP_RECORD);
    ck_assert_str_eq(reader_format(live.reader)->name, "plain");
    reader_pause(live.reader, PAUSE_WAIT);
    ck_assert_int_eq(reader_next(live.reader, &r, &err), STEP_WAIT);
    drip.rest = STR("[    1.000000] one\n[    2.000000] two\n");
    for (enum step step = STEP_WAIT; step == STEP_WAIT;)
        step = reader_next(live.reader, &r, &err);
    ck_assert_str_eq(reader_format(live.reader)->name, "dmesg");
    ck_assert(str_eq(r.text, STR("one")));
    close_reader(&live);
}
END_TEST

/* A line that is longer than any is kept: cut, and its tail skipped across waits. */
START_TEST(test_long_line)
{
    static char text[300000];
    struct drip drip = { .rest = { .p = text, .n = sizeof text }, .seed = 5, .piece = 9000 };
    struct byte_source source = { .read = drip_read, .ctx = &drip };
    struct open live = { .reader = NULL };
    struct record r;
    struct err err;

    memset(text, 'x', sizeof text);
    memcpy(text + sizeof text - 5, "\nend\n", 5);
    open_reader(&live, input_from_source(STR("x"), source), parser_find(STR("plain")), true);
    for (enum step step = STEP_WAIT; step == STEP_WAIT;)
        step = reader_next(live.reader, &r, &err);
    ck_assert_int_eq(r.text.p[0], 'x');
    for (enum step step = STEP_WAIT; step == STEP_WAIT;)
        step = reader_next(live.reader, &r, &err);
    ck_assert(str_eq(r.text, STR("end")));
    ck_assert_uint_eq(r.line, 2);
    close_reader(&live);
}
END_TEST

Suite *check_reader_live(void)
{
    Suite *s = suite_create("reader_live");
    TCase *t = tcase_create("all");

    tcase_add_loop_test(t, test_same, 0, COUNT(inputs));
    tcase_add_test(t, test_pause);
    tcase_add_test(t, test_format);
    tcase_add_test(t, test_long_line);
    suite_add_tcase(s, t);
    return s;
}
