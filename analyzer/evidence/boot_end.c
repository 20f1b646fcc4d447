/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signs of an end, as the kernel, systemd and the hypervisor print them. A later sign replaces an
 * earlier one of the same or a lesser weight: a panic is not undone by the reset that follows it.
 */
#include "analyzer/evidence/boot_end.h"

#include <assert.h>

static const struct {
    struct str name;
    bool bad;
} endings[ENDED_COUNT] = {
#define ENDED(sym, word, is_bad, meaning) [ENDED_##sym] = { { STR_INIT(word) }, (is_bad) != 0 },
#include "analyzer/evidence/ended.def"
#undef ENDED
};

enum sign_effect { SIGN_END, SIGN_GOES_ON, SIGN_OOPS, SIGN_LOSS, SIGN_BEFORE, SIGN_HINT };

static const struct sign {
    const char *needle;
    enum origin origin;
    enum sign_effect effect;
    enum ended_by ended;
    unsigned weight;
} signs[] = {
#define SIGN(text, who, what, how, rank) { text, ORIGIN_##who, SIGN_##what, ENDED_##how, rank },
#include "analyzer/evidence/boot_signs.def"
#undef SIGN
};

enum { N_SIGNS = sizeof signs / sizeof signs[0] };

/* The same texts for the prefilter, and what boot.c and look_at_clock() themselves look for. */
const char *const boot_literals[] = {
#define SIGN(text, who, what, how, rank) text,
#include "analyzer/evidence/boot_signs.def"
#undef SIGN
    "Linux version ",
    "setting system clock to ",
    "CPU reset: ",
    "Log for VMware ",
    /* Whose boot it is: a name that redaction must know (diagnose/identity.c). */
    "Hostname set to <",
    "Set hostname to <",
    NULL,
};

struct str ended_name(enum ended_by e)
{
    return endings[e].name;
}

bool ended_badly(enum ended_by e)
{
    return endings[e].bad;
}

bool boot_is_banner(struct str text)
{
    uint64_t major;

    /* "Linux version 6.1.138-5.ph5-esx (root@…) (gcc …) #1-photon SMP …": init/version-timestamp.c
     */
    return str_take(&text, STR("Linux version ")) && str_take_u64(&text, &major) &&
           str_take_char(&text, '.');
}

static bool origin_fits(enum origin wanted, enum origin has)
{
    return wanted == has || (has == ORIGIN_UNKNOWN && wanted != ORIGIN_HOST);
}

static unsigned weight_of(enum ended_by ended)
{
    unsigned weight = 0;

    for (size_t i = 0; i < N_SIGNS; i++)
        if (signs[i].ended == ended && signs[i].weight > weight)
            weight = signs[i].weight;
    return weight;
}

static void take_sign(struct boot *b, const struct sign *sign, const struct record *r)
{
    switch (sign->effect) {
    case SIGN_END:
        if (b->ended_by != ENDED_UNKNOWN && sign->weight < weight_of(b->ended_by))
            return;
        if (b->ended_by == sign->ended && b->ending) {
            if (sign->weight > b->ending_weight)
                b->ending_weight = sign->weight;
            return;
        }
        b->ending_weight = sign->weight;
        b->ended_by = sign->ended;
        b->ending = record_keep(&b->arena, r);
        return;
    case SIGN_GOES_ON:
        if (b->ending && b->ending_weight <= sign->weight) {
            b->ended_by = ENDED_UNKNOWN;
            b->ending = NULL;
        }
        return;
    case SIGN_BEFORE:
        if (b->said_before && sign->weight <= b->before_weight)
            return;
        b->before_weight = sign->weight;
        b->before = sign->ended;
        b->said_before = record_keep(&b->arena, r);
        return;
    case SIGN_HINT:
        b->hint = sign->ended;
        b->hint_us = r->mono_us;
        return;
    case SIGN_OOPS:
        if (str_find(r->text, STR(" [#")) == STR_NOT_FOUND)
            return;
        b->oops_input = r->input;
        b->oops_line = r->line;
        return;
    case SIGN_LOSS: b->dropped++; return;
    }
}

/*
 * "rtc_cmos rtc_cmos: setting system clock to 2026-11-20T23:35:17 UTC (1763681717)" (and with a
 * blank in place of the T before 5.0): drivers/rtc/class.c. Whole seconds.
 */
static bool take_rtc(struct str text, int64_t *wall_us)
{
    struct str before;
    unsigned gaps;

    return str_take_until_str(&text, STR("setting system clock to "), &before) &&
           clock_take_iso(&text, wall_us, &gaps);
}

enum { RANK_POWER_ON = 1, RANK_JOURNAL, RANK_RTC, RANK_DUMP };

static void offer_offset(struct boot *b, unsigned rank, int64_t offset_us, int64_t error_us)
{
    if (rank < b->rank || (rank == b->rank && rank != RANK_DUMP))
        return;
    if (rank == b->rank && offset_us >= b->wall_offset_us)
        return;
    b->rank = rank;
    b->wall_offset_us = offset_us;
    b->wall_error_us = error_us;
}

