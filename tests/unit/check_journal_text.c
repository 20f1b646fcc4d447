/* SPDX-License-Identifier: Apache-2.0 */
/* Every line form of journalctl gives the same records, as far as the form tells. */
#include "tests/unit/read_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    NO_DATE = RECORD_WALL_NO_YEAR | RECORD_WALL_NO_ZONE,
    COARSE = RECORD_WALL_COARSE,
};

/* Nov 20 23:48:02.816229 in 1972, in 2026. */
#define YEARLESS 91151282816229
#define DATED 1795218482816229

/* The same kernel record in every form. */
static const struct {
    const char *in;
    int64_t mono_us, wall_us;
    unsigned flags;
} forms[] = {
    { "Nov 20 23:48:02 photon kernel: VFS: broken\n", TIME_UNKNOWN, YEARLESS - 816229,
      NO_DATE | COARSE },
    { "Nov 20 23:48:02.816229 photon kernel: VFS: broken\n", TIME_UNKNOWN, YEARLESS, NO_DATE },
    { "2026-11-20T23:48:02+0000 photon kernel: VFS: broken\n", TIME_UNKNOWN, DATED - 816229,
      COARSE },
    { "2026-11-21T01:48:02+02:00 photon kernel: VFS: broken\n", TIME_UNKNOWN, DATED - 816229,
      COARSE },
    { "2026-11-20T23:48:02.816229+0000 photon kernel: VFS: broken\n", TIME_UNKNOWN, DATED, 0 },
    { "Fri 2026-11-20 23:48:02 UTC photon kernel: VFS: broken\n", TIME_UNKNOWN, DATED - 816229,
      COARSE },
    { "Sat 2026-11-21 00:48:02 CET photon kernel: VFS: broken\n", TIME_UNKNOWN,
      DATED - 816229 + 3600000000, COARSE | RECORD_WALL_NO_ZONE },
    { "Sat 2026-11-21 05:18:02 +0530 photon kernel: VFS: broken\n", TIME_UNKNOWN, DATED - 816229,
      COARSE },
    { "nov. 20 23:48:02 photon kernel: VFS: broken\n", TIME_UNKNOWN, YEARLESS - 816229,
      NO_DATE | COARSE },
    { "\xd0\xbd\xd0\xbe\xd1\x8f 20 23:48:02 photon kernel: VFS: broken\n", TIME_UNKNOWN,
      YEARLESS - 816229, NO_DATE | COARSE },
    { "11\xe6\x9c\x88 20 23:48:02 photon kernel: VFS: broken\n", TIME_UNKNOWN, YEARLESS - 816229,
      NO_DATE | COARSE },
    { "1795218482.816229 photon kernel: VFS: broken\n", TIME_UNKNOWN, DATED, 0 },
    { "[    1.125782] photon kernel: VFS: broken\n", 1125782, TIME_UNKNOWN, RECORD_MONO_COARSE },
    { "[    1.125782 <    0.000012 >] photon kernel: VFS: broken\n", 1125782, TIME_UNKNOWN,
      RECORD_MONO_COARSE },
    { "[    1.125782 <   84.216261*>] photon kernel: VFS: broken\n", 1125782, TIME_UNKNOWN,
      RECORD_MONO_COARSE },
    { "[    1.125782                ] photon kernel: VFS: broken\n", 1125782, TIME_UNKNOWN,
      RECORD_MONO_COARSE },
};

START_TEST(reads_every_form)
{
    struct read_all all = read_all(str_from(forms[_i].in), NULL);
    const struct record *r;

    expect_str(str_from(all.format->name), "journal-text");
    ck_assert_uint_eq(all.n, 1);
    r = all.p[0];
    expect_str(r->text, "VFS: broken");
    expect_str(r->host, "photon");
    expect_str(r->ident, "kernel");
    ck_assert_int_eq(r->origin, ORIGIN_GUEST_KERNEL);
    ck_assert_int_eq(r->mono_us, forms[_i].mono_us);
    ck_assert_int_eq(r->wall_us, forms[_i].wall_us);
    ck_assert_uint_eq(r->flags, forms[_i].flags);
    read_all_done(&all);
}
END_TEST

