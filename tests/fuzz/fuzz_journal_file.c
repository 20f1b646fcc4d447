/* SPDX-License-Identifier: Apache-2.0 */
/* Journal files: the objects, their values, and the text made of them. */
#include "parsers/journal_file.h"

#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct journal_part part = { .fd = memfd_create("fuzz", MFD_CLOEXEC), .name = STR("fuzz") };
    struct journal_source *s;
    char buf[4096];
    struct err err;

    if (part.fd < 0 || write(part.fd, data, size) != (ssize_t)size)
        return 0;
    s = journal_open(&part, 1, &err);
    while (s && journal_read(s, buf, sizeof buf, &err) > 0)
        ;
    journal_close(s);
    return 0;
}
