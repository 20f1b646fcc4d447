/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asks the files of --vmlinux about the frames of a crash; see crash_source.h. A crash is of one
 * kernel, so one frame that does not fit speaks against the file for all of the crash: lines of
 * another build would look right and be wrong.
 */
#include "analyzer/evidence/crash_source.h"

#include "analyzer/core/limits.h"
#include "analyzer/evidence/crash_text.h"

#include <inttypes.h>
#include <stdio.h>

/* The frame that the instruction pointer "foo+0x10/0x80" is in; nothing of a bare address. */
static struct frame frame_of_ip(const struct crash *crash)
{
    struct frame_walk walk = { 0 };
    struct frame found[2];

    if (frame_take(&walk, crash->ip, found) != 1)
        return (struct frame){ 0 };
    found[0].module = crash->ip_module;
    return found[0];
}

static struct symbol_spot spot_of(const struct frame *f, const struct frame *ip)
{
    bool is_ip = str_eq(f->function, ip->function) && f->offset == ip->offset;

    return (struct symbol_spot){ .function = f->function,
                                 .module = f->module,
                                 .offset = f->offset,
                                 .size = f->has_offset ? f->size : 0,
                                 .is_return = !is_ip };
}

/* Frame `i` of the crash; the one behind the last is the instruction pointer's. */
static struct frame *frame_at(struct crash *crash, struct frame *ip, size_t i)
{
    return i < crash->call_trace.n ? &crash->call_trace.p[i] : ip;
}

static void note_misfit(struct crash_sources *s, size_t file, const struct symbol_spot *spot,
                        uint64_t size)
{
    struct str name = symbols_name(s->symbols, file);

    if (symbols_tell(s->symbols, file))
        note_add(s->notes, NOTE_SYMBOLS, NOTE_NO_INPUT, 0,
                 "%.*s is of another build than the kernel that crashed: %.*s has 0x%" PRIx64
                 " bytes there and 0x%" PRIx64 " in the log; its lines are not shown",
                 STR_ARG(name), STR_ARG(spot->function), size, spot->size);
}

enum fit { FIT_NOT, FIT_UNKNOWN, FIT_PROVEN };

/* Do all frames that the file can tell about fit? */
static enum fit file_fits(struct crash_sources *s, size_t file, struct crash *crash,
                          struct frame *ip)
{
    bool known = false;

    for (size_t i = 0; i < crash->call_trace.n + 1; i++) {
        struct symbol_spot spot = spot_of(frame_at(crash, ip, i), ip);
        struct err err;
        uint64_t size;

        switch (symbols_match(s->symbols, file, &spot, &size, &err)) {
        case SYMBOL_FITS: known = true; break;
        case SYMBOL_MISFITS: note_misfit(s, file, &spot, size); return FIT_NOT;
        case SYMBOL_BROKEN:
            if (symbols_tell(s->symbols, file))
                note_add(s->notes, NOTE_SYMBOLS, NOTE_NO_INPUT, 0, "%s", err.text);
            return FIT_NOT;
        case SYMBOL_ELSEWHERE:
        case SYMBOL_TWINS: break;
        }
    }
    return known ? FIT_PROVEN : FIT_UNKNOWN;
}

/* --- addresses without a name -------------------------------------------------------------------
 */

static bool name_address(struct crash_sources *s, size_t file, uint64_t address,
                         struct symbol_spot *spot)
{
    return symbols_at(s->symbols, file, address - s->place.offset, s->place.base, spot, s->arena) ==
           SYMBOL_FITS;
}

static bool name_ip(struct crash_sources *s, size_t file, struct crash *crash, struct frame *ip)
{
    struct symbol_spot spot = { .is_return = false };
    struct frame_walk walk = { 0 };
    struct bare_frame bare;
    char text[256];
    int n;

    if (!frame_take_bare(&walk, crash->ip, &bare) || !name_address(s, file, bare.address, &spot))
        return false;
    n = snprintf(text, sizeof text, "%.*s+0x%" PRIx64 "/0x%" PRIx64, STR_ARG(spot.function),
                 spot.offset, spot.size);
    if (n < 0 || (size_t)n >= sizeof text)
        return false;
    crash->ip = arena_str(s->arena, (struct str){ text, (size_t)n });
    *ip = frame_of_ip(crash);
    return true;
}

struct naming {
    struct crash_sources *s;
    size_t file;
    struct crash_names skips;
    struct frames trace; /* the new one */
    size_t n;            /* named */
};

