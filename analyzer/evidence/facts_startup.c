/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long the start of user space took, from what PID 1 says:
 *
 *     Starting db.service - Appliance database...
 *     Finished db.service - Appliance database.
 *     Startup finished in 33.849s (kernel) + 1min 34.472s (userspace) = 2min 8.321s.
 *
 * A unit's time is that from its first line to its second. systemd prints the first when the job
 * runs, behind what the unit is ordered after, but a service that itself waits for a device, the
 * network or another service is not the one that is slow.
 */
#include "analyzer/evidence/extract.h"

#include "analyzer/core/limits.h"

/* Units on their way at one time, and in all: a program that writes such lines fills no memory. */
enum { UNITS_OPEN = 256, UNITS_BEGUN = 4096 };

enum { TOTAL, FIRMWARE, LOADER, KERNEL, INITRD, USERSPACE, PARTS };

static const struct str part_names[PARTS] = {
    [TOTAL] = { STR_INIT("total_ms") },   [FIRMWARE] = { STR_INIT("firmware_ms") },
    [LOADER] = { STR_INIT("loader_ms") }, [KERNEL] = { STR_INIT("kernel_ms") },
    [INITRD] = { STR_INIT("initrd_ms") }, [USERSPACE] = { STR_INIT("userspace_ms") },
};

/* As manager_notify_finished() writes them; the total has none. */
static const struct {
    struct str word;
    unsigned part;
} part_words[] = {
    { { STR_INIT("(firmware)") }, FIRMWARE },   { { STR_INIT("(loader)") }, LOADER },
    { { STR_INIT("(kernel)") }, KERNEL },       { { STR_INIT("(initrd)") }, INITRD },
    { { STR_INIT("(userspace)") }, USERSPACE },
};

/* FORMAT_TIMESPAN(): "1min 34.472s", "850ms", "1h 2min 3s". */
static const struct {
    struct str name;
    int64_t us;
} spans[] = {
    { { STR_INIT("us") }, 1 },
    { { STR_INIT("ms") }, 1000 },
    { { STR_INIT("s") }, 1000000 },
    { { STR_INIT("min") }, (int64_t)60 * 1000000 },
    { { STR_INIT("h") }, (int64_t)3600 * 1000000 },
    { { STR_INIT("d") }, (int64_t)86400 * 1000000 },
};

enum { SPAN_MAX = 100000 };

/* One word of a time span, added to *us. */
static bool take_span(struct str word, int64_t *us)
{
    uint64_t whole, part = 0, scale = 1;

    if (!str_take_u64(&word, &whole) || whole > SPAN_MAX)
        return false;
    if (str_take_char(&word, '.')) {
        struct str fraction = word;

        if (!str_take_u64(&word, &part) || part >= 1000000)
            return false;
        for (size_t i = word.n; i < fraction.n; i++)
            scale *= 10;
    }
    for (size_t i = 0; i < sizeof spans / sizeof spans[0]; i++) {
        if (!str_eq(word, spans[i].name))
            continue;
        *us += (int64_t)whole * spans[i].us + (int64_t)part * spans[i].us / (int64_t)scale;
        return true;
    }
    return false;
}

static unsigned find_part(struct str word)
{
    for (size_t i = 0; i < sizeof part_words / sizeof part_words[0]; i++)
        if (str_eq(word, part_words[i].word))
            return part_words[i].part;
    return PARTS;
}

static void keep_part(struct value *fields, unsigned part, int64_t us)
{
    if (part < PARTS && us >= 0)
        fields[part] = value_int(us / 1000);
}

