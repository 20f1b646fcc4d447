/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as page tables: root and address come first, the tables are the rest. */
#include "parsers/memory/translate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct stored memory = { .fd = -1 };
    struct arena arena = { 0 };
    struct image image;
    uint64_t root, address, place;

    if (size < 17)
        return 0;
    root = le64(data);
    address = le64(data + 8);
    memory.memory = (struct str){ .p = (const char *)data + 17, .n = size - 17 };
    memory.size_bytes = size - 17;
    if (!image_init(&image, &memory, &arena, NULL))
        return 0;
    image_add(&image, (struct segment){ .start = data[16] * (uint64_t)100, .size = size - 17 });
    image_settle(&image);
    image_add_cr3(&image, root);
    image_maps(&image, address, root);
    image_translate(&image, address, &place);
    image_done(&image);
    arena_done(&arena);
    return 0;
}
