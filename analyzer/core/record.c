/* SPDX-License-Identifier: Apache-2.0 */
/* Keeping records and naming their enumerations; see record.h. */
#include "analyzer/core/record.h"

#include <string.h>

static const struct str level_names[LEVEL_COUNT] = {
#define LEVEL(sym, num, name) [num] = { STR_INIT(name) },
#include "analyzer/core/level.def"
#undef LEVEL
};

static const struct str facility_names[FACILITY_COUNT] = {
#define FACILITY(sym, num, name) [num] = { STR_INIT(name) },
#include "analyzer/core/facility.def"
#undef FACILITY
};

static const struct str origin_names[ORIGIN_COUNT] = {
#define ORIGIN(sym, name, meaning) [ORIGIN_##sym] = { STR_INIT(name) },
#include "analyzer/core/origin.def"
#undef ORIGIN
};

void record_init(struct record *r)
{
    *r = (struct record){
        .level = LEVEL_UNKNOWN,
        .facility = FACILITY_UNKNOWN,
        .mono_us = TIME_UNKNOWN,
        .wall_us = TIME_UNKNOWN,
        .host_wall_us = TIME_UNKNOWN,
        .after_us = TIME_UNKNOWN,
    };
}

void record_unparsed(struct record *r, struct str line)
{
    unsigned cut = r->flags & RECORD_CUT;

    record_init(r);
    r->flags = cut | RECORD_UNPARSED;
    r->text = line;
}

enum { RECORD_SLICES = 14 };

static void slices_of(struct record *r, struct str *out[RECORD_SLICES])
{
    struct str *slices[RECORD_SLICES] = {
        &r->text, &r->caller,  &r->thread,     &r->opid,       &r->host,
        &r->ident, &r->pid,    &r->unit,       &r->boot_id,    &r->message_id,
        &r->machine_id, &r->key, &r->value,    &r->section,
    };

    memcpy(out, slices, sizeof slices);
}

size_t record_bytes(const struct record *r)
{
    struct record copy = *r;
    struct str *slices[RECORD_SLICES];
    size_t n = 0;

    slices_of(&copy, slices);
    for (size_t i = 0; i < RECORD_SLICES; i++)
        n += slices[i]->n;
    return n;
}

void record_copy(struct record *out, const struct record *r, char *buf)
{
    struct str *slices[RECORD_SLICES];

    *out = *r;
    slices_of(out, slices);
    for (size_t i = 0; i < RECORD_SLICES; i++) {
        if (!slices[i]->n)
            continue;
        memcpy(buf, slices[i]->p, slices[i]->n);
        slices[i]->p = buf;
        buf += slices[i]->n;
    }
}

struct record *record_keep(struct arena *a, const struct record *r)
{
    struct record *kept = arena_new(a, struct record, 1);
    char *buf = kept ? arena_alloc(a, record_bytes(r) + 1) : NULL;

    if (!buf)
        return NULL;
    record_copy(kept, r, buf);
    return kept;
}

static struct str name_of(const struct str *names, size_t count, unsigned value)
{
    return value < count ? names[value] : STR("unknown");
}

struct str level_name(enum level level)
{
    return name_of(level_names, LEVEL_COUNT, level);
}

struct str facility_name(enum facility facility)
{
    return name_of(facility_names, FACILITY_COUNT, facility);
}

struct str origin_name(enum origin origin)
{
    return name_of(origin_names, ORIGIN_COUNT, origin);
}

static bool find_name(const struct str *names, size_t count, struct str name, unsigned *value)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq(names[i], name)) {
            *value = (unsigned)i;
            return true;
        }
    }
    return false;
}

bool level_from_name(struct str name, enum level *level)
{
    static const struct {
        struct str name;
        enum level level;
    } aliases[] = {
        { { STR_INIT("warn") }, LEVEL_WARNING },
        { { STR_INIT("error") }, LEVEL_ERR },
        { { STR_INIT("panic") }, LEVEL_EMERG },
    };
    unsigned value;

    if (find_name(level_names, LEVEL_COUNT, name, &value)) {
        *level = (enum level)value;
        return true;
    }
    for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++) {
        if (str_eq(aliases[i].name, name)) {
            *level = aliases[i].level;
            return true;
        }
    }
    return false;
}

bool facility_from_name(struct str name, enum facility *facility)
{
    unsigned value;

    if (!find_name(facility_names, FACILITY_COUNT, name, &value))
        return false;
    *facility = (enum facility)value;
    return true;
}

bool origin_from_name(struct str name, enum origin *origin)
{
    unsigned value;

    if (!find_name(origin_names, ORIGIN_COUNT, name, &value))
        return false;
    *origin = (enum origin)value;
    return true;
}
