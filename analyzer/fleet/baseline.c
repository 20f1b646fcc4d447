/* SPDX-License-Identifier: Apache-2.0 */
/* A set of failures, by hash; see baseline.h. */
#include "analyzer/fleet/baseline.h"

#include "analyzer/engine/sha256.h"
#include "analyzer/fleet/case_read.h"
#include "analyzer/fleet/result_file.h"

#include <stdlib.h>
#include <string.h>

/* Half of a SHA-256: failures of machines that a stranger named do not collide by design. */
struct failure {
    unsigned char digest[16];
};

struct baseline {
    struct failure *slots; /* open addressing, n_slots a power of two; all zero is empty */
    size_t n_slots, n;
};

enum { FIRST_SLOTS = 1024 };

struct baseline *baseline_new(void)
{
    return calloc(1, sizeof(struct baseline));
}

void baseline_free(struct baseline *b)
{
    if (!b)
        return;
    free(b->slots);
    free(b);
}

static struct failure failure_of(struct str machine, char kind, struct str name)
{
    unsigned char digest[32];
    struct failure f;
    struct sha256 hash;

    sha256_init(&hash);
    sha256_add(&hash, (struct str){ .p = &kind, .n = 1 });
    sha256_add(&hash, name);
    sha256_add(&hash, (struct str){ .p = "", .n = 1 });
    sha256_add(&hash, machine);
    sha256_done(&hash, digest);
    memcpy(f.digest, digest, sizeof f.digest);
    f.digest[0] |= 1; /* never the empty slot */
    return f;
}

/* The slot that holds it, or the empty one where it would stand. */
static struct failure *place(const struct baseline *b, const struct failure *f)
{
    size_t at;

    memcpy(&at, f->digest + 8, sizeof at);
    for (at &= b->n_slots - 1; b->slots[at].digest[0]; at = (at + 1) & (b->n_slots - 1))
        if (memcmp(b->slots[at].digest, f->digest, sizeof f->digest) == 0)
            break;
    return &b->slots[at];
}

static bool grow(struct baseline *b)
{
    struct baseline larger = { .n_slots = b->n_slots ? b->n_slots * 2 : FIRST_SLOTS };

    larger.slots = calloc(larger.n_slots, sizeof *larger.slots);
    if (!larger.slots)
        return false;
    for (size_t i = 0; i < b->n_slots; i++)
        if (b->slots[i].digest[0])
            *place(&larger, &b->slots[i]) = b->slots[i];
    larger.n = b->n;
    free(b->slots);
    *b = larger;
    return true;
}

bool baseline_add(struct baseline *b, struct str machine, char kind, struct str name)
{
    struct failure f = failure_of(machine, kind, name), *slot;

    if (b->n * 2 >= b->n_slots && !grow(b))
        return false;
    slot = place(b, &f);
    b->n += slot->digest[0] == 0;
    *slot = f;
    return true;
}

static bool has(const struct baseline *b, struct str machine, char kind, struct str name)
{
    struct failure f = failure_of(machine, kind, name);

    return b->n && place(b, &f)->digest[0];
}

/* What is a failure of the case: 'r' and its rule, 'c' and its crash; without one, a name of 0. */
static struct str cause_name(const struct case_result *c)
{
    const struct case_diagnosis *d = case_cause(c);

    return d && d->role != ROLE_NOTE ? d->rule : (struct str){ 0 };
}

static struct str crash_name(const struct case_result *c)
{
    const struct case_crash *crash = case_first_crash(c);

    return crash ? crash->family : (struct str){ 0 };
}

static bool add_case(struct baseline *b, const struct case_result *c)
{
    struct str machine = case_machine(c), cause = cause_name(c), crash = crash_name(c);

    return (!cause.n || baseline_add(b, machine, 'r', cause)) &&
           (!crash.n || baseline_add(b, machine, 'c', crash));
}

bool baseline_read(struct baseline *b, int fd, struct err *err)
{
    struct result_file *file = result_file_new(fd);
    enum result_part part = PART_FAIL;
    struct case_result c;
    struct str bytes;
    uint64_t offset;
    bool ok = file || fail(err, FAIL_LIMIT, "out of memory");

    while (ok && (part = result_file_next(file, &bytes, &offset, err)) != PART_END) {
        struct cases *one = part == PART_CASE ? cases_new() : NULL;

        ok = part != PART_FAIL;
        if (one)
            ok = case_read(one, bytes, &c, err) &&
                 (add_case(b, &c) || fail(err, FAIL_LIMIT, "out of memory"));
        cases_free(one);
    }
    result_file_free(file);
    return ok;
}

bool baseline_is_new(const struct baseline *b, const struct case_result *c)
{
    struct str machine = case_machine(c), cause = cause_name(c), crash = crash_name(c);

    return (cause.n && !has(b, machine, 'r', cause)) || (crash.n && !has(b, machine, 'c', crash));
}
