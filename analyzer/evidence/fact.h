/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts: named typed values that the log itself proves, or unknown. fact.def is the closed list;
 * the extractor tables of facts_*.c say which record yields which fact.
 */
#pragma once

#include "analyzer/core/record.h"
#include "analyzer/evidence/value.h"

enum fact_id {
#define FACT(sym, path, type, doc) FACT_##sym,
#include "analyzer/evidence/fact.def"
#undef FACT
    FACT_COUNT
};

struct fact_info {
    struct str path; /* "disks.partitions" */
    struct str type; /* of fact.def: "text", "number", "flag", "texts", "maps {name, kib, …}" */
    struct str doc;
};

/* The table, FACT_COUNT rows. */
extern const struct fact_info fact_infos[];

struct fact {
    struct value value;
    const struct record *proof; /* kept in the same arena; NULL when derived or given */
};

struct facts_state; /* what the extractors remember between records */

struct facts {
    struct fact of[FACT_COUNT];
    const struct facts *parent; /* asked when a fact is unknown here: the case's (vmx) facts */
    struct arena *arena;        /* the boot's */
    struct facts_state *state;
};

/* False when the arena is full. */
bool facts_init(struct facts *f, struct arena *arena, const struct facts *parent);

/*
 * Looks at one record. Returns how many of the following lines the open list or table wants to see
 * even in sparse reading (0: none): pass it to reader_want().
 */
uint32_t facts_add(struct facts *f, const struct record *r);

/* A fact that no extractor finds. Neither what `value` points to nor `proof` is copied. */
void facts_set(struct facts *f, enum fact_id id, struct value value, const struct record *proof);

/* The fact, its own or the parent's. Never NULL; unknown when nobody knows. */
const struct fact *facts_get(const struct facts *f, enum fact_id id);

/*
 * By path: "disks.partitions", "disks.partitions.name" (a list), "disks.partitions[0].uuid",
 * "kernel.drv.nvme". Makes projections in `scratch`. False when no fact has that name (a load error
 * for rules); an unknown fact is true with VALUE_UNKNOWN. `proof` may be NULL.
 */
bool facts_find(const struct facts *f, struct str path, struct arena *scratch, struct value *out,
                const struct record **proof);

/* Does the path name something in the table? For loading rules. */
bool fact_path_valid(struct str path);

/* The type of the fact with exactly this path; empty of a part of one. */
struct str fact_type(struct str path);

/* Literals that lines must hold for an extractor to care, NULL-terminated: for the prefilter. */
extern const char *const fact_literals[];
