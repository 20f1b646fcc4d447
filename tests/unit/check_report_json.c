/* SPDX-License-Identifier: Apache-2.0 */
/* What an independent reader of JSON gets: the keys, their order, and the log's bytes unharmed. */
#include "reports/report.h"

#include "tests/unit/made_case.h"

#include <check.h>
#include <jansson.h>
#include <string.h>

static struct out *write_report(const struct made_case *c, const char *name)
{
    struct report_options options = { .exit_code = 1, .tool_version = STR("1.2.3") };
    struct out *o = out_new_memory();

    report_find(str_from(name))->write(o, &c->a, &options);
    return o;
}

static json_t *parse(struct str s)
{
    json_error_t why;
    json_t *parsed = json_loadb(s.p, s.n, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &why);

    ck_assert_msg(parsed != NULL, "%s at %d:%d of\n%.*s", why.text, why.line, why.column,
                  STR_ARG(s));
    return parsed;
}

static void keys_are(const json_t *object, const char *const *keys)
{
    void *at = json_object_iter((json_t *)(uintptr_t)object);

    for (size_t i = 0; keys[i]; i++) {
        ck_assert_ptr_nonnull(at);
        ck_assert_str_eq(json_object_iter_key(at), keys[i]);
        at = json_object_iter_next((json_t *)(uintptr_t)object, at);
    }
    ck_assert_ptr_null(at);
}

START_TEST(document_has_its_keys_in_order)
{
    static const char *const top[] = { "schema", "tool",      "case",    "inputs",
                                       "boots",  "diagnoses", "crashes", "unexplained",
                                       "notes",  "summary",   NULL };
    static const char *const diagnosis[] = { "rule",        "title",      "severity", "confidence",
                                             "category",    "role",       "boot",     "diagnosis",
                                             "remediation", "references", "evidence", "captures",
                                             "explains",    "crash",      NULL };
    static const char *const boot[] = {
        "index",         "offset",         "id",       "kernel",
        "flavour",       "distro",         "cmdline",  "started",
        "last",          "wall_offset_us", "ended_by", "head_complete",
        "tail_complete", "merged_dumps",   "facts",    NULL
    };
    static const char *const record[] = { "input", "line",   "offset", "mono_us",
                                          "wall",  "origin", "text",   NULL };
    struct made_case *c = made_case_new();
    struct out *o = write_report(c, "json");
    json_t *doc = parse(out_bytes(o)), *first;

    keys_are(doc, top);
    first = json_array_get(json_object_get(doc, "diagnoses"), 0);
    keys_are(first, diagnosis);
    keys_are(json_array_get(json_object_get(doc, "boots"), 0), boot);
    keys_are(json_array_get(json_object_get(first, "evidence"), 0), record);
    json_decref(doc);
    out_free(o);
    made_case_free(c);
}
END_TEST

START_TEST(text_arrives_byte_for_byte)
{
    struct made_case *c = made_case_new();
    struct out *o = write_report(c, "json");
    json_t *doc = parse(out_bytes(o));
    const json_t *first = json_array_get(json_object_get(doc, "diagnoses"), 0);
    const json_t *evidence = json_array_get(json_object_get(first, "evidence"), 0);

    ck_assert_str_eq(json_string_value(json_object_get(first, "diagnosis")),
                     "root= names sdc1" MADE_ATTACK);
    ck_assert_str_eq(json_string_value(json_object_get(evidence, "text")), c->panic.text.p);
    ck_assert_int_eq(json_integer_value(json_object_get(evidence, "mono_us")), 1125782);
    ck_assert(json_is_null(json_object_get(evidence, "wall")));
    ck_assert_str_eq(json_string_value(json_array_get(json_object_get(first, "explains"), 0)),
                     "root.made-symptom");
    json_decref(doc);
    out_free(o);
    made_case_free(c);
}
END_TEST

START_TEST(lines_are_typed_and_end_with_a_summary)
{
    static const char *const types[] = { "header",    "input",       "boot", "diagnosis",
                                         "diagnosis", "unexplained", "note", "summary" };
    struct made_case *c = made_case_new();
    struct out *o;
    struct str rest, line;
    size_t n = 0;

    made_unexplained(c);
    o = write_report(c, "ndjson");
    rest = out_bytes(o);
    while (str_take_line(&rest, &line)) {
        json_t *object = parse(line);

        ck_assert_uint_lt(n, sizeof types / sizeof types[0]);
        ck_assert_str_eq(json_string_value(json_object_get(object, "type")), types[n++]);
        json_decref(object);
    }
    ck_assert_uint_eq(n, sizeof types / sizeof types[0]);
    out_free(o);
    made_case_free(c);
}
END_TEST

START_TEST(unknown_wall_clock_is_null)
{
    struct made_case *c = made_case_new();
    struct out *o;
    json_t *doc;
    const json_t *diagnosis;

    c->panic.wall_us = 1000000;
    c->panic.flags = RECORD_WALL_NO_YEAR;
    o = write_report(c, "json");
    doc = parse(out_bytes(o));
    diagnosis = json_array_get(json_object_get(doc, "diagnoses"), 0);
    ck_assert(json_is_null(
            json_object_get(json_array_get(json_object_get(diagnosis, "evidence"), 0), "wall")));
    json_decref(doc);
    out_free(o);
    made_case_free(c);
}
END_TEST

Suite *check_report_json(void)
{
    Suite *s = suite_create("report_json");
    TCase *t = tcase_create("report_json");

    tcase_add_test(t, document_has_its_keys_in_order);
    tcase_add_test(t, text_arrives_byte_for_byte);
    tcase_add_test(t, lines_are_typed_and_end_with_a_summary);
    tcase_add_test(t, unknown_wall_clock_is_null);
    suite_add_tcase(s, t);
    return s;
}
