/* SPDX-License-Identifier: Apache-2.0 */
/* NDJSON of a worker, redacted string by string: what is private goes, everything else stays. */
#include "reports/json_redact.h"
#include "reports/redact.h"

#include <check.h>

/* Every name is learned; NULL: the line stays as it is. */
static const struct {
    const char *line, *becomes; /* '@' stands for the token of web-7 */
} cases[] = {
    { "{\"type\":\"note\",\"text\":\"at web-7\"}", "{\"type\":\"note\",\"text\":\"at @\"}" },
    { "{\"type\":\"header\",\"schema\":\"lastwords/"
      "1\",\"case\":{\"name\":\"web-7\",\"names\":[\"web-7\"]}}",
      "{\"type\":\"header\",\"schema\":\"lastwords/1\",\"redacted\":true,\"case\":{\"name\":\"@\","
      "\"names\":[\"@\"]}}" },
    /* However the name is written. */
    { "{\"text\":\"\\u0077eb-7\\n\\\"web-7\\\"\"}", "{\"text\":\"@\\n\\\"@\\\"\"}" },
    { "{\"text\":\"\\ud83d\\ude00 \\u0000 \\u202e\\t\\\\\"}",
      "{\"text\":\"\xf0\x9f\x98\x80 \\u0000 \\u202e\\t\\\\\"}" },
    /* Our own words, ids of rules, times; even if a machine is called like one of them. */
    { "{\"type\":\"web-7\",\"rule\":\"web-7.x\",\"severity\":\"web-7\",\"references\":[\"web-7\"]}",
      NULL },
    { "{\"web-7\":1,\"ok\":[true,null,-12,{}],\"e\":\"\"}", NULL },
    /* Maps have keys out of the log, and their values are no words of ours. */
    { "{\"facts\":{\"disks.list\":{\"value\":[{\"kind\":\"web-7\",\"web-7\":\"\"}],\"known\":true,"
      "\"evidence\":"
      "{\"origin\":\"web-7\",\"text\":\"web-7\"}}}}",
      "{\"facts\":{\"disks.list\":{\"value\":[{\"kind\":\"@\",\"@\":\"\"}],\"known\":true,"
      "\"evidence\":"
      "{\"origin\":\"web-7\",\"text\":\"@\"}}}}" },
    { "{\"captures\":{\"rule\":\"web-7\",\"m\":{\"level\":\"web-7\"}},\"rule\":\"web-7\"}",
      "{\"captures\":{\"rule\":\"@\",\"m\":{\"level\":\"@\"}},\"rule\":\"web-7\"}" },
    { "{\"value\":\"web-7\",\"rule\":\"web-7\"}", "{\"value\":\"@\",\"rule\":\"web-7\"}" },
    { "{\"value\":[],\"rule\":\"web-7\"}", NULL },
    /* Torn ones end, whatever comes of them. */
    { "{\"text\":\"", "{\"text\":\"\"" },
    { "]}\\\"", "]}\\\"\"" },
    { "", NULL },
};

static void add_expected(struct out *o, const char *text, struct str token)
{
    for (; *text; text++) {
        if (*text == '@')
            out_raw(o, token);
        else
            out_repeat(o, *text, 1);
    }
    out_puts(o, "\n");
}

START_TEST(string_by_string)
{
    struct redactor *r = redactor_new(STR("key"));
    struct out *out = out_new_memory(), *expected = out_new_memory(), *line = out_new_memory();

    redact_learn(r, SORT_HOST, STR("web-7"));
    add_expected(expected, cases[_i].becomes ? cases[_i].becomes : cases[_i].line,
                 redact(r, STR("web-7")));
    out_puts(line, cases[_i].line);
    out_puts(line, "\n");
    out_redact(out, r);
    json_redact(out, out_bytes(line));
    ck_assert_msg(str_eq(out_bytes(out), out_bytes(expected)), "%.*s", STR_ARG(out_bytes(out)));
    out_free(line);
    out_free(expected);
    out_free(out);
    redactor_free(r);
}
END_TEST

START_TEST(shapes_are_tokens)
{
    struct redactor *r = redactor_new(STR("key"));
    struct out *out = out_new_memory();
    struct str shape = STR("{\"shape\":\"no answer from web-N\"}\n"), first;

    out_redact(out, r);
    json_redact(out, shape);
    ck_assert(str_starts(out_bytes(out), STR("{\"shape\":\"shape-")));
    ck_assert_uint_eq(str_find(out_bytes(out), STR("web")), STR_NOT_FOUND);
    json_redact(out, shape);
    first = out_bytes(out);
    ck_assert(str_eq(str_first(first, first.n / 2), str_from_at(first, first.n / 2)));
    out_free(out);
    redactor_free(r);
}
END_TEST

Suite *check_json_redact(void)
{
    Suite *s = suite_create("json_redact");
    TCase *t = tcase_create("lines");

    tcase_add_loop_test(t, string_by_string, 0, sizeof cases / sizeof cases[0]);
    tcase_add_test(t, shapes_are_tokens);
    suite_add_tcase(s, t);
    return s;
}
