/* SPDX-License-Identifier: Apache-2.0 */
/* Boot loaders' files: GRUB's script with an environment block, and an entry's file. */
#include "analyzer/core/limits.h"
#include "analyzer/evidence/machine.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int exists(void *ctx, struct str path, bool with_bytes)
{
    (void)ctx;
    return path.n % 3 == 0 ? -1 : with_bytes != (path.n % 2 == 0);
}

/* The script itself, as its own environment. */
static bool load(void *ctx, struct str path, const struct place *at, struct str *bytes,
                 uint32_t *file)
{
    (void)at;
    *bytes = *(struct str *)ctx;
    *file = 1;
    return path.n % 4 != 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = { (const char *)data, size }, value;
    struct arena arena;
    struct grub g = { .arena = &arena,
                      .ask = { &text, exists, load },
                      .prefix = STR("/boot/grub") };
    struct menu_entry entry;

    arena_init(&arena, LIMIT_MACHINE_ARENA_BYTES);
    grub_read(&g, text, 0);
    for (size_t i = 0; i < g.menu.n; i++)
        if (g.menu.p[i].parent != SIZE_MAX && g.menu.p[i].parent >= i)
            abort();
    if (menu_find(&g.menu, grub_value(&g, STR("default")).text) != SIZE_MAX &&
        menu_first(&g.menu) == SIZE_MAX && g.menu.n == 0)
        abort();
    if (bls_read(&arena, text, 0, STR("x.conf"), &entry) && bls_compare(&entry, &entry) != 0)
        abort();
    env_find(text, 0, STR("photon_linux"));
    bls_names(bls_setting(text, 0, STR("default")).text, text);
    cmdline_value(text, STR("root"), &value);
    arena_done(&arena);
    return 0;
}
