/* SPDX-License-Identifier: Apache-2.0 */
/* vmware.log of all generations; every log here is written for these tests. */
#include "analyzer/core/limits.h"
#include "parsers/parser.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern const struct parser parser_vmware_log;

enum { RECORDS_MAX = 16 };

struct read_log {
    struct arena arena;
    struct record r[RECORDS_MAX];
    size_t n;
};

/* All records of `text`; at most RECORDS_MAX are kept, all are counted. */
static void read_all(struct read_log *log, struct str text)
{
    struct lines *in = lines_new_memory(text);
    void *state = calloc(1, parser_vmware_log.state_bytes);
    struct record r;
    struct err err = { 0 };

    ck_assert(in && state);
    memset(log, 0, sizeof *log);
    record_init(&r);
    while (parser_vmware_log.next(state, in, &r, &err) == STEP_RECORD) {
        if (log->n < RECORDS_MAX) {
            struct record *kept = record_keep(&log->arena, &r);

            ck_assert_ptr_nonnull(kept);
            log->r[log->n] = *kept;
        }
        log->n++;
        record_init(&r);
    }
    ck_assert_int_eq(err.code, FAIL_NONE);
    free(state);
    lines_free(in);
}

static void assert_text(struct str actual, const char *expected)
{
    ck_assert_msg(str_eq(actual, str_from(expected)), "\"%.*s\", expected \"%s\"", STR_ARG(actual),
                  expected);
}

static unsigned bid(const char *text)
{
    struct str lines[64], rest = str_from(text);
    struct head head = { .bytes = rest, .lines = lines };

    while (head.n_lines < 64 && str_take_line(&rest, &lines[head.n_lines]))
        head.n_lines++;
    return parser_vmware_log.probe(&head);
}

/* --- several lines ------------------------------------------------------------------------------
 */

#define B "2019-05-06T07:08:09.010Z| vcpu-0| I125: "
#define B_MORE "2019-05-06T07:08:09.010Z| vcpu-0| I125+ "
#define C "2023-05-06T07:08:09.010Z In(05) vcpu-0 - "
#define C_MORE "2023-05-06T07:08:09.010Z In(05)+ vcpu-0 - "
#define D "2026-05-06T07:08:09.010Z -INFO vmware-vmx 9 [ws@4413 threadName=\"vmx\"] "
#define D_MORE "2026-05-06T07:08:09.010Z +INFO vmware-vmx 9 [ws@4413 threadName=\"vmx\"] "
#define A "Mar 09 07:05:01.250: vcpu-0| "
#define RULE "----------------------------------------"