static void add_bare(struct naming *n, const struct bare_frame *b)
{
    struct symbol_spot spot = { .is_return = true };
    struct frame *slot = NULL;

    if (name_address(n->s, n->file, b->address, &spot))
        slot = vec_push(n->s->arena, &n->trace);
    if (!slot)
        return;
    n->n++;
    *slot = (struct frame){ .function = spot.function,
                            .offset = spot.offset,
                            .size = spot.size,
                            .has_offset = true,
                            .reliable = b->reliable,
                            .skipped = crash_names_has(&n->skips, spot.function),
                            .context = b->context };
}

/* A frame of the trace as it is, but for one whose name is its address. */
static void add_frame(struct naming *n, const struct frame *f)
{
    struct symbol_spot spot = { .is_return = true };
    struct str digits = f->function;
    struct frame *slot = vec_push(n->s->arena, &n->trace);
    uint64_t address;

    if (!slot)
        return;
    *slot = *f;
    if (f->has_offset || !str_take(&digits, STR("0x")) || !str_take_hex(&digits, &address) ||
        !name_address(n->s, n->file, address, &spot))
        return;
    n->n++;
    slot->function = spot.function;
    slot->offset = spot.offset;
    slot->size = spot.size;
    slot->has_offset = true;
    slot->skipped = crash_names_has(&n->skips, spot.function);
}

/* The trace with the names of those of its bare addresses that the file knows. */
static size_t name_frames(struct crash_sources *s, size_t file, struct crash *crash)
{
    struct naming n = { .s = s, .file = file };
    size_t k = 0;

    crash_skips_init(&n.skips);
    for (size_t i = 0; i <= crash->call_trace.n; i++) {
        for (; k < crash->bare.n && crash->bare.p[k].at <= i; k++)
            add_bare(&n, &crash->bare.p[k]);
        if (i < crash->call_trace.n)
            add_frame(&n, &crash->call_trace.p[i]);
    }
    if (n.n) {
        crash->call_trace = n.trace;
        crash->bare.n = 0;
    }
    return n.n;
}

/* Did the file name any? */
static bool name_bare(struct crash_sources *s, size_t file, struct crash *crash, struct frame *ip)
{
    bool named = name_ip(s, file, crash, ip);

    return name_frames(s, file, crash) > 0 || named;
}

static void note_unproven(struct crash_sources *s, size_t file)
{
    if (symbols_tell(s->symbols, file))
        note_add(s->notes, NOTE_SYMBOLS, NOTE_NO_INPUT, 0,
                 "the log has bare addresses: their names are those of %.*s, and nothing proves "
                 "that it is of the build that crashed",
                 STR_ARG(symbols_name(s->symbols, file)));
}

static void take_places(struct crash_sources *s, size_t file, struct crash *crash, struct frame *ip)
{
    bool lines = false, known = false;

    for (size_t i = 0; i < crash->call_trace.n + 1; i++) {
        struct frame *f = frame_at(crash, ip, i);
        struct symbol_spot spot = spot_of(f, ip);
        struct err err;
        uint64_t size;

        if (f->places.n || s->n_frames >= LIMIT_SYMBOL_FRAMES ||
            symbols_match(s->symbols, file, &spot, &size, &err) != SYMBOL_FITS)
            continue;
        s->n_frames++;
        known = true;
        f->places = symbols_places(s->symbols, file, &spot, s->arena);
        lines = lines || f->places.n;
    }
    if (known && !lines && symbols_tell(s->symbols, file))
        note_add(s->notes, NOTE_SYMBOLS, NOTE_NO_INPUT, 0,
                 "%.*s fits the kernel that crashed but has no line numbers; the file with debug "
                 "information is needed",
                 STR_ARG(symbols_name(s->symbols, file)));
}

void crash_sources_fill(struct crash_sources *s, struct crash *crash)
{
    struct frame ip = frame_of_ip(crash);

    for (size_t file = 0; file < symbols_count(s->symbols); file++) {
        enum fit fit = file_fits(s, file, crash, &ip);
        bool named = fit != FIT_NOT && name_bare(s, file, crash, &ip);

        if (named && fit == FIT_UNKNOWN)
            note_unproven(s, file);
        if (named || fit == FIT_PROVEN)
            take_places(s, file, crash, &ip);
    }
    crash->ip_places = ip.places;
    if (s->n_frames >= LIMIT_SYMBOL_FRAMES)
        note_add(s->notes, NOTE_SYMBOLS, NOTE_NO_INPUT, 0,
                 "source lines are shown for the first %d frames", LIMIT_SYMBOL_FRAMES);
}
