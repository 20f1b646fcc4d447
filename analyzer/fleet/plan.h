/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A scan in parts (shards) for many machines: which cases go where, as a file that each of them
 * reads. A case is never split. The largest go first, each to the shard with the least bytes so far
 * (LPT), so the parts differ by less than one case; ties go by path and number, so the same cases
 * give the same plan everywhere. By locality, no shard holds cases of two stores (file systems), as
 * far as there are shards enough: each can run where its store is.
 */
#pragma once

#include "analyzer/fleet/case_list.h"
#include "reports/out.h"

struct plan {
    struct case_list cases; /* all of them, by path */
    uint32_t *shard_of;     /* by case */
    uint32_t shards;
    struct str tool_version, rules_sha256;
    struct str list; /* case_list_id() */
};

/* Shares the cases of `plan` out to plan->shards. False: out of memory. */
bool plan_share(struct plan *plan, bool by_store, struct arena *arena);

/* One line for the plan, then one for each case. */
void plan_write(struct out *out, const struct plan *plan);

/* Reads what plan_write() wrote; names live in `arena`. False with *err when it is no plan. */
bool plan_read(struct plan *plan, int fd, struct arena *arena, struct err *err);

/* The cases of one shard, and their numbers in the plan. False: out of memory. */
struct case_numbers {
    VEC(uint32_t);
};
bool plan_shard(const struct plan *plan, uint32_t shard, struct case_list *cases,
                struct case_numbers *numbers);

/*
 * The name of the shard, 32 hex digits of a hash over the plan, the tool, the rules, and the
 * shard's cases with their sizes. Empty: out of memory.
 */
struct str plan_shard_id(const struct plan *plan, uint32_t shard, struct arena *arena);

/* An input as its shard read it. */
struct part_input {
    uint32_t number; /* of its case */
    struct str path;
    struct file_state state;
    struct str sha256; /* 64 hex digits; empty: nobody asked */
    bool changed;      /* it was not what the plan says, or not the same when it was read */
};

struct part_inputs {
    VEC(struct part_input);
};

/* The line behind the cases of a part: which ones they are. `have` are the shards in it. */
struct part {
    struct str tool_version, rules_sha256, list;
    uint64_t rules_count;
    uint64_t of;     /* cases of the whole */
    uint32_t shards; /* 0: of several plans */
    struct case_numbers have, numbers;
    struct part_inputs inputs;
};
void part_write(struct out *out, const struct part *part);
bool part_read(struct part *part, struct str line, struct arena *arena, struct err *err);
