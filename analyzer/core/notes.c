/* SPDX-License-Identifier: Apache-2.0 */
/* Collecting notes; see notes.h. */
#include "analyzer/core/notes.h"

#include "analyzer/core/limits.h"

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
    struct note *note;
    struct str text;
    va_list ap;

    if (notes->n >= LIMIT_NOTES) {
        notes->dropped++;
        return;
    }
    va_start(ap, format);
    text = arena_vprintf(notes->arena, format, ap);
    va_end(ap);
    note = find(notes, code, input, text);
    if (note) {
        note->count++;
        return;
    }
    note = vec_push(notes->arena, notes);
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
