/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a descriptor ring: the struct comes first, its arrays are anywhere in the rest. */
#include "analyzer/core/limits.h"
#include "parsers/memory/ringbuffer.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ring_layout layout = ring_layout_default();
    struct stored memory = { .fd = -1 };
    struct arena arena = { 0 };
    struct image image;
    struct space space;
    struct log_record r;
    struct ring ring;
    uint64_t dropped = 0;
    char *text;

    if (size < RING_BYTES)
        return 0;
    memory.memory = (struct str){ .p = (const char *)data, .n = size };
    memory.size_bytes = size;
    if (!image_init(&image, &memory, &arena, NULL))
        return 0;
    image_add(&image, (struct segment){ .start = 0x1000, .size = size });
    image_settle(&image);
    space = space_shifted(&image, 0);
    text = malloc(LIMIT_RECORD_BYTES);
    if (text && ring_read(&ring, data, &layout, &space) && ring.count_bits < 12) {
        ring_is_sound(&ring);
        while (ring_next(&ring, &r, text, &dropped))
            if (r.text.n && r.text.p[r.text.n - 1] == 1)
                dropped++;
    }
    free(text);
    image_done(&image);
    arena_done(&arena);
    return 0;
}
