/* SPDX-License-Identifier: Apache-2.0 */
/* Open addressing over 64-bit hashes; a free place is 0. See boot_seen.h. */
#include "analyzer/evidence/boot_seen.h"

#include <stdlib.h>

/* A ring of 512 KiB holds at most some ten thousand records; beyond this nothing is remembered. */
enum { SEEN_FIRST = 1 << 8, SEEN_MAX = 1 << 16 };

struct boot_seen {
    uint64_t *keys;
    size_t size, n;
};

struct boot_seen *boot_seen_new(void)
{
    struct boot_seen *seen = calloc(1, sizeof *seen);

    if (!seen)
        return NULL;
    seen->size = SEEN_FIRST;
    seen->keys = calloc(seen->size, sizeof *seen->keys);
    if (!seen->keys) {
        free(seen);
        return NULL;
    }
    return seen;
}

void boot_seen_free(struct boot_seen *seen)
{
    if (!seen)
        return;
    free(seen->keys);
    free(seen);
}

uint64_t boot_seen_key(const struct record *r)
{
    uint64_t key = str_hash(str_trim(r->text)) ^ (uint64_t)r->mono_us * 0x9e3779b97f4a7c15u;

    return key ? key : 1;
}

static size_t place_of(const uint64_t *keys, size_t size, uint64_t key)
{
    size_t at = (size_t)(key >> 32 ^ key) & (size - 1);

    while (keys[at] && keys[at] != key)
        at = (at + 1) & (size - 1);
    return at;
}

static bool grow(struct boot_seen *seen)
{
    size_t size = seen->size * 2;
    uint64_t *keys = seen->size < SEEN_MAX ? calloc(size, sizeof *keys) : NULL;

    if (!keys)
        return false;
    for (size_t i = 0; i < seen->size; i++)
        if (seen->keys[i])
            keys[place_of(keys, size, seen->keys[i])] = seen->keys[i];
    free(seen->keys);
    seen->keys = keys;
    seen->size = size;
    return true;
}

bool boot_seen_has(const struct boot_seen *seen, uint64_t key)
{
    return seen && seen->keys[place_of(seen->keys, seen->size, key)] == key;
}

bool boot_seen_add(struct boot_seen *seen, uint64_t key)
{
    size_t at;

    if (!seen || boot_seen_has(seen, key))
        return false;
    if (seen->n * 2 >= seen->size && !grow(seen))
        return false;
    at = place_of(seen->keys, seen->size, key);
    seen->keys[at] = key;
    seen->n++;
    return true;
}
