/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asks the files of --vmlinux about the frames of a crash; see crash_source.h. A crash is of one
 * kernel, so one frame that does not fit speaks against the file for all of the crash: lines of
 * another build would look right and be wrong.
 */
#include "analyzer/evidence/crash_source.h"

#include "analyzer/core/limits.h"

#include <inttypes.h>

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

/* Do all frames that the file can tell about fit? */
static bool file_fits(struct crash_sources *s, size_t file, struct crash *crash, struct frame *ip)
{
    bool known = false;

    for (size_t i = 0; i < crash->call_trace.n + 1; i++) {
        struct symbol_spot spot = spot_of(frame_at(crash, ip, i), ip);
        struct err err;
        uint64_t size;

        switch (symbols_match(s->symbols, file, &spot, &size, &err)) {
        case SYMBOL_FITS: known = true; break;
        case SYMBOL_MISFITS: note_misfit(s, file, &spot, size); return false;
        case SYMBOL_BROKEN:
            if (symbols_tell(s->symbols, file))
                note_add(s->notes, NOTE_SYMBOLS, NOTE_NO_INPUT, 0, "%s", err.text);
            return false;
        case SYMBOL_ELSEWHERE:
        case SYMBOL_TWINS: break;
        }
    }
    return known;
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

    for (size_t file = 0; file < symbols_count(s->symbols); file++)
        if (file_fits(s, file, crash, &ip))
            take_places(s, file, crash, &ip);
    crash->ip_places = ip.places;
    if (s->n_frames >= LIMIT_SYMBOL_FRAMES)
        note_add(s->notes, NOTE_SYMBOLS, NOTE_NO_INPUT, 0,
                 "source lines are shown for the first %d frames", LIMIT_SYMBOL_FRAMES);
}