static void look_at_clock(struct boot *b, const struct record *r)
{
    const int64_t second = 1000000;
    int64_t wall_us;

    if (r->mono_us == TIME_UNKNOWN) {
        if (r->origin == ORIGIN_HOST && r->wall_us != TIME_UNKNOWN)
            offer_offset(b, RANK_POWER_ON, r->wall_us, 60 * second);
        return;
    }
    /* A dump is written within milliseconds of its last record: the smallest difference is it. */
    if (r->host_wall_us != TIME_UNKNOWN)
        offer_offset(b, RANK_DUMP, r->host_wall_us - r->mono_us, second);
    else if (take_rtc(r->text, &wall_us))
        offer_offset(b, RANK_RTC, wall_us - r->mono_us, second);
    else if (r->wall_us != TIME_UNKNOWN && !(r->flags & RECORD_WALL_NO_YEAR))
        offer_offset(b, RANK_JOURNAL, r->wall_us - r->mono_us, second);
}

void boot_signs_init(struct boot_signs *index)
{
    *index = (struct boot_signs){ 0 };
    static_assert(N_SIGNS <= sizeof index->next, "boot_signs.next is too small");
    /* From the last to the first, so that a chain keeps the order of the table. */
    for (size_t i = N_SIGNS; i > 0; i--) {
        unsigned char first = (unsigned char)signs[i - 1].needle[0];

        index->next[i - 1] = index->first[first];
        index->first[first] = (unsigned char)i;
    }
}

/*
 * The kernel says it at the start of a line. A program that writes to /dev/kmsg may quote it, and
 * most formats do not tell the two apart.
 */
static bool stands_right(const struct sign *sign, struct str text, size_t at)
{
    return sign->origin != ORIGIN_GUEST_KERNEL || sign->effect == SIGN_LOSS ||
           sign->effect == SIGN_BEFORE || sign->effect == SIGN_HINT || at == 0 ||
           text.p[at - 1] == '\n';
}

static void look_at_text(struct boot *b, const struct record *r, const struct boot_signs *index)
{
    for (size_t at = 0; at < r->text.n; at++) {
        for (size_t i = index->first[(unsigned char)r->text.p[at]]; i; i = index->next[i - 1]) {
            const struct sign *sign = &signs[i - 1];

            if (origin_fits(sign->origin, r->origin) && stands_right(sign, r->text, at) &&
                str_starts(str_from_at(r->text, at), str_from(sign->needle)))
                take_sign(b, sign, r);
        }
    }
}

/* The log in a guest's memory ends where the memory does, which a panic in it does not undo. */
void boot_end_look_again(struct boot *b, const struct record *r)
{
    if (!(r->flags & (RECORD_SAVED_HERE | RECORD_READ_HERE)))
        return;
    b->in_memory = true;
    if (b->ended_by != ENDED_UNKNOWN && b->ending)
        return;
    b->ended_by = r->flags & RECORD_SAVED_HERE ? ENDED_SAVED : ENDED_RUNNING;
    b->ending = record_keep(&b->arena, r);
}

static bool ends_with_memory(const struct boot *b)
{
    return b->ended_by == ENDED_SAVED || b->ended_by == ENDED_RUNNING;
}

void boot_end_look(struct boot *b, const struct record *r, const struct boot_signs *index)
{
    look_at_clock(b, r);
    if (r->kind == RECORD_THROTTLED)
        b->throttled = true;
    look_at_text(b, r, index);
    boot_end_look_again(b, r);
}

/*
 * Nothing but the oops itself behind it: told by lines, for of these sparse reading misses none.
 * Its registers, call trace and modules, with a second trace, fit.
 */
static bool ends_in_oops(const struct boot *b)
{
    enum { OOPS_LINES = 120 };

    return b->oops_line && b->oops_input == b->last_input &&
           b->last_line - b->oops_line < OOPS_LINES;
}

/* A watchdog that nobody feeds any more waits this long at most, as a rule half a minute. */
static const int64_t hint_lasts_us = (int64_t)2 * 60 * 1000000;

/* It broke off soon after something hinted at why. */
static bool ends_by_hint(const struct boot *b)
{
    return b->hint != ENDED_UNKNOWN && b->hint_us != TIME_UNKNOWN &&
           b->last_mono_us != TIME_UNKNOWN && b->last_mono_us - b->hint_us < hint_lasts_us;
}

static void settle_end(struct boot *b)
{
    b->aftermath = NULL;
    if (b->ended_by != ENDED_UNKNOWN && b->ending && !ends_with_memory(b))
        return;
    if (ends_in_oops(b))
        b->ended_by = ENDED_OOPS;
    else if (ends_with_memory(b) && b->ending)
        return;
    else if (b->followed)
        b->ended_by = ends_by_hint(b) ? b->hint : ENDED_POWER_LOSS;
    else
        b->ended_by = b->n_records ? ENDED_END_OF_LOG : ENDED_UNKNOWN;
}

void boot_end_aftermath(struct boot *b, const struct boot *next)
{
    if (!b->followed || b->ending || !next->said_before)
        return;
    b->aftermath = next->said_before;
    /* The oops came first, whatever ended it then. */
    if (b->ended_by == ENDED_POWER_LOSS)
        b->ended_by = next->before;
}

void boot_end_settle(struct boot *b)
{
    settle_end(b);
    if (!b->has_kernel)
        b->head_complete = TRI_UNKNOWN;
    else
        b->head_complete = b->banner.n ? TRI_YES : TRI_NO;
    b->tail_complete = b->ending && !b->dropped && !b->throttled ? TRI_YES : TRI_UNKNOWN;
}