static const struct {
    const char *log;
    size_t n;
    const char *text[3]; /* of the first records */
    enum origin origin;  /* of the first record */
} joined[] = {
    { B "head\n" B_MORE "  body\n" B_MORE "\n" B "next\n",
      2,
      { "head\n  body", "next" },
      ORIGIN_HOST },
    { B "\n" B_MORE "payload\n", 1, { "payload" }, ORIGIN_HOST },
    { C "MsgHint: msg.x.y\n" C_MORE "Body.\n" C_MORE RULE "\n" C "Body of nothing\n",
      2,
      { "MsgHint: msg.x.y\nBody.", "Body of nothing" },
      ORIGIN_HOST },
    { C "MsgHint: msg.x.y\n" C "[msg.z] other\n",
      2,
      { "MsgHint: msg.x.y", "[msg.z] other" },
      ORIGIN_HOST },
    { D "one\n" D_MORE "two\n", 1, { "one\ntwo" }, ORIGIN_HOST },
    { B "Msg_Question:\n" B "[msg.a] First?\n" B_MORE "\n" B_MORE "Second?" RULE "\n" B "free\n",
      2,
      { "Msg_Question:\n[msg.a] First?\nSecond?", "free" },
      ORIGIN_HOST },
    { A "Msg_Post: Error\r\n" A "[msg.a] Broken\r\n" A "Unmarked.\r\n" A RULE "\r\n" A "free",
      2,
      { "Msg_Post: Error\n[msg.a] Broken\nUnmarked.", "free" },
      ORIGIN_HOST },
    { A "Msg_Reset:\n"
        "Mar 09 07:05:02.000: vmx| other thread\n",
      2,
      { "Msg_Reset:", "other thread" },
      ORIGIN_HOST },
    { A "one\n" A "two\n", 2, { "one", "two" }, ORIGIN_HOST },
    { B "Guest: toolbox: Version: 9\n" B_MORE "more\n",
      1,
      { "toolbox: Version: 9\nmore" },
      ORIGIN_GUEST_USER },
    { B "Guest: EFI ROM version: 1\n", 1, { "EFI ROM version: 1" }, ORIGIN_FIRMWARE },
    { B "Guest: >Logfile Begins : /x: ver - 1\n",
      1,
      { ">Logfile Begins : /x: ver - 1" },
      ORIGIN_GUEST_USER },
    { B "Guest: <4>[    1.000001] a\n" B_MORE "<4>[    1.000001] b\n" B_MORE "\n" B "x\n",
      2,
      { "a\nb", "x" },
      ORIGIN_GUEST_KERNEL },
    { B "Guest: <4>[    1.000001] a\n" B_MORE "<4>[    1.000002] b\n",
      2,
      { "a", "b" },
      ORIGIN_GUEST_KERNEL },
    { C "Guest: <4>[    1.000001] a\n" C_MORE "<4>[    1.000001] b\n",
      1,
      { "a\nb" },
      ORIGIN_GUEST_KERNEL },
    { A "Guest: <4>[    1.000001] a\n" A "<4>[    1.000001] b\n" A "<4>[    1.500000] c\n",
      2,
      { "a\nb",
        "c"
        "",
        "" },
      ORIGIN_GUEST_KERNEL },
    { B "Guest: <30>[    9.000001] systemd[1]: up\n", 1, { "systemd[1]: up" }, ORIGIN_GUEST_USER },
    { B "Guest: <4>not the kernel\n", 1, { "<4>not the kernel" }, ORIGIN_GUEST_USER },
    { B_MORE "no head\n", 1, { "no head" }, ORIGIN_UNKNOWN },
    { "\xef\xbb\xbf" B "behind a byte order mark\n",
      1,
      { "behind a byte order mark" },
      ORIGIN_HOST },
    { "Log for VMware Workstation pid=1 version=6\nGuest: <5>[    1.000001] a\nbare\n",
      3,
      { "Log for VMware Workstation pid=1 version=6", "a", "bare" },
      ORIGIN_HOST },
};

START_TEST(joins_lines)
{
    struct read_log log;

    read_all(&log, str_from(joined[_i].log));
    for (size_t i = 0; i < 3 && joined[_i].text[i] && joined[_i].text[i][0]; i++)
        assert_text(log.r[i].text, joined[_i].text[i]);
    ck_assert_uint_eq(log.n, joined[_i].n);
    ck_assert_int_eq(log.r[0].origin, joined[_i].origin);
    arena_done(&log.arena);
}
END_TEST

START_TEST(guest_text_keeps_two_clocks)
{
    struct read_log log;

    read_all(&log, STR(B "Guest: <3>[   12.345678][   T77] oops\n"));
    ck_assert_uint_eq(log.n, 1);
    ck_assert_int_eq(log.r[0].mono_us, 12345678);
    ck_assert_int_eq(log.r[0].level, LEVEL_ERR);
    ck_assert_int_eq(log.r[0].facility, FACILITY_KERN);
    ck_assert(log.r[0].wall_us == TIME_UNKNOWN);
    ck_assert_int_eq(log.r[0].host_wall_us, 1557126489010000);
    assert_text(log.r[0].caller, "T77");
    assert_text(log.r[0].thread, "vcpu-0");
    arena_done(&log.arena);
}
END_TEST

/*
 * Guests that forge the host's lines where a newline repeats the prefix. `host` says of each record
 * whether it may count as the host's: h, or g.
 */
#define B0 "2012-07-06T21:01:10.891Z| vcpu-0| "

