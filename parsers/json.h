/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON objects out of a line stream, one at a time, whatever stands around them: one object per
 * line, printed over many lines, behind an RS byte (json-seq), behind "data: " (server-sent
 * events), in an array, in an array inside another object ({"dmesg": [ … ]}). An object inside an
 * array is always an object of its own; what opened the array is its wrapping.
 *
 * Memory is bounded: an object longer than LIMIT_RECORD_BYTES is given up. So is a torn one;
 * reading goes on with the next.
 */
#pragma once

#include "analyzer/core/record.h"
#include "parsers/lines.h"

enum field_kind {
    FIELD_ABSENT,
    FIELD_NULL,   /* journalctl's word for "too long to print" */
    FIELD_TEXT,   /* a string, or the bytes of an array of numbers ([72,105] for "Hi") */
    FIELD_NUMBER, /* text holds its digits when it is whole */
};

/* A member that the caller asks for, by `name`; the rest is filled in. */
struct json_field {
    const char *name;
    enum field_kind kind;
    struct str text; /* valid until the next json_next() */
    int64_t number;  /* without its fraction */
    int64_t micros;  /* the number times 1,000,000, or TIME_UNKNOWN when it does not fit */
};

/* Where a stream stands; zero at its start. */
struct json_stream {
    size_t column;         /* of the line that will come again: how much of it is used up */
    struct joiner *object; /* the bytes of an open object, or NULL */
    struct lines_place start;
    uint64_t arrays; /* one bit per level: set when it is an array */
    unsigned depth;
    bool in_string, escaped;
    char before; /* the byte before, blanks and strings left out */
};

/*
 * The next object: fills `fields` (the last one has no name), and line and offset of *out.
 * Something that is no object, or a broken one, gives RECORD_UNPARSED and its bytes as text; the
 * fields are absent then. Of a member that has several values (an array of strings) the first one
 * is taken.
 */
enum step json_next(struct json_stream *s, struct lines *in, struct json_field *fields,
                    struct record *out, struct err *err);
