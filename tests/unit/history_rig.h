/* SPDX-License-Identifier: Apache-2.0 */
/* A history in a directory of its own, and made cases to record in it. */
#pragma once

#include "analyzer/fleet/database.h"
#include "analyzer/fleet/history.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_US ((int64_t)86400 * 1000000)

static char directory[64];
static char path[128];

static inline void make_directory(void)
{
    strcpy(directory, "/tmp/check-history-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/history.db", directory);
}

static inline void remove_directory(void)
{
    char command[128];

    snprintf(command, sizeof command, "rm -rf %s", directory);
    ck_assert_int_eq(system(command), 0);
}

static inline struct case_result *add_case(struct cases *cases, const char *machine)
{
    struct case_result *c = vec_push(&cases->arena, &cases->of);

    ck_assert_ptr_nonnull(c);
    c->id_source = STR("vmx-uuid");
    c->id = str_from(machine);
    c->name = str_from(machine);
    c->result = RESULT_DIAGNOSED;
    return c;
}

static inline void add_cause(struct cases *cases, struct case_result *c, const char *rule)
{
    struct case_diagnosis *d = vec_push(&cases->arena, &c->diagnoses);

    ck_assert_ptr_nonnull(d);
    d->rule = str_from(rule);
    d->title = STR("a made cause");
    d->severity = SEVERITY_ERROR;
    d->role = ROLE_ROOT;
}

static inline void add_crash(struct cases *cases, struct case_result *c, const char *exact)
{
    struct case_crash *crash = vec_push(&cases->arena, &c->crashes);

    ck_assert_ptr_nonnull(crash);
    crash->exact = str_from(exact);
    crash->family = STR("ffffffffffffffff");
    crash->title = STR("BUG: made\0\xff");
}

/* One machine with one cause and one crash, either of them NULL. */
static inline struct cases *made(const char *machine, const char *rule, const char *exact)
{
    struct cases *cases = cases_new();
    struct case_result *c;

    ck_assert_ptr_nonnull(cases);
    cases->tool_version = STR("1");
    cases->rules_sha256 = STR("abc");
    c = add_case(cases, machine);
    if (rule)
        add_cause(cases, c, rule);
    if (exact)
        add_crash(cases, c, exact);
    return cases;
}

static inline void record(struct cases *cases, const char *run, int64_t wall_us)
{
    struct history_run r = { .id = str_from(run), .wall_us = wall_us };
    struct err err = { 0 };
    bool ok = history_record(path, cases, &r, &err);

    ck_assert_msg(ok, "%s: %s", err.file, err.text);
}

static inline struct history *look(void)
{
    struct err err = { 0 };
    struct history *h = history_open(path, HISTORY_READ, &err);

    ck_assert_msg(h, "%s: %s", err.file, err.text);
    return h;
}

static inline int64_t number(const char *sql)
{
    struct err err = { 0 };
    struct database *db = database_open(path, DATABASE_READ, &err);
    struct query *q = db ? query_new(db, sql, &err) : NULL;
    int64_t value;

    ck_assert_msg(q && query_next(q, &err), "%s", err.text);
    value = query_int(q, 0);
    query_free(q);
    database_close(db);
    return value;
}

static inline void assert_whole(void)
{
    struct err err = { 0 };
    struct database *db = database_open(path, DATABASE_READ, &err);
    struct query *q = db ? query_new(db, "PRAGMA integrity_check", &err) : NULL;

    ck_assert_msg(q && query_next(q, &err), "%s", err.text);
    ck_assert(str_eq(query_str(q, 0), STR("ok")));
    query_free(q);
    database_close(db);
}

/* Two nights: a and b fail alike, then only a; c crashes in the second. */
static inline void two_nights(void)
{
    struct cases *one = made("a", "mem.oom", NULL), *two = made("a", "mem.oom", NULL);

    add_cause(one, add_case(one, "b"), "mem.oom");
    add_case(one, "c");
    add_case(two, "b");
    add_crash(two, add_case(two, "c"), "0123456789abcdef");
    record(one, "1", 0);
    record(two, "2", DAY_US);
    cases_free(one);
    cases_free(two);
}