/* What stands between stamp and text. */
static const struct {
    const char *in;
    const char *host, *ident, *pid, *unit, *text;
    enum origin origin;
} labels[] = {
    { "photon systemd[1]: Started", "photon", "systemd", "1", "", "Started", ORIGIN_GUEST_USER },
    { "photon sshd.service[77]: no", "photon", "sshd.service", "77", "sshd.service", "no",
      ORIGIN_GUEST_USER },
    { "photon kernel[12]: Kernel panic", "photon", "kernel", "12", "", "Kernel panic",
      ORIGIN_GUEST_USER },
    { "kernel: no host", "", "kernel", "", "", "no host", ORIGIN_GUEST_KERNEL },
    { "photon Web Content[9]: kernel: x", "photon", "Web Content", "9", "", "kernel: x",
      ORIGIN_GUEST_USER },
    { "photon kernel:", "photon", "kernel", "", "", "", ORIGIN_GUEST_KERNEL },
    { "photon app[x]: text", "photon", "app[x]", "", "", "text", ORIGIN_GUEST_USER },
    { "photon last message repeated 2 times", "photon", "", "", "", "last message repeated 2 times",
      ORIGIN_GUEST_USER },
    { "photon kernel: [123B blob data]", "photon", "kernel", "", "", "[123B blob data]",
      ORIGIN_GUEST_KERNEL },
};

START_TEST(reads_labels)
{
    char text[128];
    struct read_all all;
    const struct record *r;

    snprintf(text, sizeof text, "Nov 20 23:48:02 %s\n", labels[_i].in);
    all = read_all(str_from(text), "journal-text");
    ck_assert_uint_eq(all.n, 1);
    r = all.p[0];
    expect_str(r->host, labels[_i].host);
    expect_str(r->ident, labels[_i].ident);
    expect_str(r->pid, labels[_i].pid);
    expect_str(r->unit, labels[_i].unit);
    expect_str(r->text, labels[_i].text);
    ck_assert_int_eq(r->origin, labels[_i].origin);
    ck_assert_uint_eq(r->flags & RECORD_UNPARSED, 0);
    read_all_done(&all);
}
END_TEST

#define AT "Nov 20 23:48:02 h kernel: "
#define BLANKS "                          "

/* The records of several lines: texts joined by '|', '?' before what was not explained. */
static const struct {
    const char *name, *in, *out;
} several[] = {
    { "continuation", AT "one\n" BLANKS "two\n" BLANKS "  three\n" AT "x\n",
      "one\ntwo\n  three|x|" },
    { "narrow continuation", AT "one\n   two\n", "one\ntwo|" },
    { "empty line inside", AT "one\n\n" BLANKS "two\n" AT "x\n", "one\n\ntwo|x|" },
    { "blanks inside", AT "one\n" BLANKS "\n" BLANKS "two\n", "one\n\ntwo|" },
    { "empty line at the end", AT "one\n\n\n", "one|" },
    { "empty first line", AT "\n" BLANKS "  two\n", "\n  two|" },
    { "headers", "-- Logs begin at Mon 2020-01-06 10:00:00 UTC. --\n" AT "one\n", "one|" },
    { "catalog",
      AT "one\n\xe2\x96\x91\xe2\x96\x91 Subject: x\n-- Support: y\n" BLANKS "2\n" AT "x\n",
      "one\n2|x|" },
    { "boots",
      AT "one\n-- Boot 0123456789abcdef0123456789abcdef --\n" AT "x\n-- Reboot --\n" AT "y\n",
      "one|-- Boot 0123456789abcdef0123456789abcdef --|x|-- Reboot --|y|" },
    { "no boot", AT "one\n-- Boot 0123 --\n" AT "x\n", "one|x|" },
    { "strange line", AT "one\nstrange\n  and more\n" AT "x\n", "one|?strange\n  and more|x|" },
    { "strange start", "  indented\n" AT "x\n", "?  indented|x|" },
    { "CR LF", AT "one\r\n" BLANKS "two\r\n", "one\ntwo|" },
    { "no newline", AT "one", "one|" },
    { "quoted stamp", AT "one\n" AT "[    9.000000] two\n", "one|[    9.000000] two|" },
    { "rsyslog's stamp", AT "[    8.000000] one\n" AT "[    9.000000] two\n", "one|two|" },
    { "padded months of Japanese",
      " 7\xe6\x9c\x88 09 00:42:32 h kernel: one\n 7\xe6\x9c\x88 09 00:42:32 h kernel: two\n  2\n",
      "one|two\n2|" },
    { "months of Russian",
      "\xd0\xb8\xd1\x8e\xd0\xbb 09 00:42:32 h kernel: one\n"
      "\xd0\xb8\xd1\x8e\xd0\xbb 09 00:42:33 h kernel: two\n",
      "one|two|" },
    { "nothing", "", "" },
};

