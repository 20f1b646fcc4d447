/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A set of failures, by hash; see baseline.h. A failure is in it twice: with its machine, and with
 * none, which says that it was seen somewhere.
 */
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

/* Rules and crashes are told apart by their kind. */
enum failure_kind { FAILURE_CAUSE = 'r', FAILURE_CRASH = 'c' };

/* `c` NULL: on any machine. Machines are those of a history: an id with its source. */
static struct failure failure_of(const struct case_result *c, enum failure_kind kind,
                                 struct str name)
{
    const char head[2] = { (char)kind, c ? 'm' : 'a' };
    const struct str end = { .p = "", .n = 1 };
    unsigned char digest[32];
    struct failure f;
    struct sha256 hash;

    sha256_init(&hash);
    sha256_add(&hash, (struct str){ .p = head, .n = sizeof head });
    sha256_add(&hash, name);
    sha256_add(&hash, end);
    if (c) {
        sha256_add(&hash, c->id_source);
        sha256_add(&hash, end);
        sha256_add(&hash, case_machine(c));
    }
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

static bool add(struct baseline *b, struct failure f)
{
    struct failure *slot;

    if (b->n * 2 >= b->n_slots && !grow(b))
        return false;
    slot = place(b, &f);
    b->n += slot->digest[0] == 0;
    *slot = f;
    return true;
}

static bool has(const struct baseline *b, struct failure f)
{
    return b->n && place(b, &f)->digest[0];
}

static bool add_failure(struct baseline *b, const struct case_result *c, enum failure_kind kind,
                        struct str name)
{
    return add(b, failure_of(c, kind, name)) && add(b, failure_of(NULL, kind, name));
}

/* Symptoms, too: a cause that was one's symptom is not new. */
static bool add_case(struct baseline *b, const struct case_result *c)
{
    bool ok = true;

    if (c->result == RESULT_NOTHING_READ)
        return true;
    for (size_t i = 0; ok && i < c->diagnoses.n; i++)
        if (c->diagnoses.p[i].role != ROLE_NOTE)
            ok = add_failure(b, c, FAILURE_CAUSE, c->diagnoses.p[i].rule);
    for (size_t i = 0; ok && i < c->crashes.n; i++)
        ok = add_failure(b, c, FAILURE_CRASH, crash_family(&c->crashes.p[i]));
    return ok;
}

/* Machines are compared by name, and tokens are new ones in each run. */
static bool check_names(const struct case_result *c, struct err *err)
{
    return !c->redacted || fail(err, FAIL_USAGE,
                                "is redacted, and machines are compared by name: "
                                "take the ndjson of a scan without --redact, or "
                                "--history");
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
            ok = case_read(one, bytes, &c, err) && check_names(&c, err) &&
                 (add_case(b, &c) || fail(err, FAIL_LIMIT, "out of memory"));
        cases_free(one);
    }
    result_file_free(file);
    return ok;
}

static void compare(const struct baseline *b, const struct case_result *c, enum failure_kind kind,
                    struct str name, bool *known, bool *elsewhere)
{
    *known = *known || has(b, failure_of(c, kind, name));
    *elsewhere = !*known && (*elsewhere || has(b, failure_of(NULL, kind, name)));
}

void baseline_compare(const struct baseline *b, struct case_result *c)
{
    for (size_t i = 0; i < c->diagnoses.n; i++) {
        struct case_diagnosis *d = &c->diagnoses.p[i];

        compare(b, c, FAILURE_CAUSE, d->rule, &d->known, &d->elsewhere);
    }
    for (size_t i = 0; i < c->crashes.n; i++) {
        struct case_crash *crash = &c->crashes.p[i];

        compare(b, c, FAILURE_CRASH, crash_family(crash), &crash->known, &crash->elsewhere);
    }
}
