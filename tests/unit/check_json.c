/* SPDX-License-Identifier: Apache-2.0 */
/* Objects are found whatever stands around them, and torn ones cost only themselves. */
#include "parsers/json.h"

#include "analyzer/core/limits.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

/*
 * What the stream gives, as text: "a=1;" for the member "a" of an object (its text, "null", or its
 * millionths behind '~'), "?bytes;" for what could not be read.
 */
static const struct {
    const char *name, *in, *out;
} streams[] = {
    { "one per line", "{\"a\":\"1\"}\n{\"a\":\"2\"}\n", "a=1;a=2;" },
    { "two on a line", "{\"a\":\"1\"}{\"a\":\"2\"}, {\"a\":\"3\"}\n", "a=1;a=2;a=3;" },
    { "over many lines", "{\n\t\"a\" : \"1\",\n\t\"b\" : 2\n}\n{\n\t\"a\" : \"2\"\n}\n",
      "a=1;a=2;" },
    { "behind RS", "\x1e{\"a\":\"1\"}\n\x1e{\"a\":\"2\"}\n", "a=1;a=2;" },
    { "server-sent", "data: {\"a\":\"1\"}\n\ndata: {\"a\":\"2\"}\n\n", "a=1;a=2;" },
    { "in an array", "[\n  {\"a\":\"1\"},\n  {\"a\":\"2\"}\n]\n", "a=1;a=2;" },
    { "array on one line", "[{\"a\":\"1\"},{\"a\":\"2\"}]", "a=1;a=2;" },
    { "array in an object", "{\n \"w\": [\n  {\"a\":\"1\"\n  },{\"a\":\"2\"}\n ]\n}\n",
      "a=1;a=2;" },
    { "object in an object", "{\"o\":{\"a\":\"no\"},\"a\":\"1\"}\n", "a=1;" },
    { "brackets in strings", "{\"b\":\"}]{[\\\"}\",\"a\":\"{\"}\n", "a={;" },
    { "bytes", "{\"a\":[72,105,255]}\n", "a=Hi\xff;" },
    { "bytes over lines", "{\"a\" : [\n\t72,\n\t105\n]}\n", "a=Hi;" },
    { "no bytes", "{\"a\":[72,256]}\n", "-;" },
    { "several values", "{\"a\":[\"1\",\"2\"]}\n", "a=1;" },
    { "several values of bytes", "{\"a\":[[72,105],\"2\"]}\n", "a=Hi;" },
    { "empty array", "{\"a\":[]}\n", "-;" },
    { "null", "{\"a\":null}\n", "a=null;" },
    { "whole number", "{\"a\":-42}\n", "a=-42~-42000000;" },
    { "fraction", "{\"a\":    1.125782}\n", "a=~1125782;" },
    { "number too large", "{\"a\":1e300}\n", "a=~?;" },
    { "escapes", "{\"a\":\"\\u00e9\\n\\\\\"}\n", "a=\xc3\xa9\n\\;" },
    { "no UTF-8", "{\"a\":\"x\xffy\xc3\"}\n", "a=x?y?;" },
    { "raw control byte", "{\"a\":\"x\ty\x01\"}\n", "a=x y ;" },
    { "torn string", "{\"a\":\"1\n{\"a\":\"2\"}\n", "?{\"a\":\"1;a=2;" },
    { "torn over lines", "{\n\t\"a\" : \"1\",\n{\n\t\"a\" : \"2\"\n}\n",
      "?{\t\"a\" : \"1\",;a=2;" },
    { "torn behind RS", "\x1e{\"a\":\n\x1e{\"a\":\"2\"}\n", "?{\"a\":;a=2;" },
    { "torn event", "data: {\"a\":\ndata: {\"a\":\"2\"}\n", "?{\"a\":;a=2;" },
    { "torn at the end", "{\"a\":\"1\"}\n{\"a\":\n", "a=1;?{\"a\":;" },
    { "wrong bracket", "{\"a\":\"1\"]\n{\"a\":\"2\"}\n", "?{\"a\":\"1\";a=2;" },
    { "no JSON inside", "{hello}\n{\"a\":\"2\"}\n", "?{hello};a=2;" },
    { "text between", "hello {\"a\":\"1\"}\n{\"a\":\"2\"}\n", "?hello {\"a\":\"1\"};a=2;" },
    { "tail without head", "\"a\":\"0\"\n},{\"a\":\"1\"}\n]\n}\n", "?\"a\":\"0\";a=1;" },
    { "nothing", "", "" },
    { "only blanks", " \n\n\t\n", "" },
};

