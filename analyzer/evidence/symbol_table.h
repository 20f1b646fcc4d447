/* SPDX-License-Identifier: Apache-2.0 */
/* The symbols of one ELF file in two orders, for symbolise.c: by hash of the name, by address. */
#pragma once

#include "analyzer/core/str.h"

struct symbol {
    uint64_t hash, address, size;
    uint32_t section;
    int index; /* in the file's own table */
    bool is_function;
};

struct symbol_table {
    struct symbol *by_address, *by_hash;
    size_t n;
};

/* Room for `max` symbols; false: out of memory. Free with symbol_table_done(). */
bool symbol_table_init(struct symbol_table *t, size_t max);
void symbol_table_done(struct symbol_table *t);

/* Fill by_address[0..n) first. */
void symbol_table_sort(struct symbol_table *t);

/* Where the symbols of that hash begin in by_hash; n when there are none. */
size_t symbol_table_find(const struct symbol_table *t, uint64_t hash);

/* The function that holds this address, or NULL. */
const struct symbol *symbol_table_at(const struct symbol_table *t, uint64_t address);

/*
 * Would the kernel print this size for the function? It prints the distance to the next symbol
 * (get_symbol_pos() in kernel/kallsyms.c), padding included; the file's own size counts, too.
 */
bool symbol_has_size(const struct symbol_table *t, const struct symbol *s, uint64_t printed);
