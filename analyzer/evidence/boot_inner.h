/* SPDX-License-Identifier: Apache-2.0 */
/* What boot.c (segmenting) and boot_trial.c (repeated dumps) share; nobody else includes this. */
#pragma once

#include "analyzer/evidence/boot_end.h"
#include "analyzer/evidence/boot_seen.h"

/*
 * Stamped records without proof after which a boot is a boot of its own. The beginning of every
 * boot is read line by line for it: sparse reading would compare too few.
 */
enum { BOOT_TRIAL_LENGTH = 400 };

struct trial {
    struct boot *boot;   /* the newest one, while it is on trial; NULL otherwise */
    struct boot *twin;   /* where the last matching records were found */
    struct boot *before; /* the one that it seemed to follow */
    unsigned proofs, stamped;
    struct trial_records {
        VEC(const struct record *);
    } records;
    struct arena arena;
};

struct boots {
    struct notes *notes;
    struct boots_list {
        VEC(struct boot *);
    } list;
    struct arena arena; /* the list; each boot has one of its own */
    struct boot *now;   /* NULL: the next record starts one */
    uint32_t input;
    struct str format;
    bool fresh_input; /* no record of this input was seen yet */
    bool marked;      /* the format said that another boot starts */
    struct trial trial;
    struct boot_signs signs;
    int64_t dump_mono_us; /* where a repeated dump has come to; the boot itself was further */
    struct boot *gone;    /* dissolved by the last boots_add() */
    struct boots_list dropped; /* by the last boots_add(); the list is used again */
    bool full;
    uint64_t begun;
    size_t most; /* boots_keep(), else LIMIT_BOOTS */
};

/* A record of the kernel's ring; one whose stamp and text identify it. */
bool boot_is_kernel(const struct record *r);
bool boot_is_stamped(const struct record *r);

/* Counts the record into the boot and looks at what it tells of the boot. */
void boot_take(struct boots *all, struct boot *b, const struct record *r);

void boot_trial_end(struct boots *all);

/* One record of the boot on trial; true when the trial ended in a merge, which fills *place. */
bool boot_trial_add(struct boots *all, const struct record *r, uint64_t key,
                    struct boot_place *place);

/* By time; the boots of each machine together, machines in the order of their first boots. */
void boot_order(struct boots_list *list);
