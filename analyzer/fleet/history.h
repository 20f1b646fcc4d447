/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was seen when, on which machine: causes (rules) and crash signatures over many runs, in one
 * SQLite file that several processes may use at once. A run is written in one transaction, once its
 * analysis is done.
 *
 * New means what case_news() says: a cause, or a crash of a family, that no earlier run saw on this
 * machine. A baseline means the same (baseline.h).
 */
#pragma once

#include "analyzer/diagnose/cases.h"

struct history;

enum history_mode {
    HISTORY_READ,  /* it must be there */
    HISTORY_WRITE, /* made when it is not there, migrated when it is older */
};

/* The file's schema; an older one is migrated by the first writer, a newer one is refused. */
enum { HISTORY_VERSION = 3 };

/*
 * NULL with *err when it cannot be had: not ours, damaged, of a newer lastwords, on a file system
 * that several machines share, without SQLite in this build. A file that is not ours is not
 * touched.
 */
struct history *history_open(const char *path, enum history_mode mode, struct err *err);
void history_close(struct history *h);

/* One run. */
struct history_run {
    struct str id;   /* the same one again is the same run, whose results are then these, too */
    int64_t wall_us; /* TIME_UNKNOWN: nobody is to know */
};

/*
 * Writes what was found, and sets `known` and `elsewhere` in every diagnosis and crash.
 * When it returns true all of it is on the disk; when false, nothing.
 */
bool history_add(struct history *h, struct cases *cases, const struct history_run *run,
                 struct err *err);

/* Opens, adds, closes. */
bool history_record(const char *path, struct cases *cases, const struct history_run *run,
                    struct err *err);

/*
 * The name of a file system on which processes of several machines may meet, where SQLite's shared
 * memory does not work; NULL: it is none. `magic` is statfs()'s f_type.
 */
const char *history_shared_fs(unsigned long magic);

/* What was seen: one cause or one crash, or the same on one machine. */
struct history_item {
    bool crash;
    struct str key;         /* the rule, or the exact signature */
    struct str family;      /* of a crash */
    struct str title;       /* as last seen */
    struct str machine;     /* its name; empty when `machines` counts several */
    enum severity severity; /* of a cause: the gravest seen */
    enum role role;         /* the weightiest seen */
    uint64_t machines, runs, count;
    int64_t first_us, last_us; /* TIME_UNKNOWN: no run told its time */
    uint64_t present;          /* machines whose last look still showed it */
};

struct history_items {
    VEC(struct history_item);
};

/* Everything that was seen, latest first; `all`: symptoms and consequences, too. */
bool history_list(struct history *h, bool all, struct arena *arena, struct history_items *out,
                  struct err *err);

/*
 * What `word` names, machine by machine: a rule, a signature (exact or family, or the first six of
 * its digits), a machine (name or id). None: nothing has that name.
 */
bool history_show(struct history *h, struct str word, struct arena *arena,
                  struct history_items *out, struct err *err);

/* Every machine that was looked at. */
struct history_machine {
    struct str id, name; /* either may be empty */
};

struct history_machines {
    VEC(struct history_machine);
};

/* In the order in which they were seen first; text in `arena`. */
bool history_machines(struct history *h, struct arena *arena, struct history_machines *out,
                      struct err *err);

enum history_by { HISTORY_DAY, HISTORY_WEEK, HISTORY_MONTH };

/* One day, week or month in which runs were recorded, UTC. Weeks are those of ISO 8601. */
struct history_period {
    struct str name; /* 2026-01-31, 2026-W05, 2026-01; empty: runs without a time */
    int64_t number;  /* the one behind it has the next; TIME_UNKNOWN: no time */
    uint64_t runs, machines, failing; /* machines looked at; those with a cause or a crash */
    uint64_t causes, crashes;         /* different ones */
    uint64_t fresh; /* causes and families of crashes that a machine had for the first time */
};

struct history_periods {
    VEC(struct history_period);
};

/* In order of time; `word` as above counts only what it names, empty: all. */
bool history_trend(struct history *h, struct str word, enum history_by by, struct arena *arena,
                   struct history_periods *out, struct err *err);
