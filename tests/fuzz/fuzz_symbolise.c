/* SPDX-License-Identifier: Apache-2.0 */
/* An ELF file with debug information from bytes: the functions of the seed, at every size. */
#include "analyzer/evidence/symbolise.h"

#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void);

/* The library loses some memory of its own over debug information that is broken. */
const char *__lsan_default_suppressions(void)
{
    return "leak:libdw.so\n";
}

static void ask(struct symbols *s, struct str function)
{
    struct arena a = { .limit_bytes = 1 << 20 };
    struct symbol_spot spot = { .function = function };
    struct err err;
    uint64_t there;

    for (spot.size = 1; spot.size < 128; spot.size++)
        if (symbols_match(s, 0, &spot, &there, &err) == SYMBOL_FITS)
            for (spot.offset = 0; spot.offset < spot.size; spot.offset += 5)
                symbols_places(s, 0, &spot, &a);
    arena_done(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int fd = memfd_create("elf", MFD_CLOEXEC);
    struct symbols *s = symbols_new();
    struct err err;

    if (!s || fd < 0 || write(fd, data, size) != (ssize_t)size)
        return 0;
    if (symbols_add(s, STR("vmlinux"), fd, &err)) {
        ask(s, STR("gear_turn"));
        ask(s, STR("gear_stop"));
    }
    symbols_free(s);
    return 0;
}