static void describe(const struct json_field *f, const struct record *r, FILE *out)
{
    if (r->flags & RECORD_UNPARSED) {
        fprintf(out, "?%.*s;", STR_ARG(r->text));
        return;
    }
    if (f->kind == FIELD_ABSENT)
        fprintf(out, "-;");
    else if (f->kind == FIELD_NULL)
        fprintf(out, "a=null;");
    else if (f->kind == FIELD_TEXT)
        fprintf(out, "a=%.*s;", STR_ARG(f->text));
    else if (f->micros == TIME_UNKNOWN)
        fprintf(out, "a=%.*s~?;", STR_ARG(f->text));
    else
        fprintf(out, "a=%.*s~%lld;", STR_ARG(f->text), (long long)f->micros);
}

static void run(struct str text, char *found, size_t size)
{
    FILE *out = fmemopen(found, size, "w");
    struct lines *in = lines_new_memory(text);
    struct json_stream s = { 0 };
    struct json_field fields[] = { { .name = "a" }, { .name = NULL } };
    struct record r;
    enum step step;

    for (;;) {
        record_init(&r);
        lines_begin(in);
        step = json_next(&s, in, fields, &r, NULL);
        if (step != STEP_RECORD)
            break;
        describe(fields, &r, out);
    }
    ck_assert_int_eq(step, STEP_END);
    fclose(out);
    lines_free(in);
}

START_TEST(finds_objects)
{
    char found[256] = "";

    run(str_from(streams[_i].in), found, sizeof found);
    ck_assert_msg(strcmp(found, streams[_i].out) == 0, "%s: found %s, expected %s",
                  streams[_i].name, found, streams[_i].out);
}
END_TEST

START_TEST(tells_where_an_object_starts)
{
    struct lines *in = lines_new_memory(STR("\n{\n\"a\":1\n} {\"a\":2}\n"));
    struct json_stream s = { 0 };
    struct json_field fields[] = { { .name = "a" }, { .name = NULL } };
    struct record r;

    record_init(&r);
    ck_assert_int_eq(json_next(&s, in, fields, &r, NULL), STEP_RECORD);
    ck_assert_uint_eq(r.line, 2);
    ck_assert_uint_eq(r.offset, 1);
    ck_assert_int_eq(json_next(&s, in, fields, &r, NULL), STEP_RECORD);
    ck_assert_uint_eq(r.line, 4);
    ck_assert_int_eq(fields[0].number, 2);
    lines_free(in);
}
END_TEST

/* `n` times `unit`, between `before` and `after`. */
static struct str build(char *p, struct str before, struct str unit, size_t n, struct str after)
{
    size_t at = before.n;

    memcpy(p, before.p, before.n);
    for (size_t i = 0; i < n; i++, at += unit.n)
        memcpy(p + at, unit.p, unit.n);
    memcpy(p + at, after.p, after.n);
    return (struct str){ .p = p, .n = at + after.n };
}

static char large[4 << 20];

static const struct {
    const char *name;
    struct str before, unit, after;
    size_t n;
} hostile[] = {
    { "object larger than the limit",
      { STR_INIT("{\"b\":[") },
      { STR_INIT("1,\n") },
      { STR_INIT("1]}\n{\"a\":\"2\"}\n") },
      60000 },
    { "string longer than a line",
      { STR_INIT("{\"b\":\"") },
      { STR_INIT("x") },
      { STR_INIT("\"}\n{\"a\":\"2\"}\n") },
      200000 },
    { "deep arrays",
      { STR_INIT("{\"b\":") },
      { STR_INIT("[") },
      { STR_INIT("\n{\"a\":\"2\"}\n") },
      100000 },
    { "deep objects",
      { STR_INIT("") },
      { STR_INIT("{\"b\":") },
      { STR_INIT("\n{\"a\":\"2\"}\n") },
      1000 },
    { "deep wrappings",
      { STR_INIT("") },
      { STR_INIT("[{") },
      { STR_INIT("\n{\"a\":\"2\"}\n") },
      10000 },
};

START_TEST(bounded_and_comes_back)
{
    struct str text =
            build(large, hostile[_i].before, hostile[_i].unit, hostile[_i].n, hostile[_i].after);
    struct lines *in = lines_new_memory(text);
    struct json_stream s = { 0 };
    struct json_field fields[] = { { .name = "a" }, { .name = NULL } };
    struct record r;
    bool came_back = false;

    do {
        record_init(&r);
        if (json_next(&s, in, fields, &r, NULL) != STEP_RECORD)
            break;
        ck_assert_uint_le(r.text.n, LIMIT_RECORD_BYTES);
        came_back = str_eq(fields[0].text, STR("2"));
    } while (!came_back);
    ck_assert_msg(came_back, "%s", hostile[_i].name);
    lines_free(in);
}
END_TEST

Suite *check_json(void)
{
    Suite *s = suite_create("json");
    TCase *t = tcase_create("json");

    tcase_add_loop_test(t, finds_objects, 0, (int)(sizeof streams / sizeof streams[0]));
    tcase_add_test(t, tells_where_an_object_starts);
    tcase_add_loop_test(t, bounded_and_comes_back, 0, (int)(sizeof hostile / sizeof hostile[0]));
    suite_add_tcase(s, t);
    return s;
}