void take_startup(struct extraction *x)
{
    struct value *fields, read[PARTS] = { 0 };
    struct str in = str_trim(x->rest), word;
    int64_t us = 0;

    if (!said_by_systemd(x) || extract_known(x, x->fact))
        return;
    if (str_ends(in, STR(".")))
        in.n--;
    while (str_take_spaces(&in), str_take_word(&in, &word)) {
        if (str_eq(word, STR("+")) || str_eq(word, STR("=")))
            us = 0;
        else if (word.p[0] == '(')
            keep_part(read, find_part(word), us);
        else if (!take_span(word, &us))
            return;
    }
    keep_part(read, TOTAL, us);
    /* A user's manager has no kernel. */
    if (read[KERNEL].type == VALUE_UNKNOWN ||
        !(fields = arena_new(x->facts->arena, struct value, PARTS)))
        return;
    for (size_t i = 0; i < PARTS; i++)
        fields[i] = read[i];
    facts_set(x->facts, x->fact, value_map(part_names, fields, PARTS), extract_proof(x));
}

/* The unit that a job's line names, or that the journal says it is about (before v250). */
static struct str unit_of(const struct extraction *x)
{
    struct str in = x->rest, word;

    if (str_take_word(&in, &word) && is_unit_name(word))
        return word;
    return is_unit_name(x->record->unit) ? x->record->unit : (struct str){ 0 };
}

static struct unit_start *find_open(struct unit_starts *u, struct str unit)
{
    for (size_t i = 0; i < u->open.n; i++)
        if (str_eq(u->open.p[i].unit, unit))
            return &u->open.p[i];
    return NULL;
}

/* What happens when the system is up is no part of its start. */
static bool is_starting(const struct extraction *x)
{
    return said_by_systemd(x) && x->record->mono_us != TIME_UNKNOWN &&
           !extract_known(x, FACT_SYSTEMD_STARTUP);
}

void take_unit_start(struct extraction *x)
{
    struct unit_starts *u = &x->facts->state->units;
    struct str unit = unit_of(x);
    struct unit_start *slot;

    if (!unit.n || !is_starting(x) || u->open.n >= UNITS_OPEN || u->n_begun >= UNITS_BEGUN ||
        find_open(u, unit))
        return;
    unit = arena_str(x->facts->arena, unit);
    slot = unit.n ? vec_push(x->facts->arena, &u->open) : NULL;
    if (!slot)
        return;
    *slot = (struct unit_start){ unit, x->record->mono_us };
    u->n_begun++;
}

static bool make_room(struct extraction *x, struct unit_starts *u)
{
    struct arena *a = x->facts->arena;

    if (!u->shown)
        u->shown = arena_new(a, struct value, UNITS_SLOWEST);
    if (!u->fields)
        u->fields = arena_new(a, struct value, (size_t)UNITS_SLOWEST * 2);
    return u->shown && u->fields;
}

/* The fact shows what is slowest now, and keeps the proof of its first item. */
static void publish(struct extraction *x, struct unit_starts *u)
{
    static const struct str names[] = { { STR_INIT("unit") }, { STR_INIT("ms") } };
    const struct record *proof = x->facts->of[x->fact].proof;

    for (size_t i = 0; i < u->n_slowest; i++) {
        struct value *fields = &u->fields[i * 2];

        fields[0] = value_text(u->slowest[i].unit, SORT_OTHER);
        fields[1] = value_int(u->slowest[i].us / 1000);
        u->shown[i] = value_map(names, fields, 2);
    }
    facts_set(x->facts, x->fact, value_list(u->shown, u->n_slowest),
              proof ? proof : extract_proof(x));
}

void take_unit_started(struct extraction *x)
{
    struct unit_starts *u = &x->facts->state->units;
    struct str unit = unit_of(x);
    struct unit_start *open = unit.n ? find_open(u, unit) : NULL, took;
    size_t at;

    if (!open || !is_starting(x))
        return;
    took = (struct unit_start){ open->unit, x->record->mono_us - open->us };
    *open = u->open.p[--u->open.n];
    for (at = u->n_slowest; at > 0 && u->slowest[at - 1].us < took.us; at--)
        if (at < UNITS_SLOWEST)
            u->slowest[at] = u->slowest[at - 1];
    if (at == UNITS_SLOWEST || took.us < 0 || !make_room(x, u))
        return;
    u->slowest[at] = took;
    if (u->n_slowest < UNITS_SLOWEST)
        u->n_slowest++;
    publish(x, u);
}
