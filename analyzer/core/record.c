/* SPDX-License-Identifier: Apache-2.0 */
/* Keeping records and naming their enumerations; see record.h. */
#include "analyzer/core/record.h"

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
    };
}

struct record *record_keep(struct arena *a, const struct record *r)
{
    struct record *kept = arena_new(a, struct record, 1);
    struct str *slices[] = {
        &kept->text, &kept->caller,  &kept->thread,     &kept->opid,       &kept->host,
        &kept->ident, &kept->pid,    &kept->unit,       &kept->boot_id,    &kept->message_id,
        &kept->machine_id, &kept->key, &kept->value,    &kept->section,
    };

    if (!kept)
        return NULL;
    *kept = *r;
    for (size_t i = 0; i < sizeof slices / sizeof slices[0]; i++) {
        size_t n = slices[i]->n;

        if (n == 0)
            continue;
        *slices[i] = arena_str(a, *slices[i]);
        if (slices[i]->n != n)
            return NULL;
    }
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
