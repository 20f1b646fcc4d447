/* SPDX-License-Identifier: Apache-2.0 */
/* Markdown: nothing that a log says acts, and it is under 60 kB whatever the log holds. */
#include "analyzer/diagnose/remedy.h"
#include "reports/report.h"
#include "tests/unit/case_rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BANNER "[    0.000000] Linux version 6.1.0 (a@b) #1 SMP\n"

static const struct {
    const char *name, *in, *out;
} texts[] = {
    { "words stay", "no space left on sda1", "no space left on sda1" },
    { "names of functions stay", "ext4_put_super", "ext4_put_super" },
    { "emphasis", "*a* _b_ __c__ ~~d~~", "\\*a\\* \\_b\\_ \\_\\_c\\_\\_ \\~\\~d\\~\\~" },
    { "HTML", "<b>&lt;", "&lt;b&gt;&amp;lt;" },
    { "link", "[x](y) ![z]", "\\[x\\](y) !\\[z\\]" },
    { "bar of a table", "a|b", "a\\|b" },
    { "backslash", "a\\b", "a\\\\b" },
    { "backtick", "a`b", "a\\`b" },
    { "bullet", "- a", "\\- a" },
    { "number", "12. a", "12\\. a" },
    { "number inside", "a 12. b", "a 12. b" },
    { "underline of a heading", "===", "\\===" },
    { "address", "see http://x.y/z now", "see `http://x.y/z` now" },
    { "somebody's name", "@all", "`@all`" },
    { "number of an issue", "#1 SMP", "`#1` SMP" },
    { "heading", "## x", "`##` x" },
    { "code in an address", "a`@``b", "``` a`@``b ```" },
    { "bar in an address", "a@b|c", "`a@b\\|c`" },
    { "escape", "\033[1m", "\\x1b\\[1m" },
    { "newline", "a\nb", "a\\nb" },
    { "empty", "", "" },
};

START_TEST(escapes)
{
    struct out *o = out_new_memory();

    out_markdown(o, str_from(texts[_i].in));
    ck_assert_msg(str_eq(out_bytes(o), str_from(texts[_i].out)), "%s: %.*s", texts[_i].name,
                  STR_ARG(out_bytes(o)));
    out_free(o);
}
END_TEST

static struct out *report_of(struct str log)
{
    const struct report *markdown = report_find(STR("markdown"));
    struct report_options how = { .tool_version = STR("1") };
    struct analysis_options options = { .context = true, .choice = BOOT_ALL };
    struct out *out = out_new_memory();
    struct input *in = input_from_memory(STR("a.log"), log);
    struct case_rig rig;

    ck_assert_ptr_nonnull(markdown);
    case_start(&rig);
    analysis_add(rig.a, in, &options);
    input_close(in);
    case_settle(&rig, &options);
    remedy_fill(rig.a);
    markdown->write(out, rig.a, &how);
    case_stop(&rig);
    return out;
}

static bool has(const struct out *o, const char *what)
{
    return str_find(out_bytes(o), str_from(what)) != STR_NOT_FOUND;
}

START_TEST(tells_what_a_ticket_needs)
{
    struct out *o = report_of(STR(BANNER "[    8.000000] in front\n"
                                         "[    9.000000] madedrv: gave up\n"));

    ck_assert(str_starts(out_bytes(o), STR("# ERROR: A made failure\n")));
    ck_assert(has(o, "| 0 | `sys.made` | error | 9.000000 | A made failure |"));
    ck_assert(has(o, "  a.log:2  8.000000  in front\n> a.log:3  9.000000  madedrv: gave up\n"));
    ck_assert(has(o, "1. Make another one.\n"));
    ck_assert(has(o, "redacted: no\n"));
    ck_assert(!has(o, "Cut to stay"));
    out_free(o);
}
END_TEST

START_TEST(a_fence_is_longer_than_what_it_holds)
{
    struct out *o = report_of(STR(BANNER "[    9.000000] madedrv: gave up `````\n"));

    ck_assert(has(o, "\n``````text\n"));
    ck_assert(has(o, "\n``````\n"));
    out_free(o);
}
END_TEST

