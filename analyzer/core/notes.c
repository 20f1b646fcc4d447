/* SPDX-License-Identifier: Apache-2.0 */
/* Collecting notes; see notes.h. */
#include "analyzer/core/notes.h"

#include "analyzer/core/limits.h"

#include <stdio.h>

static const struct {
    struct str name;
    bool loss;
} codes[NOTE_COUNT] = {
#define NOTE(sym, word, is_loss, meaning) [NOTE_##sym] = { { STR_INIT(word) }, (is_loss) != 0 },
#include "analyzer/core/note.def"
#undef NOTE
};

static struct note *find(const struct notes *notes, enum note_code code, uint32_t input,
                         struct str text)
{
    for (size_t i = 0; i < notes->n; i++) {
        struct note *note = &notes->p[i];

        if (note->code == code && note->input == input && str_eq(note->text, text))
            return note;
    }
    return NULL;
}

void note_add(struct notes *notes, enum note_code code, uint32_t input, uint64_t line,
              const char *format, ...)
{
    char buf[1024];
    struct note *note;
    struct str text = { .p = buf };
    va_list ap;
    int n;

    va_start(ap, format);
    n = vsnprintf(buf, sizeof buf, format, ap);
    va_end(ap);
    text.n = n < 0 ? 0 : (size_t)n < sizeof buf ? (size_t)n : sizeof buf - 1;
    note = find(notes, code, input, text);
    if (note) {
        note->count++;
        return;
    }
    note = notes->n < LIMIT_NOTES ? vec_push(notes->arena, notes) : NULL;
    text = note ? arena_str(notes->arena, text) : text;
    if (!note) {
        notes->dropped++;
        return;
    }
    *note = (struct note){ .code = code, .text = text, .input = input, .line = line, .count = 1 };
}

struct str note_name(enum note_code code)
{
    return codes[code].name;
}

bool note_is_loss(enum note_code code)
{
    return codes[code].loss;
}
