/* SPDX-License-Identifier: Apache-2.0 */
/*
 * LiME: ranges of memory, each with a header of its own:
 *
 *     u32 "EMiL", u32 version 1, u64 first address, u64 last address, 8 bytes reserved
 */
#include "parsers/memory/image.h"

#include "analyzer/core/limits.h"

enum { LIME_HEADER = 32, LIME_VERSION = 1 };

static const uint32_t lime_magic = 0x4c694d45;

bool lime_open(struct image *m, const struct stored *beside, struct err *err)
{
    const struct stored *in = &m->files[IMAGE_INPUT];
    unsigned char head[LIME_HEADER];
    uint64_t at = 0;

    (void)beside;
    m->kind = "LiME image";
    for (size_t n = 0; n < LIMIT_IMAGE_SEGMENTS; n++) {
        uint64_t first, last;

        if (stored_read(in, at, head, sizeof head) < sizeof head || le32(head) != lime_magic ||
            le32(head + 4) != LIME_VERSION)
            break;
        first = le64(head + 8);
        last = le64(head + 16);
        at += sizeof head;
        if (last < first || last - first == UINT64_MAX)
            break;
        image_add(m, (struct segment){ .start = first, .size = last - first + 1, .offset = at });
        if (last - first >= in->size_bytes - at)
            break;
        at += last - first + 1;
    }
    image_settle(m);
    return m->segments.n || fail(err, FAIL_FORMAT, "no range of memory in this LiME image");
}
