/* SPDX-License-Identifier: Apache-2.0 */
/* Guests behind a debug stub: packets, good and bad stubs, and that every guest is let go. */
#include "tests/unit/made_stub.h"

#include "parsers/memory/gdb_resolve.h"
#include "parsers/memory/gdb_socket.h"
#include "parsers/memory/guest.h"

#include <check.h>
#include <sys/wait.h>

enum { RING = 0x500000, POINTER = 0x482000 };

/* Raw bytes that a stub sends, "#??" standing for the right sum, and what they say. */
static const struct {
    const char *name;
    const char *bytes;
    const char *reply; /* NULL: it fails */
} packets[] = {
    { "plain", "+$OK#9a", "OK" },
    { "empty", "+$#00", "" },
    { "run of the shortest", "$0*!#??", "00000" },
    { "run in the middle", "$12* 3#??",
      "1222"
      "23" },
    { "escaped", "$a}\003b#??", "a#b" },
    { "noise in front", "xyz\r\n$OK#9a", "OK" },
    { "damaged, then right", "$OK#00$OK#9a", "OK" },
    { "sum of other letters", "$OK#zz$OK#9a", "OK" },
    { "sum in capitals", "$O*!#??", "OOOOO" },
    { "asked to send again", "-+$OK#9a", "OK" },
    { "a stop reply nobody asked for", "$T05thread:01;#??$OK#9a", "OK" },
    { "a torn one in front", "$E1$OK#9a", "OK" },
    { "damaged for ever", "$OK#00$OK#00$OK#00$OK#00$OK#00", NULL },
    { "send again for ever", "-----", NULL },
    { "run of nothing", "$*!#??", NULL },
    { "run of an odd length", "$0*\037#??", NULL },
    { "cut in the sum", "$OK#9", NULL },
    { "cut in the text", "$O", NULL },
    { "cut in a run", "$0*", NULL },
    { "silence", "", NULL },
};

/* Fills in the sums. */
static void feed(struct made_stub *s, const char *bytes)
{
    unsigned sum = 0;

    for (size_t i = 0; bytes[i]; i++) {
        char digits[3];

        if (bytes[i] == '$')
            sum = 0;
        else
            sum += (unsigned char)bytes[i];
        if (strncmp(bytes + i, "#??", 3) == 0) {
            snprintf(digits, sizeof digits, "%02x", (sum - '#') & 255);
            stub_raw(s, "#", 1);
            stub_raw(s, digits, 2);
            i += 2;
        } else {
            stub_raw(s, bytes + i, 1);
        }
    }
}

static bool write_nothing(void *ctx, const char *p, size_t n, struct err *err)
{
    (void)ctx;
    (void)p;
    (void)n;
    (void)err;
    return true;
}

START_TEST(packet)
{
    struct made_stub *s = calloc(1, sizeof *s);
    struct gdb_wire wire = { .read = stub_read, .write = write_nothing, .ctx = s };
    struct gdb *g = calloc(1, sizeof *g);
    struct str reply = { 0 };
    struct err err = { 0 };
    bool ok;

    gdb_init(g, &wire);
    feed(s, packets[_i].bytes);
    ok = gdb_ask(g, STR("m0,1"), &reply, &err);
    ck_assert_msg(ok == (packets[_i].reply != NULL), "%s: %s", packets[_i].name, err.text);
    if (ok)
        ck_assert_msg(str_eq(reply, str_from(packets[_i].reply)), "%s: '%.*s'", packets[_i].name,
                      STR_ARG(reply));
    else
        ck_assert(err.text[0] != '\0');
    free(g);
    free(s);
}
END_TEST

/* A reply of gigabytes, in runs or in full, fails and does not grow. */
static size_t read_for_ever(void *ctx, char *buf, size_t n, struct err *err)
{
    const char *what = ctx;

    (void)err;
    for (size_t i = 0; i < n; i++)
        buf[i] = what[i % strlen(what)];
    return n;
}

START_TEST(hostile_lengths)
{
    static const char *const streams[] = { "0", "$0*~", "0*~0*~", "$", "}", "+", "-", "$OK#00" };
    struct gdb *g = calloc(1, sizeof *g);

    for (size_t i = 0; i < sizeof streams / sizeof streams[0]; i++) {
        char copy[16];
        struct gdb_wire wire = { .read = read_for_ever, .write = write_nothing, .ctx = copy };
        struct str reply;
        struct err err;

        snprintf(copy, sizeof copy, "%s", streams[i]);
        gdb_init(g, &wire);
        ck_assert(!gdb_ask(g, STR("?"), &reply, &err));
    }
    free(g);
}
END_TEST

static struct made made_guest(unsigned n)
{
    struct made m = made_new(MADE_BYTES);
    struct made_ring r = made_ring_at(RING, 7);

    made_ring_fill(&m, &r, "live", n);
    made_put(m.p + POINTER, made_va(RING), 8);
    return m;
}

