/* SPDX-License-Identifier: Apache-2.0 */
/* One log as ordinary records; see log.h. */
#include "parsers/memory/log.h"

#include "analyzer/core/limits.h"
#include "parsers/printk.h"

#include <stdio.h>
#include <string.h>

#define CALLER_IS_CPU 0x80000000u

void log_rewind(struct log *l)
{
    switch (l->format) {
    case LOG_RING: l->u.ring.at = 0; return;
    case LOG_RECORDS: logbuf_rewind(&l->u.records); return;
    case LOG_BYTES:
        bytebuf_open(&l->u.bytes, l->u.bytes.address, l->u.bytes.size, l->u.bytes.end);
        return;
    }
}

/* "T12", "C1": the form that the console gives it. */
static struct str put_caller(uint32_t caller, char *room)
{
    int n = snprintf(room, LOG_CALLER, "%c%lu", caller & CALLER_IS_CPU ? 'C' : 'T',
                     (unsigned long)(caller & ~CALLER_IS_CPU));

    return (struct str){ .p = room, .n = n > 0 ? (size_t)n : 0 };
}

static void put_record(const struct log_record *from, struct record *out, char *room)
{
    out->text = from->text;
    while (out->text.n && out->text.p[out->text.n - 1] == '\n')
        out->text.n--;
    out->level = from->level < LEVEL_COUNT ? (enum level)from->level : LEVEL_UNKNOWN;
    out->facility =
            from->facility < FACILITY_COUNT ? (enum facility)from->facility : FACILITY_UNKNOWN;
    out->mono_us = (int64_t)(from->ts_ns / 1000);
    out->seq = from->seq;
    out->has_seq = from->has_seq;
    out->origin = printk_origin(out);
    out->offset = from->place;
    if (from->has_caller)
        out->caller = put_caller(from->caller, room);
}

static bool next_record(struct log *l, struct log_record *out, char *text)
{
    return l->format == LOG_RING ? ring_next(&l->u.ring, out, text, &l->summary.dropped)
                                 : logbuf_next(&l->u.records, out, text);
}

bool log_next(struct log *l, struct record *out, char *text)
{
    struct log_record r;
    struct str line;

    if (l->format == LOG_BYTES) {
        if (!bytebuf_next(&l->u.bytes, &line, text))
            return false;
        if (!printk_take_prefix(&line, out))
            out->text = line;
        out->origin = printk_origin(out);
        return true;
    }
    while (next_record(l, &r, text)) {
        if (l->until_seq && r.seq >= l->until_seq)
            return false;
        if (r.lost) {
            l->summary.lost++;
            continue;
        }
        put_record(&r, out, text + LIMIT_RECORD_BYTES);
        return true;
    }
    return false;
}

/* "Linux version 6.1.0-18-amd64 (…": the word behind it. */
static struct str release_of(struct str text)
{
    struct str word = { 0 };

    if (!str_take(&text, STR("Linux version ")) || !str_take_word(&text, &word))
        return (struct str){ 0 };
    return word;
}

/* drivers/rtc/class.c; a blank stands in place of the T before 5.0. */
static int64_t clock_of(struct str text)
{
    struct str before;
    int64_t wall_us;
    unsigned gaps;

    if (str_take_until_str(&text, STR("setting system clock to "), &before) &&
        clock_take_iso(&text, &wall_us, &gaps))
        return wall_us;
    return TIME_UNKNOWN;
}

void log_look(struct log *l, struct arena *arena, char *text, uint64_t *work)
{
    struct log_summary sum = { .wall_us = TIME_UNKNOWN };
    struct record r;

    l->summary = sum;
    log_rewind(l);
    for (; *work; (*work)--) {
        struct str release;

        record_init(&r);
        if (!log_next(l, &r, text))
            break;
        if (sum.n++ == 0) {
            sum.first_seq = r.seq;
            sum.first_ns = r.mono_us == TIME_UNKNOWN ? 0 : (uint64_t)r.mono_us * 1000;
        }
        if (r.mono_us != TIME_UNKNOWN)
            sum.last_ns = (uint64_t)r.mono_us * 1000;
        if (r.origin != ORIGIN_GUEST_KERNEL)
            continue;
        release = sum.release.n ? (struct str){ 0 } : release_of(r.text);
        if (release.n)
            sum.release = arena_str(arena, release);
        if (sum.wall_us == TIME_UNKNOWN)
            sum.wall_us = clock_of(r.text);
    }
    sum.dropped = l->summary.dropped;
    sum.lost = l->summary.lost;
    l->summary = sum;
    log_rewind(l);
}
