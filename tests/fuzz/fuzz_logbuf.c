/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a log of kernels before 5.10, in both of its formats, and as chains of records. */
#include "analyzer/core/limits.h"
#include "parsers/memory/chains.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_all(struct image *m, const uint8_t *head, uint64_t size, char *text)
{
    struct logbuf l = { .space = space_shifted(m, 0), .layout = logbuf_layout_default() };
    struct bytebuf b = { .space = l.space };
    struct log_record r;
    struct str line;

    l.joins = head[0] & 1;
    l.layout.header = head[0] & 2 ? 20 : 16;
    l.has_caller = true;
    if (logbuf_open(&l, 0, size, le16(head + 1), le16(head + 3)))
        while (logbuf_next(&l, &r, text))
            ;
    if (bytebuf_open(&b, 0, size, le32(head + 5)))
        while (bytebuf_next(&b, &line, text))
            ;
    if (chains_find(m, m->arena, &l, NULL))
        while (logbuf_next(&l, &r, text))
            ;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { HEAD = 9 };
    struct stored memory = { .fd = -1 };
    struct arena arena = { 0 };
    struct image image;
    char *text;

    if (size < HEAD)
        return 0;
    memory.memory = (struct str){ .p = (const char *)data + HEAD, .n = size - HEAD };
    memory.size_bytes = size - HEAD;
    if (!image_init(&image, &memory, &arena, NULL))
        return 0;
    image_add(&image, (struct segment){ .size = size - HEAD });
    image_settle(&image);
    text = malloc(LIMIT_RECORD_BYTES);
    if (text)
        read_all(&image, data, size - HEAD, text);
    free(text);
    image_done(&image);
    arena_done(&arena);
    return 0;
}