/* How stubs differ; the log is there, or a text says why not. */
static const struct {
    const char *name;
    struct made_stub stub;
    const char *error;
} stubs[] = {
    { "like QEMU's", { .packet_bytes = 0x1000, .threads = 1 }, NULL },
    { "tells nothing", { 0 }, NULL },
    { "tiny packets", { .packet_bytes = 80 }, NULL },
    { "huge packets", { .packet_bytes = 0x2000, .threads = 2 }, NULL },
    { "half of what is asked", { .packet_bytes = 0x400, .halves = true }, NULL },
    { "a damaged line", { .packet_bytes = 0x1000, .damage_every = 7 }, NULL },
    { "a line that loses requests", { .packet_bytes = 0x1000, .drop_acks_every = 5 }, NULL },
    { "stop replies in between", { .packet_bytes = 0x1000, .talks = true }, NULL },
    { "runs until it is interrupted", { .packet_bytes = 0x1000, .runs = true }, NULL },
    { "a CPU in user mode first",
      { .packet_bytes = 0x1000, .threads = 3, .user_threads = 2 },
      NULL },
    { "all in user mode",
      { .packet_bytes = 0x1000, .threads = 3, .user_threads = 3 },
      "no virtual CPU shows a kernel's memory" },
    { "all in user mode, and QEMU's",
      { .packet_bytes = 0x1000, .threads = 3, .user_threads = 3, .physical = true },
      NULL },
    { "silent from the start", { .silent_after = 1 }, "silence" },
    { "silent in the middle", { .packet_bytes = 0x1000, .silent_after = 700 }, "silence" },
    { "every reply damaged", { .damage_every = 1, .threads = 1 }, NULL },
};

static unsigned count_logged(struct guest *g, char *last, size_t size, struct err *err)
{
    const struct log_search *found;
    struct record r;
    struct log log;
    unsigned n = 0;

    if (!guest_logs(g, &found, err))
        return 0;
    log = found->logs.p[found->logs.n - 1];
    for (record_init(&r); log_next(&log, &r, found->text); record_init(&r)) {
        n++;
        snprintf(last, size, "%.*s", STR_ARG(r.text));
    }
    return n;
}

START_TEST(stub)
{
    struct made m = made_guest(60);
    struct made_stub *s = calloc(1, sizeof *s);
    char last[64] = "";
    struct gdb_wire wire;
    struct guest *g;
    struct err err = { 0 };
    unsigned n;

    *s = stubs[_i].stub;
    s->memory = &m;
    wire = stub_wire(s);
    g = guest_new(&wire);
    guest_fetch(g, NULL);
    ck_assert_msg(s->detached, "%s: the guest stands still", stubs[_i].name);
    ck_assert_msg(!s->shows_physical, "%s: the next debugger sees physical memory", stubs[_i].name);
    for (unsigned pass = 0; pass < 2; pass++) {
        n = count_logged(g, last, sizeof last, &err);
        ck_assert_msg(n == (stubs[_i].error ? 0 : 60), "%s: %u records, %s", stubs[_i].name, n,
                      err.text);
    }
    if (stubs[_i].error)
        ck_assert_msg(strncmp(err.text, stubs[_i].error, strlen(stubs[_i].error)) == 0, "%s: %s",
                      stubs[_i].name, err.text);
    else
        ck_assert_str_eq(last, "line 59 of live");
    guest_close(g);
    free(s);
    made_free(&m);
}
END_TEST

START_TEST(closing_lets_go)
{
    struct made_stub *s = calloc(1, sizeof *s);
    struct gdb_wire wire = stub_wire(s);
    struct guest *g = guest_new(&wire);

    guest_close(g);
    ck_assert(s->detached);
    free(s);
}
END_TEST

/* `moved`: the file is of the kernel before KASLR moved it. */
static unsigned requests_with(uint64_t moved)
{
    struct made m = made_guest(60);
    struct made_stub *s = calloc(1, sizeof *s);
    struct kallsyms symbols = { .text = made_va(MADE_PHYS_BASE) - moved,
                                .prb = made_va(POINTER) - moved };
    struct gdb_wire wire;
    struct guest *g;
    struct err err = { 0 };
    char last[64] = "";
    unsigned requests;

    s->memory = &m;
    s->packet_bytes = 0x1000;
    wire = stub_wire(s);
    g = guest_new(&wire);
    guest_fetch(g, &symbols);
    ck_assert_msg(count_logged(g, last, sizeof last, &err) == 60, "%s", err.text);
    requests = s->requests;
    guest_close(g);
    free(s);
    made_free(&m);
    return requests;
}

START_TEST(symbols_save_the_search)
{
    unsigned here = requests_with(0), moved = requests_with(0x200000);

    ck_assert_uint_lt(here, 60);
    ck_assert_uint_lt(moved, 60 + 1024);
}
END_TEST

