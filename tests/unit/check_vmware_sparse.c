/* SPDX-License-Identifier: Apache-2.0 */
/* A large vmware.log read sparsely gives the records that matter exactly as reading all of it. */
#include "analyzer/core/limits.h"
#include "parsers/parser.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern const struct parser parser_vmware_log;

/* What the prefilter does, slowly: the first mark at or after `from`. */
static size_t next_mark(const void *ctx, struct str block, size_t from)
{
    size_t first = SIZE_MAX;

    (void)ctx;
    for (size_t i = 0; parser_vmware_log.marks[i]; i++) {
        struct str rest = str_from_at(block, from);
        size_t at = str_find(rest, str_from(parser_vmware_log.marks[i]));

        if (at != STR_NOT_FOUND && from + at < first)
            first = from + at;
    }
    return first;
}

static const struct sieve sieve = { .next_hit = next_mark, .parser = &parser_vmware_log };

/* Records that somebody would look at: their text, kind, level and place. */
static bool matters(const struct record *r)
{
    return r->kind != RECORD_TEXT || r->origin == ORIGIN_GUEST_KERNEL || r->level <= LEVEL_ERR ||
           str_find(r->text, STR("[msg.")) != STR_NOT_FOUND;
}

/* `skipped` is added to. */
static uint64_t digest(struct str text, bool sparse, size_t *n, uint64_t *skipped)
{
    struct lines *in = lines_new_memory(text);
    void *state = calloc(1, parser_vmware_log.state_bytes);
    uint64_t sum = 0;
    struct record r;
    struct err err;

    ck_assert(in && state);
    if (sparse)
        lines_sparse(in, &sieve);
    for (;;) {
        record_init(&r);
        if (parser_vmware_log.next(state, in, &r, &err) != STEP_RECORD)
            break;
        if (!matters(&r))
            continue;
        sum = sum * 31 + (str_hash(r.text) ^ str_hash(r.section) ^ str_hash(r.thread)) +
              r.line * 7 + (uint64_t)r.kind + (uint64_t)r.level + (uint64_t)r.origin * 3;
        sum += (uint64_t)(r.mono_us ^ r.host_wall_us);
        ++*n;
    }
    *skipped += lines_stats(in).skipped;
    free(state);
    lines_free(in);
    return sum;
}

static const struct {
    const char *head, *more; /* prefixes */
    bool unmarked;           /* any line may be the guest's: none is left out */
} forms[] = {
    { "Mar 09 07:05:01.250: vmx| ", "Mar 09 07:05:01.250: vmx| ", true },
    { "2012-07-06T21:01:10.891Z| vmx| ", "2012-07-06T21:01:10.891Z| vmx| ", true },
    { "2019-05-06T07:08:09.010Z| vmx| I125: ", "2019-05-06T07:08:09.010Z| vmx| I125+ ", false },
    { "2023-05-06T07:08:09.010Z In(05) vmx ", "2023-05-06T07:08:09.010Z In(05)+ vmx ", false },
    { "2023-05-06T07:08:09.010Z In(05) vmx - ", "2023-05-06T07:08:09.010Z In(05)+ vmx - ", false },
    { "2026-05-06T07:08:09.010Z -INFO vmx 9 [ws@4413 threadName=\"vmx\"] ",
      "2026-05-06T07:08:09.010Z +INFO vmx 9 [ws@4413 threadName=\"vmx\"] ", false },
};

/* Some lines of interest after every 500 others. */
static struct str make_log(const char *head, const char *more, char *out, size_t size)
{
    size_t n = 0;

    for (unsigned i = 0; n + 4096 < size; i++) {
        if (i % 500) {
            n += (size_t)sprintf(out + n, "%sTools: heartbeat %u\n", head, i);
            continue;
        }
        n += (size_t)sprintf(out + n,
                             "%sDICT --- CONFIGURATION /%u\n%sDICT   memsize = \"%u\"\n"
                             "%sMsg_Post: Error\n%s[msg.a] One.\n%sTwo.\n%s%s\n",
                             head, i, head, i, head, head, more, head,
                             "----------------------------------------");
        n += (size_t)sprintf(
                out + n,
                "%sGuest: <4>[%5u.000001] first\n%s<4>[%5u.000001] second\n%s\n"
                "<<< Guest Log Throttled >>>\n%sGuest: x\n%sTriple fault Msg_Post: [msg.a]\n",
                head, i, more, i, more, head, more);
    }
    return (struct str){ .p = out, .n = n };
}

START_TEST(sparse_and_dense_agree)
{
    size_t size = (size_t)LIMIT_DENSE_BYTES + (512u << 10), n_dense = 0, n_sparse = 0;
    uint64_t skipped = 0;
    char *text = malloc(size);
    struct str log;

    ck_assert_ptr_nonnull(text);
    log = make_log(forms[_i].head, forms[_i].more, text, size);
    ck_assert_uint_eq(digest(log, false, &n_dense, &skipped),
                      digest(log, true, &n_sparse, &skipped));
    ck_assert_uint_eq(n_dense, n_sparse);
    ck_assert_uint_gt(n_dense, 100);
    if (forms[_i].unmarked)
        ck_assert_uint_eq(skipped, 0);
    else
        ck_assert_uint_gt(skipped, 1000);
    free(text);
}
END_TEST

Suite *check_vmware_sparse(void)
{
    Suite *s = suite_create("vmware_sparse");
    TCase *t = tcase_create("vmware_sparse");

    tcase_add_loop_test(t, sparse_and_dense_agree, 0, (int)(sizeof forms / sizeof forms[0]));
    suite_add_tcase(s, t);
    return s;
}