/* Many boots, each with findings in long lines, of characters that every escaper makes longer. */
START_TEST(is_never_too_long)
{
    enum { BOOTS = 60, LINES = 6, LINE = 4000 };
    static const char *const fills[] = { "x", "`", "&", "\xf0\x9f\x98\x80", "\x01", "@ " };
    const char *fill = fills[_i];
    char *log = malloc((size_t)BOOTS * LINES * (LINE + 200));
    size_t n = 0;
    struct out *o;

    ck_assert_ptr_nonnull(log);
    for (int boot = 0; boot < BOOTS; boot++) {
        n += (size_t)sprintf(log + n, BANNER);
        for (int i = 1; i < LINES; i++) {
            n += (size_t)sprintf(log + n, "[   %2d.%06d] %s", i, boot * 10 + i,
                                 i % 2 ? "madedrv: gave up " : "<3>error ");
            for (size_t k = 0; k + strlen(fill) < LINE; k += strlen(fill))
                n += (size_t)sprintf(log + n, "%s", fill);
            n += (size_t)sprintf(log + n, "\n");
        }
    }
    o = report_of((struct str){ log, n });
    ck_assert_uint_lt(out_bytes(o).n, 60000);
    ck_assert_uint_gt(out_bytes(o).n, 5000);
    ck_assert(has(o, "**Cut to stay under 60 kB:**"));
    out_free(o);
    free(log);
}
END_TEST

START_TEST(an_empty_case_has_a_report)
{
    struct out *o = report_of(STR(""));

    ck_assert(str_starts(out_bytes(o), STR("# Nothing could be read\n")));
    out_free(o);
}
END_TEST

/* Ten thousand machines, each with a name as long as a file's may be. */
START_TEST(many_cases_fit)
{
    enum { CASES = 10000, NAME = 250 };
    const struct report *markdown = report_find(STR("markdown"));
    struct report_options how = { .tool_version = STR("1") };
    struct cases *cases = cases_new();
    struct out *o = out_new_memory();
    char name[NAME + 1] = "";

    if (!cases)
        ck_abort_msg("out of memory");
    memset(name, '<', NAME);
    for (unsigned i = 0; i < CASES; i++) {
        struct case_result *c = vec_push(&cases->arena, &cases->of);
        struct case_diagnosis *d = c ? vec_push(&cases->arena, &c->diagnoses) : NULL;

        if (!d)
            ck_abort_msg("out of memory");
        snprintf(name + NAME - 6, 7, "%06u", i);
        c->name = arena_str(&cases->arena, str_from(name));
        *d = (struct case_diagnosis){ .rule = arena_printf(&cases->arena, "sys.made-%u", i % 500),
                                      .title = c->name,
                                      .role = ROLE_ROOT,
                                      .severity = SEVERITY_ERROR };
    }
    markdown->write_cases(o, cases, &how);
    ck_assert_uint_lt(out_bytes(o).n, 60000);
    ck_assert(has(o, "\n## By cause\n"));
    ck_assert(has(o, "| 20 | error | `sys.made-0` |"));
    ck_assert(has(o, "**Cut to stay under 60 kB:**"));
    out_free(o);
    cases_free(cases);
}
END_TEST

Suite *check_markdown(void)
{
    Suite *s = suite_create("markdown");
    TCase *t = tcase_create("markdown");

    tcase_add_loop_test(t, escapes, 0, (int)(sizeof texts / sizeof texts[0]));
    tcase_add_test(t, tells_what_a_ticket_needs);
    tcase_add_test(t, a_fence_is_longer_than_what_it_holds);
    tcase_add_loop_test(t, is_never_too_long, 0, 6);
    tcase_add_test(t, an_empty_case_has_a_report);
    tcase_add_test(t, many_cases_fit);
    suite_add_tcase(s, t);
    return s;
}
