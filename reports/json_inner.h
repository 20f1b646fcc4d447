/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the parts of the JSON reports share: one writer for `json`, whose objects stand in arrays,
 * and for `ndjson`, whose objects stand on lines of their own and begin with their type.
 */
#pragma once

#include "reports/emit.h"
#include "reports/report.h"

struct json {
    struct emit e;
    struct out *scratch; /* for texts; NULL where none is written */
    bool lines;          /* ndjson */
    const struct analysis *a;
    const struct report_options *o;
};

/* One of the objects that the schema lists by type. */
void json_begin_object(struct json *j, const char *type);
void json_end_object(struct json *j);

/* The array around objects of one type; ndjson has none. */
void json_begin_list(struct json *j, const char *key);
void json_end_list(struct json *j);

/* A place in another array; null for UINT32_MAX. */
void json_put_index(struct json *j, const char *key, uint32_t index);

/* A record of boot `boot` as evidence; null for NULL. */
void json_put_record(struct json *j, const struct record *r, uint32_t boot);

/* The objects of boots[] with their facts, without the array around them. */
void json_put_boots(struct json *j);

/* next_boot{} of preflight: the answer, and what it rests on. */
void json_put_next_boot(struct json *j);
