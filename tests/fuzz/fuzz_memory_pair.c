/* SPDX-License-Identifier: Apache-2.0 */
/* Two files side by side: a checkpoint or a debug.guest, and its memory; read from either end. */
#include "parsers/memory/image.h"
#include "parsers/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t read_pair(const char *format, struct str first, struct str second)
{
    struct arena arena;
    struct notes notes = { .arena = &arena };
    struct reader_options options = { .format = parser_find(str_from(format)), .notes = &notes };
    struct input *in = input_from_memory(STR("fuzz"), first);
    struct reader *reader;
    struct record r;
    struct err err;
    uint64_t sum = 0;

    arena_init(&arena, (size_t)1 << 20);
    input_set_companion(in, input_from_memory(STR("beside"), second));
    if (reader_open(&reader, in, &options, &err)) {
        while (reader_next(reader, &r, &err) == STEP_RECORD)
            sum += str_hash(r.text);
        reader_close(reader);
    }
    input_close(in);
    arena_done(&arena);
    return sum;
}

/* u32 length of the first file, the first, the second. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str first, second;
    uint64_t n;

    if (size < 4)
        return 0;
    n = le32(data);
    second = (struct str){ .p = (const char *)data + 4, .n = size - 4 };
    first = str_first(second, n < second.n ? (size_t)n : second.n);
    second = str_from_at(second, first.n);
    return read_pair("vmss", first, second) + read_pair("vmem", second, first) +
                                   read_pair("vmem", first, second) ==
                           1
                   ? -1
                   : 0;
}
