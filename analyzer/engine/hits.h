/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a boot keeps of matching: for each wording that hit, its hits. Memory is bounded: of more
 * than LIMIT_HITS_PER_PATTERN the first half and the last half stay, and the memory of what falls
 * out is used again. A record is kept once, however many wordings hit it.
 */
#pragma once

#include "analyzer/engine/match.h"
#include "analyzer/engine/matcher.h"

struct kept_record;

struct hit {
    struct kept_record *kept;
    const struct record *record;
    uint64_t order;       /* of arrival within the boot */
    struct str *captures; /* as many as the wording has names; point into the record or crash */
    const struct crash *crash; /* block: crash: the report that was matched; record is its header */
    bool open;                 /* that report may still go on */
};

struct hit_list;

/* Takes the record over once per match_record(): NULL at the arena's limit. */
struct kept_record *hits_keep(struct hits *h, const struct record *r);
const struct record *kept_record(const struct kept_record *k);

/* Gives it back when nothing came to hold it. */
void hits_release(struct hits *h, struct kept_record *k);

/* Adds a hit; `captures` point into `original`, the record that `k` is a copy of. */
bool hits_add(struct hits *h, const struct wording *w, struct kept_record *k,
              const struct record *original, const struct str *captures);

/* Hits of block: crash are made anew each time that reports were read: these replace the old. */
void hits_forget(struct hits *h, uint32_t wording);
bool hits_add_crash(struct hits *h, const struct wording *w, const struct hit *hit);

/* The crash report that was matched, or whose part the record is; NULL without one. */
const struct crash *hit_crash(const struct hit *hit);

/* Another record has come by. */
uint64_t hits_next_order(struct hits *h);

/* The hits of a wording: NULL when there are none. */
const struct hit_list *hits_of(const struct hits *h, uint32_t wording);
size_t hit_list_count(const struct hit_list *list);   /* kept ones */
uint64_t hit_list_total(const struct hit_list *list); /* all that were seen */
const struct hit *hit_list_at(const struct hit_list *list, size_t i);

/* Where phases begin: the first records that say so; NULL when not seen. */
struct phase_marks {
    const struct record *initrd, *system;
    uint64_t initrd_order, system_order;
};
const struct phase_marks *hits_phases(const struct hits *h);
void hits_mark_phase(struct hits *h, enum phase phase, const struct record *r);