static const struct {
    const char *log;
    const char *host;
} forged[] = {
    { A "Guest: x\n" A "Triple fault.\n", "gg" },
    { A "Guest: x\n" A "\n" A "Triple fault.\n" A "DICT memsize = \"1\"\n" A
        "<<< Log Throttled >>>\n" A "Msg_Post: Error\n",
      "ggggg" },
    { A "Guest: \n" A "Triple fault.\n", "g" },
    { A "Guest: <30>[    1.000001] x\n" A "Triple fault.\n", "gg" },
    { A "Guest: x\n"
        "Mar 09 07:05:01.250: vmx| between\n" A "Triple fault.\n",
      "ghg" },
    { A "Guest: x\n"
        "bare\n" A "Triple fault.\n",
      "ggg" },
    { A "Guest: x\n"
        "Mar 09 07:05:01.251: vcpu-0| Triple fault.\n",
      "gh" },
    { A "before\n" A "Guest: x\n", "hg" },
    { B0 "Guest: x\n" B0 "Triple fault.\n", "gg" },
    { B "Guest: x\n" B "Triple fault.\n", "gh" },
    { "Mar 09 07:05:01: vmx| Log for VMware Server pid=1\n"
      "vcpu-0| Guest: x\nvcpu-0| Triple fault.\nvmx| other\n",
      "hggh" },
    { "Log for VMware Workstation pid=1 version=6\nGuest: x\nTriple fault.\n", "hgg" },
};

START_TEST(guests_forge_no_lines)
{
    struct read_log log;

    read_all(&log, str_from(forged[_i].log));
    ck_assert_uint_eq(log.n, strlen(forged[_i].host));
    for (size_t i = 0; i < log.n; i++) {
        ck_assert_msg((log.r[i].origin == ORIGIN_HOST) == (forged[_i].host[i] == 'h'), "%.*s",
                      STR_ARG(log.r[i].text));
        if (forged[_i].host[i] == 'g')
            ck_assert_int_eq(log.r[i].kind, RECORD_TEXT);
    }
    arena_done(&log.arena);
}
END_TEST

/* No message of a guest is longer than 64 KiB: a log without stamps is not its own for ever. */
START_TEST(forging_ends_with_the_message)
{
    static char text[96 << 10] = "vcpu-0| Guest: x\n";
    struct read_log log;
    size_t n = strlen(text);

    for (int i = 0; i < 10; i++)
        n += (size_t)sprintf(text + n, "vcpu-0| %08000d\n", i);
    read_all(&log, (struct str){ .p = text, .n = n });
    ck_assert_uint_eq(log.n, 11);
    ck_assert_int_eq(log.r[9].origin, ORIGIN_GUEST_USER);
    ck_assert_int_eq(log.r[10].origin, ORIGIN_HOST);
    arena_done(&log.arena);
}
END_TEST

/* The way a troubleshooting guide prints a dump. */
START_TEST(reads_hand_wrapped_copies)
{
    struct read_log log;

    read_all(&log, STR(B "Guest: \n"
                         "\t<0>[2.500004] Kernel panic - not syncing: \n"
                         "\tVFS: no root\n" B "Guest:\n"
                         "<4>[    2.500001] VFS: Cannot open\n"
                         "root device\n" B "Guest: \n"
                         "<4>[    2.500002] 0100            4096 ram0  (driver?)\n"
                         "...\n"
                         "0810         8388608 sdb  driver: sd\n" B "host text\n"
                         "stray\n"));
    ck_assert_uint_eq(log.n, 6);
    assert_text(log.r[0].text, "Kernel panic - not syncing: VFS: no root");
    ck_assert_int_eq(log.r[0].level, LEVEL_EMERG);
    ck_assert_int_eq(log.r[0].mono_us, 2500004);
    ck_assert_uint_eq(log.r[0].line, 2);
    assert_text(log.r[1].text, "VFS: Cannot open root device");
    ck_assert_int_eq(log.r[1].host_wall_us, log.r[4].wall_us);
    assert_text(log.r[2].text, "0100            4096 ram0  (driver?)");
    assert_text(log.r[3].text, "0810         8388608 sdb  driver: sd");
    ck_assert_int_eq(log.r[3].mono_us, 2500002);
    ck_assert_int_eq(log.r[3].level, LEVEL_WARNING);
    ck_assert_int_eq(log.r[3].origin, ORIGIN_GUEST_KERNEL);
    ck_assert_int_eq(log.r[4].origin, ORIGIN_HOST);
    ck_assert_int_eq(log.r[5].origin, ORIGIN_UNKNOWN);
    ck_assert(log.r[5].flags & RECORD_UNPARSED);
    arena_done(&log.arena);
}
END_TEST

