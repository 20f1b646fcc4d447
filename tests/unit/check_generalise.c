/* SPDX-License-Identifier: Apache-2.0 */
/* What of a line differs from its like, and that the expression made of it matches the line alone.
 */
#include "analyzer/engine/generalise.h"
#include "analyzer/engine/pattern.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#define COUNT(rows) (int)(sizeof(rows) / sizeof(rows)[0])

static const struct {
    const char *text, *worded;
} lines[] = {
    { "drv 0000:03:00.0: gave up on sdb1", "drv ${pci}: gave up on ${dev}" },
    { "read failed, error -6, sector 20480", "read failed, error ${error}, sector ${sector}" },
    { "after 7 retries in 1.25 s", "after ${n} retries in ${n2} s" },
    { "link aa:bb:cc:dd:ee:ff lost 10.0.0.1", "link ${mac} lost ${ip}" },
    { "sd 2:0:1:0: [sdb] gone", "sd ${scsi}: [${dev}] gone" },
    { "mount of /srv/data: no 'ext9' here", "mount of ${path}: no '${name}' here" },
    { "lost \"thing\" at 0xffffffff81234567", "lost \"${name}\" at ${value}" },
    { "root 611e2d9a-a3da-4ac7-9eb9-8d09cb151a93 missing", "root ${uuid} missing" },
    { "ext4 and x86_64 and i8042 stay", "ext4 and x86_64 and i8042 stay" },
    { "address ffff8881004a3000 is bad", "address ${address} is bad" },
    { "eth0 and dm-3 and nvme0n1p2 left", "${nic} and ${dev} and ${dev2} left" },
    { "costs ${money} and 3 more", "costs $${money} and ${n} more" },
    { "broken 'quote and and/or", "broken 'quote and and/or" },
    { "deadbeef is no address", "deadbeef is no address" },
    { "only other words", "only other words" },
    { "link fe80::20c:29ff:feab:cdef and ::1 lost", "link ${ip} and ${ip2} lost" },
    { "seen 1:2:3:4:5:6:7:8, at 10:11:12", "seen ${ip}, at ${n}:${n2}:${n3}" },
    { "add::more and a::b and fe80: stay", "add::more and a::b and fe80: stay" },
    { "wants 6.1.138-5.ph5-esx.", "wants ${version}." },
    { "audit(1700000000.123:45): denied", "audit(${audit}:${n}): denied" },
    { "fault at 0000000000000028 of 12345678", "fault at ${address} of ${n}" },
    { "scsi0:1, Ethernet1, bond2 lost", "${dev}:${n}, ${nic}, ${nic2} lost" },
    { "loading i915/kbl_ver1_04.bin.", "loading ${file}." },
    { "[store1] vm-000001.vmdk locked", "[store1] ${file} locked" },
    { "frob.service: gone; frob.services stay", "${unit}: gone; frob.services stay" },
    { "Failed: srv-data.mount - /srv/data.", "Failed: ${unit} - ${description}." },
    { "waits for local-fs.target", "waits for local-fs.target" },
    { "wrote /srv/a.b.", "wrote ${path}." },
    { "comm java: reading lblock 7", "comm ${comm}: reading lblock ${lblock}" },
    { "Killed process 12 (java) vm:9kB", "Killed process ${process} (${comm}) vm:${vm}kB" },
    { "error 2 (java) stays", "error ${error} (java) stays" },
    { "stuck! [kworker/3:1:1234]", "stuck! [${comm}:${n}]" },
    { "task java:812 blocked", "task ${comm}:${n} blocked" },
    { "Vix: [main.c:4210]: done", "Vix: [main.c:${n}]: done" },
    { "usb 1-1.2: not accepting", "usb ${port}: not accepting" },
    { "drv:\tvalue\t0x1f\tlost", "drv: value ${value} lost" },
};

START_TEST(what_differs_is_named)
{
    struct arena a = { 0 };
    struct general g;

    ck_assert(generalise(&a, str_from(lines[_i].text), true, &g));
    ck_assert_msg(str_eq(g.worded, str_from(lines[_i].worded)), "%.*s", STR_ARG(g.worded));
    arena_done(&a);
}
END_TEST

/* The line is matched with the values as captures; the near line is not. */
START_TEST(expression_fits_its_line)
{
    struct pattern_scratch *scratch = pattern_scratch_new(true);
    struct arena a = { 0 };
    struct str captures[16] = { { 0 } };
    struct general g;
    struct pattern *p;

    ck_assert(generalise(&a, str_from(lines[_i].text), true, &g));
    ck_assert(!str_eq(g.near, g.text));
    if (g.regex.n) {
        p = pattern_new(g.regex, false, NULL);
        ck_assert_msg(p != NULL, "%.*s", STR_ARG(g.regex));
        ck_assert_int_eq(pattern_match(p, scratch, g.text, captures), PATTERN_YES);
        for (size_t i = 0; i < g.captures.n; i++)
            ck_assert(str_eq(captures[i], g.captures.p[i].value));
        ck_assert_int_eq(pattern_match(p, scratch, g.near, captures), PATTERN_NO);
        pattern_free(p);
    } else {
        ck_assert_uint_eq(str_find(g.near, g.text), STR_NOT_FOUND);
    }
    pattern_scratch_free(scratch);
    arena_done(&a);
}
END_TEST

START_TEST(hostile_text_gives_nothing_or_a_line)
{
    static const struct str texts[] = {
        { STR_INIT("") },        { STR_INIT("7 8 9") }, { STR_INIT("\0\0\0") },
        { STR_INIT("abc def") }, { STR_INIT("   ") },   { STR_INIT("\x1b[31mred words here") },
    };
    struct arena a = { 0 };
    struct general g;

    for (int i = 0; i < COUNT(texts); i++)
        ck_assert(!generalise(&a, texts[i], true, &g));
    ck_assert(generalise(&a, STR("words before\x1b[31m escape"), true, &g));
    ck_assert(str_eq(g.text, STR("words before")));
    ck_assert(generalise(&a, STR("first line\nsecond line"), true, &g));
    ck_assert(str_eq(g.text, STR("first line")));
    arena_done(&a);
}
END_TEST

START_TEST(a_huge_line_is_cut)
{
    struct arena a = { 0 };
    struct general g;
    char text[5000];

    for (size_t i = 0; i < sizeof text; i++)
        text[i] = "word 12 "[i % 8];
    ck_assert(generalise(&a, (struct str){ text, sizeof text }, true, &g));
    ck_assert_uint_le(g.text.n, GENERAL_BYTES);
    arena_done(&a);
}
END_TEST

START_TEST(ids_come_from_words)
{
    struct arena a = { 0 };
    struct general g;

    ck_assert(generalise(&a, STR("MadeDrv 7: gave up on the Disk sda"), true, &g));
    ck_assert_msg(str_eq(g.slug, STR("madedrv-gave-the-disk")), "%.*s", STR_ARG(g.slug));
    arena_done(&a);
}
END_TEST

Suite *check_generalise(void);

Suite *check_generalise(void)
{
    Suite *s = suite_create("generalise");
    TCase *tc = tcase_create("generalise");

    tcase_add_loop_test(tc, what_differs_is_named, 0, COUNT(lines));
    tcase_add_loop_test(tc, expression_fits_its_line, 0, COUNT(lines));
    tcase_add_test(tc, hostile_text_gives_nothing_or_a_line);
    tcase_add_test(tc, a_huge_line_is_cut);
    tcase_add_test(tc, ids_come_from_words);
    suite_add_tcase(s, tc);
    return s;
}
