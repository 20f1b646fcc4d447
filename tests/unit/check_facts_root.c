/* SPDX-License-Identifier: Apache-2.0 */
/* Which partition is offered as the root that was meant: a promise that people act on. */
#include "analyzer/evidence/facts_boot.h"

#include <check.h>

static const struct str names[] = { { STR_INIT("name") },
                                    { STR_INIT("kib") },
                                    { STR_INIT("uuid") } };

struct part {
    const char *name;
    int64_t kib;
};

static const struct {
    const char *what;
    const char *named, *earlier;
    struct part parts[4];
    size_t n;          /* candidates */
    const char *first; /* the likeliest */
    const char *only;  /* the one that is named, or NULL */
} rows[] = {
    { "one large partition",
      "sdc1",
      NULL,
      { { "sda1", 8384512 }, { "sda2", 3055 } },
      1,
      "sda1",
      "sda1" },
    { "small first partition",
      "sdb2",
      NULL,
      { { "sda1", 3072 }, { "sda2", 8384512 } },
      1,
      "sda2",
      "sda2" },
    { "two disks", "sdc1", NULL, { { "sda1", 8384512 }, { "sdb1", 8384512 } }, 2, "sda1", NULL },
    { "same number first",
      "sdc2",
      NULL,
      { { "sda1", 524288 }, { "sda2", 8384512 } },
      2,
      "sda2",
      NULL },
    { "earlier root first",
      "sdc2",
      "/dev/sda1",
      { { "sda1", 524288 }, { "sda2", 8384512 } },
      2,
      "sda1",
      NULL },
    { "NVMe after a controller change",
      "sda2",
      NULL,
      { { "nvme0n1p1", 3072 }, { "nvme0n1p2", 614400 } },
      1,
      "nvme0n1p2",
      "nvme0n1p2" },
    { "the named one is none",
      "sda1",
      NULL,
      { { "sda1", 524288 }, { "sda2", 8384512 } },
      1,
      "sda2",
      "sda2" },
    { "LVM", "mapper/vg0-root", NULL, { { "sda1", 524288 }, { "sda2", 8384512 } }, 0, NULL, NULL },
    { "network", "nfs", NULL, { { "sda1", 524288 } }, 0, NULL, NULL },
    { "all too small", "sdc1", NULL, { { "sda1", 3072 }, { "sda2", 49152 } }, 0, NULL, NULL },
    { "sizes unknown", "sdc1", NULL, { { "sda1", -1 }, { "sda2", -1 } }, 2, "sda1", NULL },
    { "one of unknown size", "sdc1", NULL, { { "sda1", 3072 }, { "sda2", -1 } }, 1, "sda2", NULL },
    { "no disk", "sdc1", NULL, { { NULL, 0 } }, 0, NULL, NULL },
};

static struct value partition(struct arena *a, const struct part *p)
{
    struct value *items = arena_new(a, struct value, 3);

    items[0] = value_text(str_from(p->name), SORT_DEVICE);
    items[1] = p->kib < 0 ? value_unknown() : value_int(p->kib);
    return value_map(names, items, 3);
}

START_TEST(candidates)
{
    struct arena arena = { 0 };
    struct boot boot = { 0 };
    struct facts facts, before;
    struct boot_before previous = { &boot, &before };
    struct value *parts = arena_new(&arena, struct value, 4), got;
    size_t n = 0;

    facts_init(&facts, &arena, NULL);
    facts_init(&before, &arena, NULL);
    for (; n < 4 && rows[_i].parts[n].name; n++)
        parts[n] = partition(&arena, &rows[_i].parts[n]);
    if (n)
        facts_set(&facts, FACT_DISKS_PARTITIONS, value_list(parts, n), NULL);
    facts_set(&facts, FACT_CMDLINE_ROOT,
              value_text(arena_printf(&arena, "/dev/%s", rows[_i].named), SORT_DEVICE), NULL);
    if (rows[_i].earlier)
        facts_set(&before, FACT_ROOT_DEVICE, value_text(str_from(rows[_i].earlier), SORT_DEVICE),
                  NULL);
    facts_set_boot(&facts, &boot, &previous);

    ck_assert(facts_find(&facts, STR("root.wanted"), &arena, &got, NULL));
    ck_assert(str_eq(got.text, str_from(rows[_i].named)));
    ck_assert(facts_find(&facts, STR("root.candidates.name"), &arena, &got, NULL));
    ck_assert_uint_eq(got.type == VALUE_LIST ? got.n_items : 0, rows[_i].n);
    if (rows[_i].n)
        ck_assert(str_eq(got.items[0].text, str_from(rows[_i].first)));
    ck_assert(facts_find(&facts, STR("root.candidate.name"), &arena, &got, NULL));
    if (rows[_i].only && str_eq(got.text, STR("sda1"))) {
        struct value size;

        ck_assert(facts_find(&facts, STR("root.candidate.size"), &arena, &size, NULL));
        ck_assert(str_eq(size.text, STR("8.0 GiB")));
    }
    if (rows[_i].only)
        ck_assert(str_eq(got.text, str_from(rows[_i].only)));
    else
        ck_assert_int_eq(got.type, VALUE_UNKNOWN);
    arena_done(&arena);
}
END_TEST

Suite *check_facts_root(void)
{
    Suite *s = suite_create("facts_root");
    TCase *t = tcase_create("facts_root");

    tcase_add_loop_test(t, candidates, 0, (int)(sizeof rows / sizeof rows[0]));
    suite_add_tcase(s, t);
    return s;
}
