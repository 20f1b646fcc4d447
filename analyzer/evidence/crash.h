/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Crashes: what the kernel reports of its own failures (oops, panic, BUG, WARNING, lockup, stall,
 * hung task, lockdep, sanitizers), cut out of a boot's records and read into a structure. Titles
 * follow the convention of the kernel's mailing lists, so that they can be searched for.
 *
 * Text of the kernel and of unknown origin counts, what a guest's programs or the host wrote never.
 */
#pragma once

#include "analyzer/core/record.h"
#include "analyzer/core/vec.h"
#include "analyzer/evidence/calltrace.h"
#include "analyzer/evidence/signature.h"

struct crash_kind {
    struct str name;    /* "null-dereference" */
    struct str meaning; /* one line for people */
};

struct crash_register {
    struct str name, value; /* "rax", "0000000000000010" */
};

struct crash_strs {
    VEC(struct str);
};

struct crash {
    struct str title;
    struct crash_strs alt_titles;
    const struct crash_kind *kind;
    struct str function;    /* to blame; empty when the report does not tell */
    struct str module;      /* of that function, or empty */
    struct str source_file; /* to blame, where the log names places; or empty */
    struct signature signature;
    struct crash_strs taint;  /* in words */
    struct str taint_letters; /* "GOE", "" when not tainted or unknown */
    struct str comm, pid, cpu, hardware, kernel;
    struct str ip;                  /* where it happened: "foo+0x10/0x80" or an address */
    struct str ip_module;           /* "[foo]" behind it, or empty */
    struct source_places ip_places; /* as of a frame */
    struct str cr2;                 /* the address that could not be reached */
    struct str error_code, trap;    /* in words */
    struct crash_registers {
        VEC(struct crash_register);
    } registers;
    struct frames call_trace;
    struct bare_frames
            bare; /* places of that trace with nothing but an address: --vmlinux may know them */
    struct crash_strs modules;    /* linked in */
    const char *corrupted_reason; /* NULL: the report is whole */
    struct str panic;             /* text behind "Kernel panic - not syncing: " that ended it */
    struct crash_evidence {
        VEC(const struct record *);
    } evidence;              /* the header first */
    uint32_t consequence_of; /* index of the crash that led to it, or UINT32_MAX */
    uint64_t order;          /* of its header: how many records of text there were until then */
};

/* "Kernel Offset: 0x1e000000 from 0xffffffff81000000": where KASLR put the kernel. */
struct kernel_place {
    uint64_t offset; /* how much higher than linked; 0 when disabled, or not told */
    uint64_t base;   /* as linked, or 0 */
};

struct crash_watch; /* the reports that are still open */

struct crashes {
    struct arena *arena; /* the boot's */
    struct crash_list {
        VEC(struct crash *); /* in order of time */
    } list;
    uint64_t dropped; /* beyond LIMIT_CRASHES */
    struct kernel_place place;
    uint64_t seen;    /* records of text */
    struct crash_watch *watch;
};

/* Crashes live in `arena`. False at its limit. */
bool crashes_init(struct crashes *c, struct arena *arena);

/* Frees what open reports hold; the list stays with its arena. */
void crashes_done(struct crashes *c);

/*
 * Looks at one record. Returns how many of the following lines the open report wants to see even in
 * sparse reading (0: none): pass it to reader_want().
 */
uint32_t crashes_add(struct crashes *c, const struct record *r);

/* Does the record belong to a report that is open? Ask behind crashes_add(). */
bool crashes_own(const struct crashes *c, const struct record *r);

/* The crash whose report this record begins, ends or is a part of, or NULL; behind crashes_add().
 */
const struct crash *crashes_owner(const struct crashes *c, const struct record *r);

/* May further records still belong to this report? */
bool crashes_open(const struct crashes *c, const struct crash *crash);

/*
 * Brings the list up to date with what the open reports say so far, and says which crash follows
 * from which. May be called any number of times; reports stay open.
 */
void crashes_settle(struct crashes *c);

/* No record of this boot will follow: settles and gives back the memory of open reports. */
void crashes_close(struct crashes *c);

/* Literals that lines must hold to begin a report, NULL-terminated: for the prefilter. */
extern const char *const crash_literals[];
