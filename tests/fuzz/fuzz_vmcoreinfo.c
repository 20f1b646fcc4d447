/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a VMCOREINFO text: its numbers, and the layouts and address spaces made of them. */
#include "parsers/memory/logbuf.h"
#include "parsers/memory/ringbuffer.h"
#include "parsers/memory/vmcoreinfo.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = vmcoreinfo_text((struct str){ .p = (const char *)data, .n = size });
    struct stored memory = { .fd = -1,
                             .memory = { .p = (const char *)data, .n = size },
                             .size_bytes = size };
    struct arena arena = { 0 };
    struct ring_layout ring;
    struct logbuf_layout records;
    struct space space;
    struct image image;
    uint64_t place = 0;
    char bytes[64];

    if (!image_init(&image, &memory, &arena, NULL))
        return 0;
    image_add(&image, (struct segment){ .size = size });
    image_settle(&image);
    space = space_of_kernel(&image, text);
    space_place(&space, X86_KERNEL_MAP + size / 2, &place);
    space_read(&space, 0xffff888000000000u + place, bytes, sizeof bytes);
    ring_layout_read(text, &ring);
    logbuf_layout_read(text, &records);
    image_done(&image);
    arena_done(&arena);
    return vmcoreinfo_is_plausible(text) ? -1 : 0;
}
