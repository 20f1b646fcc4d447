/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Notes: what the reader of a report should know about how the answer came about (a torn archive,
 * a clock that jumped, a limit that cut). Not errors: the analysis goes on.
 */
#pragma once

#include "analyzer/core/vec.h"

enum note_code {
#define NOTE(sym, name, loss, meaning) NOTE_##sym,
#include "analyzer/core/note.def"
#undef NOTE
    NOTE_COUNT
};

#define NOTE_NO_INPUT UINT32_MAX

struct note {
    enum note_code code;
    struct str text;
    uint32_t input; /* index, or NOTE_NO_INPUT */
    uint64_t line;  /* 1-based, 0 when it is about the whole input */
    uint64_t count; /* how often the same thing was noted; the first one is shown */
};

/* Zero is empty; the texts live in `arena`. */
struct notes {
    VEC(struct note);
    struct arena *arena;
    uint64_t dropped; /* beyond LIMIT_NOTES */
};

/* Adds a note (at most 1 KiB of text); the same code and text for the same input only counts up. */
void note_add(struct notes *notes, enum note_code code, uint32_t input, uint64_t line,
              const char *format, ...) __attribute__((format(printf, 5, 6)));

/* The word of the code in JSON, e.g. "input-torn". */
struct str note_name(enum note_code code);

/* True when this kind of note means that input bytes were never analysed (exit code 3). */
bool note_is_loss(enum note_code code);
