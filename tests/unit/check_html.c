/* SPDX-License-Identifier: Apache-2.0 */
/* The HTML report: nothing that a log says becomes markup, and the page stands alone. */
#include "analyzer/diagnose/remedy.h"
#include "reports/report.h"
#include "tests/unit/case_rig.h"

#include <stdio.h>
#include <string.h>

#define BANNER "[    0.000000] Linux version 6.1.0 (a@b) #1 SMP\n"
#define CRASH                                                                                      \
    "[    9.100000] BUG: kernel NULL pointer dereference, address: 0000000000000008\n"             \
    "[    9.100100] RIP: 0010:made_read+0x10/0x80 [%s]\n"                                          \
    "[    9.100200] Call Trace:\n"                                                                 \
    "[    9.100300]  made_read+0x10/0x80\n"                                                        \
    "[    9.100400] Kernel panic - not syncing: Fatal exception\n"

static struct out *page_of(const char *name, struct str log)
{
    const struct report *html = report_find(STR("html"));
    struct report_options how = { .tool_version = STR("1") };
    struct analysis_options options = { .context = true };
    struct out *out = out_new_memory();
    struct input *in = input_from_memory(str_from(name), log);
    struct case_rig rig;

    ck_assert_ptr_nonnull(html);
    ck_assert(html->wants_context);
    case_start(&rig);
    analysis_add(rig.a, in, &options);
    input_close(in);
    case_settle(&rig, &options);
    remedy_fill(rig.a);
    html->write(out, rig.a, &how);
    case_stop(&rig);
    return out;
}

static size_t count(struct str page, const char *what)
{
    size_t n = 0, at;

    while ((at = str_find(page, str_from(what))) != STR_NOT_FOUND) {
        n++;
        page = str_from_at(page, at + 1);
    }
    return n;
}

static const char *const payloads[] = {
    "<script>alert(1)</script>", "</style><b>",  "\"><img src=x onerror=y>",
    "'><svg onload=z>",          "]]><!--",      "&lt;already&gt;",
    "\x1b]8;;http://x\x07y",     "\xe2\x80\xae", "\xff\xfe\x80",
};

START_TEST(no_log_becomes_markup)
{
    char good[2000], bad[2000];
    struct out *a, *b;

    snprintf(good, sizeof good,
             BANNER "[    8.0] x: %s\n[    9.000000] madedrv: gave up %s\n" CRASH, "plain", "plain",
             "plain");
    snprintf(bad, sizeof bad, BANNER "[    8.0] x: %s\n[    9.000000] madedrv: gave up %s\n" CRASH,
             payloads[_i], payloads[_i], "plain");
    a = page_of("a.log", str_from(good));
    b = page_of(payloads[_i], str_from(bad));
    ck_assert_uint_eq(count(out_bytes(a), "<"), count(out_bytes(b), "<"));
    ck_assert_uint_eq(count(out_bytes(a), ">"), count(out_bytes(b), ">"));
    ck_assert_uint_eq(count(out_bytes(a), "\""), count(out_bytes(b), "\""));
    ck_assert_uint_eq(count(out_bytes(b), "<script"), 0);
    for (size_t i = 0; i < out_bytes(b).n; i++)
        ck_assert((unsigned char)out_bytes(b).p[i] >= 0x20 || out_bytes(b).p[i] == '\n');
    out_free(a);
    out_free(b);
}
END_TEST

/* What a console says without a stamp has its place on the timeline: behind the kernel's last line.
 */
START_TEST(without_a_stamp_it_stands_behind_the_last_one)
{
    struct out *o = page_of("console.log", STR(BANNER "[    7.250000] sd 0:0:0:0: [sda] made\n"
                                                      "madedrv: gave up at once\n"
                                                      "[    9.000000] madedrv: later\n"));

    ck_assert_uint_ge(count(out_bytes(o), "<td class=\"mono\">after 7.250000</td>"), 1);
    ck_assert_uint_eq(count(out_bytes(o), "after 9.000000"), 0);
    out_free(o);
}
END_TEST

START_TEST(every_byte_in_every_text)
{
    char log[2000] = BANNER "[    9.000000] madedrv: gave up ";
    size_t n = strlen(log);
    struct out *out;

    for (int c = 1; c < 256; c++)
        if (c != '\n')
            log[n++] = (char)c;
    log[n++] = '\n';
    out = page_of("a.log", (struct str){ log, n });
    ck_assert_uint_gt(count(out_bytes(out), "\\x80"), 0);
    ck_assert_uint_gt(count(out_bytes(out), "&amp;"), 0);
    ck_assert_uint_eq(count(out_bytes(out), "\x7f"), 0);
    out_free(out);
}
END_TEST

START_TEST(the_page_stands_alone)
{
    struct out *out = page_of("a.log", STR(BANNER "[    9.000000] madedrv: gave up\n"));
    struct str page = out_bytes(out);

    ck_assert_uint_eq(count(page, "default-src 'none'"), 1);
    ck_assert_uint_eq(count(page, "<script"), 0);
    ck_assert_uint_eq(count(page, "src="), 0);
    ck_assert_uint_eq(count(page, "url("), 0);
    ck_assert_uint_eq(count(page, "@import"), 0);
    ck_assert_uint_eq(count(page, "<link"), 0);
    ck_assert_uint_eq(count(page, "<h1>A made failure</h1>"), 1);
    ck_assert_uint_gt(count(page, "<svg"), 1);
    ck_assert(str_ends(page, STR("</html>\n")));
    out_free(out);
}
END_TEST