START_TEST(reads_several_lines)
{
    struct read_all all = read_all(str_from(several[_i].in), "journal-text");
    char found[256];
    size_t n = 0;

    for (size_t i = 0; i < all.n; i++)
        n += (size_t)snprintf(found + n, sizeof found - n, "%s%.*s|",
                              all.p[i]->flags & RECORD_UNPARSED ? "?" : "",
                              STR_ARG(all.p[i]->text));
    found[n] = 0;
    ck_assert_msg(strcmp(found, several[_i].out) == 0, "%s: found %s", several[_i].name, found);
    read_all_done(&all);
}
END_TEST

START_TEST(marks_boots)
{
    struct read_all all =
            read_all(STR(AT "one\n-- Boot 0123456789abcdef0123456789abcdef --\n" AT "two\n"), NULL);

    ck_assert_uint_eq(all.n, 3);
    ck_assert_int_eq(all.p[1]->kind, RECORD_BOOT_MARK);
    expect_str(all.p[1]->boot_id, "0123456789abcdef0123456789abcdef");
    ck_assert_uint_eq(all.p[2]->line, 3);
    read_all_done(&all);
}
END_TEST

/* short-monotonic looks like dmesg; several lines of one message must not decide. */
START_TEST(bids_for_several_lines)
{
    struct read_all all = read_all(STR("[    1.000000] h kernel: one\n"
                                       "[    2.000000] h app[7]: two\n" BLANKS "three\n"),
                                   NULL);

    ck_assert_uint_eq(all.n, 2);
    ck_assert_int_eq(all.p[1]->origin, ORIGIN_GUEST_USER);
    expect_str(all.p[1]->ident, "app");
    read_all_done(&all);
}
END_TEST

/* Formats that look alike are left to their own parsers. */
static const char *const others[] = {
    "[    1.000000] usb 1-1: new device\n[    1.000000] sd 0:0:0:0: [sda] disk\n",
    "2026-11-20T23:48:02,816229+00:00 usb 1-1: new device\n",
    "2026-11-20T23:48:02.370Z| vmx| I125: Log for VMware\n",
    "Nov 20 23:48:02 h kernel: [    1.000000] text\nNov 20 23:48:02 h app[1]: text\n",
    "[Fri Nov 20 23:48:02 2026] usb 1-1: new device\n",
    "hello world\n",
    "Nov is a month: said he\n",
};

START_TEST(leaves_others_alone)
{
    struct str text = str_from(others[_i]), lines[8], rest = text;
    struct head head = { .bytes = text, .lines = lines };

    while (str_take_line(&rest, &lines[head.n_lines]))
        head.n_lines++;
    ck_assert_uint_eq(parser_find(STR("journal-text"))->probe(&head), 0);
}
END_TEST

/* skim() and next() agree on where records start. */
START_TEST(skim_agrees)
{
    struct read_all all = read_all(str_from(several[_i].in), "journal-text");
    struct str rest = str_from(several[_i].in), line;
    uint64_t number = 0;
    size_t heads = 0;

    while (str_take_line(&rest, &line)) {
        struct skim skim;

        number++;
        parser_find(STR("journal-text"))->skim(line, &skim);
        if (skim.kind == SKIM_CONT)
            continue;
        while (heads < all.n && all.p[heads]->line < number)
            heads++;
        ck_assert_msg(heads < all.n && all.p[heads]->line == number, "%s: line %llu",
                      several[_i].name, (unsigned long long)number);
    }
    read_all_done(&all);
}
END_TEST