/* What stands below a dump in a pasted log must not become the kernel's for ever. */
START_TEST(bare_lines_end_an_entry)
{
    char text[8192] = B "Guest: <4>[    1.000001] head\n";
    struct read_log log;

    for (int i = 0; i < 100; i++)
        strcat(text, "[ not a stamp\n");
    strcat(text, B "Guest: <4>[    1.000002] tail\n");
    read_all(&log, str_from(text));
    ck_assert_uint_eq(log.n, 102);
    ck_assert_int_eq(log.r[1].origin, ORIGIN_GUEST_KERNEL);
    arena_done(&log.arena);
    read_all(&log, str_from_at(str_from(text), strlen(text) - 700));
    ck_assert_int_eq(log.r[1].origin, ORIGIN_UNKNOWN);
    arena_done(&log.arena);
}
END_TEST

static const struct {
    const char *text;
    const char *section, *key, *value;
} settings[] = {
    { "DICT --- CONFIGURATION C:\\vm\\a b.vmx ", "CONFIGURATION", "", "C:\\vm\\a b.vmx" },
    { "DICT --- NON PERSISTENT (null)", "NON PERSISTENT", "", "(null)" },
    { "DICT --- COMMAND LINE", "COMMAND LINE", "", "" },
    { "DICT            config.version = \"8\"", "", "config.version", "8" },
    { "DICT                   guestOS = other3xlinux-64", "", "guestOS", "other3xlinux-64" },
    { "DICT                annotation = \"a|22b|22|0Ac|7C|\"", "", "annotation", "a\"b\"\nc||" },
    { "DICT               dataFileKey = <not printed>", "", "dataFileKey", "<not printed>" },
    { "DICT   usb.autoConnect.device0 = \"\"", "", "usb.autoConnect.device0", "" },
};

START_TEST(reads_settings)
{
    char text[256];
    struct read_log log;

    snprintf(text, sizeof text, B "%s\n", settings[_i].text);
    read_all(&log, str_from(text));
    ck_assert_uint_eq(log.n, 1);
    ck_assert_int_eq(log.r[0].kind, RECORD_SETTING);
    assert_text(log.r[0].text, settings[_i].text);
    assert_text(log.r[0].section, settings[_i].section);
    assert_text(log.r[0].key, settings[_i].key);
    assert_text(log.r[0].value, settings[_i].value);
    arena_done(&log.arena);
}
END_TEST

START_TEST(remembers_the_section)
{
    struct read_log log;

    read_all(&log, STR(B "DICT --- USER PREFERENCES /x\n" B "DICT a = \"1\"\n" B
                         "DICT --- CONFIGURATION /y\n" B "DICT a = \"2\"\n" B "DICTIONARY\n"));
    ck_assert_uint_eq(log.n, 5);
    assert_text(log.r[1].section, "USER PREFERENCES");
    assert_text(log.r[3].section, "CONFIGURATION");
    assert_text(log.r[3].value, "2");
    ck_assert_int_eq(log.r[4].kind, RECORD_TEXT);
    arena_done(&log.arena);
}
END_TEST

START_TEST(tells_what_was_throttled)
{
    struct read_log log;

    read_all(&log, STR(B "Guest: <4>[    1.000001] a\n\n<<< Guest Log Throttled >>>\n" B
                         "<<< Log Throttled >>>\n"));
    ck_assert_uint_eq(log.n, 3);
    ck_assert_int_eq(log.r[1].kind, RECORD_THROTTLED);
    ck_assert_int_eq(log.r[1].origin, ORIGIN_HOST);
    ck_assert_uint_eq(log.r[1].line, 3);
    ck_assert_int_eq(log.r[2].kind, RECORD_THROTTLED);
    arena_done(&log.arena);
}
END_TEST

/* One process of the host writes "foo-1 bar" behind its thread, ESXi an operation id. */
START_TEST(knows_logs_with_operation_ids)
{
    struct read_log log;

    read_all(&log, STR("2023-05-06T07:08:09.010Z In(05) vmx Log for VMware Player pid=1\n"
                       "2023-05-06T07:08:09.010Z In(05) vmx usb-1234 attached\n"));
    assert_text(log.r[1].text, "usb-1234 attached");
    assert_text(log.r[1].opid, "");
    arena_done(&log.arena);
    read_all(&log, STR("2023-05-06T07:08:09.010Z In(05) vmx - Log for VMware ESX pid=1\n"
                       "2023-05-06T07:08:09.010Z In(05) vmx usb-1234 attached\n"));
    assert_text(log.r[1].text, "attached");
    assert_text(log.r[1].opid, "usb-1234");
    arena_done(&log.arena);
}
END_TEST