static const struct {
    const char *name, *text;
    uint64_t prb, log_buf;
    const char *error;
} maps[] = {
    { "of 6.1", "ffffffff81000000 T _text\nffffffff82c4b6f8 d prb\n", 0xffffffff82c4b6f8, 0, NULL },
    { "of 5.4", "ffffffff82000000 d log_buf\nffffffff82000008 d log_buf_len\n", 0,
      0xffffffff82000000, NULL },
    { "a module's prb is another", "ffffffffc0001000 d prb\t[evil]\nffffffff82c4b6f8 d prb\n",
      0xffffffff82c4b6f8, 0, NULL },
    { "restricted", "0000000000000000 T _text\n0000000000000000 d prb\n", 0, 0,
      "neither prb nor log_buf has an address" },
    { "no map", "hello\n\n[    0.000000] x\n", 0, 0, "no symbols" },
    { "empty", "", 0, 0, "no symbols" },
    { "torn", "ffffffff82c4b6f8 d pr", 0, 0, "neither prb" },
};

START_TEST(map)
{
    struct lines *in = lines_new_memory(str_from(maps[_i].text));
    struct kallsyms k = { 0 };
    struct err err = { 0 };
    bool ok = kallsyms_read(&k, in, &err);

    ck_assert_msg(ok == (maps[_i].error == NULL), "%s: %s", maps[_i].name, err.text);
    if (ok) {
        ck_assert_uint_eq(k.prb, maps[_i].prb);
        ck_assert_uint_eq(k.log_buf, maps[_i].log_buf);
    } else {
        ck_assert_ptr_eq(strstr(err.text, maps[_i].error), err.text);
    }
    lines_free(in);
}
END_TEST

static const struct {
    const char *name;
    const char *error;
} names[] = {
    { "gdb://", "expected gdb://host:port" },
    { "gdb://host", "expected gdb://host:port" },
    { "gdb://host:", "expected gdb://host:port" },
    { "gdb://host:80x", "expected gdb://host:port" },
    { "gdb://host:123456789", "expected gdb://host:port" },
    { "gdb+unix:", "expected gdb+unix:/path" },
    { "gdb+unix:/nowhere/at/all", "cannot connect" },
};

START_TEST(name)
{
    struct err err = { 0 };

    ck_assert(gdb_socket_is_name(str_from(names[_i].name)));
    ck_assert_ptr_null(guest_open(str_from(names[_i].name), &err));
    ck_assert_msg(strncmp(err.text, names[_i].error, strlen(names[_i].error)) == 0, "%s: %s",
                  names[_i].name, err.text);
}
END_TEST

static bool wait_too_long(void *ctx, int fd, struct err *err)
{
    (void)ctx;
    (void)fd;
    snprintf(err->text, sizeof err->text, "too long");
    return false;
}

/* Name servers that do not answer: the wait ends, and so does who waits for them. */
START_TEST(a_name_that_nobody_tells)
{
    struct gdb_addresses list;
    struct err err;

    ck_assert(!gdb_resolve("nobody.invalid", "1", wait_too_long, NULL, &list, &err));
    ck_assert_str_eq(err.text, "too long");
    ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
    ck_assert(gdb_resolve("127.0.0.1", "8864", wait_too_long, NULL, &list, &err));
    ck_assert_uint_eq(list.n, 1);
    ck_assert(gdb_resolve("::1", "8864", wait_too_long, NULL, &list, &err));
}
END_TEST

START_TEST(a_guest_is_an_input)
{
    struct made_stub *s = calloc(1, sizeof *s);
    struct gdb_wire wire = stub_wire(s);
    struct guest *g = guest_new(&wire);
    struct arena arena = { 0 };
    struct notes notes = { .arena = &arena };
    struct inputs *all = inputs_new(&arena, &notes);
    struct input *in = NULL;
    struct err err;

    inputs_add_guest(all, STR("gdb://there:1"), g);
    ck_assert_int_eq(inputs_next(all, &in, &err), STEP_RECORD);
    ck_assert_ptr_eq(input_guest(in), g);
    input_close(in);
    ck_assert_int_eq(inputs_next(all, &in, &err), STEP_END);
    inputs_free(all);
    guest_close(g);
    arena_done(&arena);
    free(s);
}
END_TEST

#define ROWS(table) ((int)(sizeof(table) / sizeof *(table)))

Suite *check_gdb(void)
{
    Suite *s = suite_create("gdb");
    TCase *t = tcase_create("gdb");

    tcase_set_timeout(t, 30);
    tcase_add_loop_test(t, packet, 0, ROWS(packets));
    tcase_add_test(t, hostile_lengths);
    tcase_add_loop_test(t, stub, 0, ROWS(stubs));
    tcase_add_test(t, closing_lets_go);
    tcase_add_test(t, a_name_that_nobody_tells);
    tcase_add_test(t, a_guest_is_an_input);
    tcase_add_test(t, symbols_save_the_search);
    tcase_add_loop_test(t, map, 0, ROWS(maps));
    tcase_add_loop_test(t, name, 0, ROWS(names));
    suite_add_tcase(s, t);
    return s;
}
