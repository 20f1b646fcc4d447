/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The input tells what to do with the lines of a text, and is the text. Whatever comes, lines keep
 * their order and every byte is counted once.
 */
#include "parsers/lines.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = { .p = (const char *)data, .n = size }, bytes, steps = text;
    struct lines *in = lines_new_memory(text);
    struct line line;
    uint64_t number = 0;
    struct err err;
    char step = 0;

    if (!in)
        return 0;
    for (enum step got = STEP_RECORD; got == STEP_RECORD;) {
        if (!str_take_any(&steps, &step))
            steps = text;
        if (step % 16 == 3) {
            got = lines_take_bytes(in, (uint64_t)(uint8_t)step, &bytes, &err);
            number = 0;
            continue;
        }
        got = lines_next(in, &line, &err);
        if (got != STEP_RECORD)
            break;
        if (line.number <= number || line.offset + line.text.n > size)
            abort();
        number = line.number;
        if (step % 16 == 5) {
            struct line again;

            lines_unread(in);
            if (lines_next(in, &again, &err) != STEP_RECORD || again.number != line.number)
                abort();
        }
    }
    if (lines_stats(in).bytes != size)
        abort();
    lines_free(in);
    return 0;
}