static const struct {
    const char *head;
    bool wanted;
} probes[] = {
    { B "x\n", true },
    { A "x\n", true },
    { C "x\n", true },
    { D "x\n", true },
    { "vmx| I125: x\n", true },
    { "Log for VMware Workstation pid=1 version=6.5.1\n", true },
    { "", false },
    { "bare\n", false },
    { "vmx| x\n", false },
    { "Mar 09 07:05:01 host kernel: x| y\n", false },
    { "2023-05-06T07:08:09.010Z In(182) vmkernel: cpu0\n", false },
    { "2023-05-06T07:08:09.010000+00:00 host kernel: [    1.000000] x\n", false },
    { "<4>[    1.000000] x\n", false },
    { "2023-13-06T07:08:09.010Z| vmx| I125: no such day\n", false },
};

START_TEST(bids_for_its_own)
{
    ck_assert_int_eq(bid(probes[_i].head) > 0, probes[_i].wanted);
}
END_TEST

/* --- hostile input ------------------------------------------------------------------------------
 */

START_TEST(survives_every_cut)
{
    static const char *const logs[] = {
        A "Guest: <4>[    1.000001] a\n",
        B "Guest: <4>[    1.000001] a\n",
        C "DICT --- CONFIGURATION /x\n",
        D "x\n",
        "2021-11-15T00:23:51+01:00[+0.000]| mks| I005: x",
    };
    struct read_log log;

    for (size_t i = 0; i < sizeof logs / sizeof logs[0]; i++) {
        for (size_t n = 0; n <= strlen(logs[i]); n++) {
            /* A copy of exactly n bytes, so that a sanitizer sees one too many. */
            char *cut = malloc(n ? n : 1);
            struct skim skim;

            ck_assert_ptr_nonnull(cut);
            memcpy(cut, logs[i], n);
            read_all(&log, (struct str){ .p = cut, .n = n });
            ck_assert_uint_le(log.n, 1);
            parser_vmware_log.skim((struct str){ .p = cut, .n = n }, &skim);
            arena_done(&log.arena);
            free(cut);
        }
    }
}
END_TEST

START_TEST(limits_a_record)
{
    size_t n_lines = 5000, n = 0;
    char *text = malloc(n_lines * 120);
    struct read_log log;

    ck_assert_ptr_nonnull(text);
    n += (size_t)sprintf(text, "%s", B "head\n");
    for (size_t i = 0; i < n_lines; i++)
        n += (size_t)sprintf(text + n,
                             B_MORE "and a line of some fifty bytes, to fill it up well\n");
    read_all(&log, (struct str){ .p = text, .n = n });
    ck_assert_uint_eq(log.n, 1);
    ck_assert(log.r[0].flags & RECORD_CUT);
    ck_assert_uint_le(log.r[0].text.n, LIMIT_RECORD_BYTES);
    arena_done(&log.arena);
    free(text);
}
END_TEST

START_TEST(reads_binary_as_lines)
{
    struct read_log log;

    read_all(&log, STR("\0\0|\0\n\xff\xfe| \n2019-05-06T07:08:09.010Z| \0| I125: x\n\n\r\n"));
    ck_assert_uint_eq(log.n, 3);
    ck_assert(log.r[0].flags & RECORD_UNPARSED);
    arena_done(&log.arena);
}
END_TEST

#define ROWS(table) (int)(sizeof table / sizeof table[0])

Suite *check_vmware_log(void)
{
    Suite *s = suite_create("vmware_log");
    TCase *t = tcase_create("vmware_log");

    tcase_add_loop_test(t, joins_lines, 0, ROWS(joined));
    tcase_add_loop_test(t, guests_forge_no_lines, 0, ROWS(forged));
    tcase_add_test(t, forging_ends_with_the_message);
    tcase_add_test(t, guest_text_keeps_two_clocks);
    tcase_add_test(t, reads_hand_wrapped_copies);
    tcase_add_test(t, bare_lines_end_an_entry);
    tcase_add_loop_test(t, reads_settings, 0, ROWS(settings));
    tcase_add_test(t, remembers_the_section);
    tcase_add_test(t, tells_what_was_throttled);
    tcase_add_test(t, knows_logs_with_operation_ids);
    tcase_add_loop_test(t, bids_for_its_own, 0, ROWS(probes));
    tcase_add_test(t, survives_every_cut);
    tcase_add_test(t, limits_a_record);
    tcase_add_test(t, reads_binary_as_lines);
    suite_add_tcase(s, t);
    return s;
}