START_TEST(evidence_stands_in_its_context)
{
    struct out *out = page_of("a.log", STR(BANNER "[    7.000000] far away\n"
                                                  "[    8.000000] one in front\n"
                                                  "[    8.100000] two in front\n"
                                                  "[    8.200000] three in front\n"
                                                  "[    9.000000] madedrv: gave up\n"
                                                  "[    9.100000] behind it\n"));
    struct str page = out_bytes(out);

    ck_assert_uint_eq(count(page, "three in front"), 1);
    ck_assert_uint_eq(count(page, "one in front"), 1);
    ck_assert_uint_eq(count(page, "behind it"), 1);
    ck_assert_uint_eq(count(page, "far away"), 0);
    ck_assert_uint_eq(count(page, "<div class=\"proof\">"), 1);
    out_free(out);
}
END_TEST

START_TEST(an_empty_case_has_a_page)
{
    struct out *out = page_of("a.log", STR(""));

    ck_assert_uint_eq(count(out_bytes(out), "<h1>Nothing could be read</h1>"), 1);
    ck_assert_uint_eq(count(out_bytes(out), "Timeline"), 0);
    out_free(out);
}
END_TEST

/* Two machines with one cause, one with nothing, one that names itself in markup. */
START_TEST(many_cases_make_an_index)
{
    static const char *const logs[] = { BANNER "[    9.000000] madedrv: gave up\n",
                                        BANNER "[    7.000000] madedrv: gave up\n",
                                        BANNER "[    7.000000] reboot: Restarting system\n",
                                        BANNER "[    7.000000] madedrv: gave up <i>\n" };
    struct report_options how = { .tool_version = STR("1") };
    struct cases *cases = cases_new();
    struct out *out = out_new_memory();
    struct str page;

    for (size_t i = 0; i < sizeof logs / sizeof logs[0]; i++) {
        struct analysis_options options = { 0 };
        struct case_rig rig;

        case_start(&rig);
        case_add(&rig, i == 3 ? "<b>vm</b>.log" : "vm.log", str_from(logs[i]));
        case_settle(&rig, &options);
        remedy_fill(rig.a);
        ck_assert(cases_add_analysis(cases, rig.a, 0));
        case_stop(&rig);
    }
    cases->complete = true;
    report_find(STR("html"))->write_cases(out, cases, &how);
    page = out_bytes(out);
    ck_assert_uint_eq(count(page, "<table class=\"groups\">"), 1);
    ck_assert_uint_eq(count(page, "<strong>3</strong>"), 2); /* diagnosed, in the group */
    ck_assert_uint_eq(count(page, "<article"), 3);
    ck_assert_uint_eq(count(page, "href=\"#case-3\""), 1);
    ck_assert_uint_eq(count(page, "id=\"case-3\""), 1);
    ck_assert_uint_eq(count(page, "id=\"case-2\""), 0);
    ck_assert_uint_eq(count(page, "<i>") + count(page, "<b>"), 0);
    ck_assert_uint_eq(count(page, "<script"), 0);
    out_free(out);
    cases_free(cases);
}
END_TEST

/* More cases than a page shows; the last one alone has another end, and a block of its own. */
START_TEST(every_group_links_to_a_case)
{
    static const char *const logs[] = { BANNER "[    9.000000] madedrv: gave up\n", BANNER
                                        "[    7.000000] Kernel panic - not syncing: made\n" };
    struct report_options how = { .tool_version = STR("1") };
    struct cases *cases = cases_new();
    struct out *out = out_new_memory();

    for (size_t i = 0; i < 2; i++) {
        struct analysis_options options = { 0 };
        struct case_rig rig;

        case_start(&rig);
        case_add(&rig, "vm.log", str_from(logs[i]));
        case_settle(&rig, &options);
        remedy_fill(rig.a);
        for (size_t k = 0; k < (i ? 1 : 2100); k++)
            ck_assert(cases_add_analysis(cases, rig.a, 0));
        case_stop(&rig);
    }
    report_find(STR("html"))->write_cases(out, cases, &how);
    ck_assert_uint_eq(count(out_bytes(out), "<article"), 2000);
    ck_assert_uint_eq(count(out_bytes(out), "href=\"#case-2100\""), 1);
    ck_assert_uint_eq(count(out_bytes(out), "id=\"case-2100\""), 1);
    out_free(out);
    cases_free(cases);
}
END_TEST

Suite *check_html(void)
{
    Suite *s = suite_create("html");
    TCase *t = tcase_create("page");

    tcase_add_loop_test(t, no_log_becomes_markup, 0, sizeof payloads / sizeof payloads[0]);
    tcase_add_test(t, without_a_stamp_it_stands_behind_the_last_one);
    tcase_add_test(t, every_byte_in_every_text);
    tcase_add_test(t, the_page_stands_alone);
    tcase_add_test(t, evidence_stands_in_its_context);
    tcase_add_test(t, an_empty_case_has_a_page);
    tcase_add_test(t, many_cases_make_an_index);
    tcase_add_test(t, every_group_links_to_a_case);
    suite_add_tcase(s, t);
    return s;
}
