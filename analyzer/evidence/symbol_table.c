/* SPDX-License-Identifier: Apache-2.0 */
/* See symbol_table.h. */
#include "analyzer/evidence/symbol_table.h"

#include <stdlib.h>
#include <string.h>

/* Behind the last function of a section stands what the linker put there. */
enum { PADDING_MAX = 64 };

/* Labels that may stand between an address and its function's name. */
enum { NEARBY_MAX = 64 };

static int order_by_address(const void *left, const void *right)
{
    const struct symbol *a = left, *b = right;

    if (a->address != b->address)
        return a->address < b->address ? -1 : 1;
    return a->index < b->index ? -1 : a->index > b->index;
}

static int order_by_hash(const void *left, const void *right)
{
    const struct symbol *a = left, *b = right;

    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return order_by_address(left, right);
}

bool symbol_table_init(struct symbol_table *t, size_t max)
{
    t->by_address = calloc(max + 1, sizeof *t->by_address);
    t->by_hash = calloc(max + 1, sizeof *t->by_hash);
    return t->by_address && t->by_hash;
}

void symbol_table_done(struct symbol_table *t)
{
    free(t->by_address);
    free(t->by_hash);
    *t = (struct symbol_table){ 0 };
}

void symbol_table_sort(struct symbol_table *t)
{
    qsort(t->by_address, t->n, sizeof *t->by_address, order_by_address);
    memcpy(t->by_hash, t->by_address, t->n * sizeof *t->by_hash);
    qsort(t->by_hash, t->n, sizeof *t->by_hash, order_by_hash);
}

size_t symbol_table_find(const struct symbol_table *t, uint64_t hash)
{
    size_t low = 0, high = t->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (t->by_hash[middle].hash < hash)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* How many symbols stand at the address or below. */
static size_t count_to(const struct symbol_table *t, uint64_t address)
{
    size_t low = 0, high = t->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (t->by_address[middle].address <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The first symbol behind `at` in its section, or NULL. */
static const struct symbol *next_symbol(const struct symbol_table *t, const struct symbol *at)
{
    size_t next = count_to(t, at->address);

    return next < t->n && t->by_address[next].section == at->section ? &t->by_address[next] : NULL;
}

const struct symbol *symbol_table_at(const struct symbol_table *t, uint64_t address)
{
    size_t end = count_to(t, address);

    for (size_t i = end; i > 0 && end - i < NEARBY_MAX; i--) {
        const struct symbol *s = &t->by_address[i - 1];

        if (s->is_function && address - s->address < s->size)
            return s;
    }
    return NULL;
}

/* What follows the last function of a section depends on the linker: some padding is allowed. */
bool symbol_has_size(const struct symbol_table *t, const struct symbol *s, uint64_t printed)
{
    const struct symbol *next = next_symbol(t, s);

    if (printed == s->size || (next && printed == next->address - s->address))
        return true;
    return !next && printed > s->size && printed - s->size < PADDING_MAX;
}