START_TEST(verbose_is_read_by_its_fields)
{
    struct read_all all = read_all(
            STR("Fri 2026-11-20 23:48:02.816229 CET [s=1;i=1;b=0123456789abcdef0123456789abcdef;"
                "m=112d96;t=6609f0b5a3c25;x=1]\n"
                "    _TRANSPORT=kernel\n"
                "    MESSAGE=one\n"
                "            two\n"
                "    PRIORITY=2\n"
                "    OTHER=x\n"
                "          y\n"
                "-- Boot 0123456789abcdef0123456789abcdee --\n"
                "stray\n"
                "(no timestamp) [s=1;i=2;b=0;m=1;t=1;x=1]\n"
                "    MESSAGE=three\n"),
            NULL);

    expect_str(str_from(all.format->name), "journal-verbose");
    ck_assert_uint_eq(all.n, 4);
    expect_str(all.p[0]->text, "one\ntwo");
    ck_assert_int_eq(all.p[0]->level, LEVEL_CRIT);
    ck_assert_int_eq(all.p[0]->origin, ORIGIN_GUEST_KERNEL);
    ck_assert_int_eq(all.p[0]->mono_us, 0x112d96);
    ck_assert_int_eq(all.p[0]->wall_us, 0x6609f0b5a3c25);
    expect_str(all.p[0]->boot_id, "0123456789abcdef0123456789abcdef");
    ck_assert_int_eq(all.p[1]->kind, RECORD_BOOT_MARK);
    ck_assert_uint_eq(all.p[2]->flags, RECORD_UNPARSED);
    expect_str(all.p[3]->text, "three");
    ck_assert_uint_eq(all.p[3]->line, 10);
    read_all_done(&all);
}
END_TEST

START_TEST(cat_is_read_when_asked_for)
{
    struct read_all all = read_all(STR("Linux version 6\nsystemd[1]: hi\n"), "journal-cat");

    ck_assert_uint_eq(all.n, 2);
    ck_assert_uint_eq(all.p[0]->flags, 0);
    ck_assert_int_eq(all.p[0]->origin, ORIGIN_UNKNOWN);
    ck_assert_uint_eq(all.stats.understood, 2);
    read_all_done(&all);
}
END_TEST

START_TEST(journal_file_is_recognised)
{
    struct input *in = input_from_memory(STR("system.journal"), STR("LPKSHHRH\0\0\0\0"));
    struct record record;
    struct arena arena;
    struct notes notes = { .arena = &arena };
    struct reader_options options = { .notes = &notes };
    struct reader *reader;
    struct err err;

    arena_init(&arena, 1 << 16);
    ck_assert(reader_open(&reader, in, &options, &err));
    ck_assert_str_eq(reader_format(reader)->name, "journal");
    ck_assert_int_eq(reader_next(reader, &record, &err), STEP_RECORD);
    ck_assert_uint_eq(record.flags & RECORD_UNPARSED, RECORD_UNPARSED);
    reader_close(reader);
    input_close(in);
    arena_done(&arena);
}
END_TEST

/* A record of more lines and bytes than are kept stays one record. */
START_TEST(endless_continuation_is_cut)
{
    size_t unit = sizeof BLANKS + 99, n = sizeof AT - 1 + 20000 * unit;
    char *text = malloc(n);
    struct read_all all;

    ck_assert(text != NULL);
    memset(text, ' ', n);
    memcpy(text, AT, sizeof AT - 1);
    for (size_t i = 0; i < 20000; i++) {
        text[sizeof AT - 1 + (i + 1) * unit - 2] = 'x';
        text[sizeof AT - 1 + (i + 1) * unit - 1] = '\n';
    }
    all = read_all((struct str){ .p = text, .n = n }, "journal-text");
    ck_assert_uint_eq(all.n, 1);
    ck_assert_uint_eq(all.p[0]->flags & RECORD_CUT, RECORD_CUT);
    read_all_done(&all);
    free(text);
}
END_TEST

Suite *check_journal_text(void)
{
    Suite *s = suite_create("journal_text");
    TCase *t = tcase_create("journal_text");

    tcase_add_loop_test(t, reads_every_form, 0, (int)(sizeof forms / sizeof forms[0]));
    tcase_add_loop_test(t, reads_labels, 0, (int)(sizeof labels / sizeof labels[0]));
    tcase_add_loop_test(t, reads_several_lines, 0, (int)(sizeof several / sizeof several[0]));
    tcase_add_test(t, marks_boots);
    tcase_add_test(t, bids_for_several_lines);
    tcase_add_loop_test(t, leaves_others_alone, 0, (int)(sizeof others / sizeof others[0]));
    tcase_add_loop_test(t, skim_agrees, 0, (int)(sizeof several / sizeof several[0]));
    tcase_add_test(t, verbose_is_read_by_its_fields);
    tcase_add_test(t, cat_is_read_when_asked_for);
    tcase_add_test(t, journal_file_is_recognised);
    tcase_add_test(t, endless_continuation_is_cut);
    suite_add_tcase(s, t);
    return s;
}
