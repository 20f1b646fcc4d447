/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a plan. What was read and is written is read again as the same; its shards hold each
 * case once.
 */
#include "analyzer/fleet/plan.h"
#include "tests/fuzz/fuzz_fd.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SHARDS = 64 };

static bool read_bytes(struct plan *plan, struct str bytes, struct arena *arena)
{
    int fd = fuzz_fd(bytes.p, bytes.n);
    struct err err;
    bool ok = fd >= 0 && plan_read(plan, fd, arena, &err);

    if (fd >= 0)
        close(fd);
    return ok;
}

static void share(const struct plan *plan, struct arena *arena)
{
    size_t n = 0;

    for (uint32_t i = 0; i < plan->shards && i < SHARDS; i++) {
        struct case_numbers numbers;
        struct case_list cases;

        if (!plan_shard(plan, i, &cases, &numbers))
            return;
        n += cases.n;
        plan_shard_id(plan, i, arena);
    }
    if (plan->shards <= SHARDS && n != plan->cases.n)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = { .limit_bytes = (size_t)1 << 30 };
    struct out *first = out_new_memory(), *second = out_new_memory();
    struct plan plan, again;

    if (first && second &&
        read_bytes(&plan, (struct str){ .p = (const char *)data, .n = size }, &arena)) {
        share(&plan, &arena);
        plan_write(first, &plan);
        if (!read_bytes(&again, out_bytes(first), &arena))
            abort();
        plan_write(second, &again);
        if (!str_eq(out_bytes(first), out_bytes(second)))
            abort();
    }
    out_free(first);
    out_free(second);
    arena_done(&arena);
    return 0;
}
