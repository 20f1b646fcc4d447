/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tables of a history and how a run gets into them; see history.h.
 *
 *     run ──< look >── machine           which machines a run looked at
 *      └────< sighting >── subject       and what it saw there: a cause or a crash
 *
 * A run's transaction takes the write lock at its start (BEGIN IMMEDIATE), so runs are numbered in
 * the order of their commits and "an earlier run" means the same to everybody.
 */
#include "analyzer/fleet/history.h"

#include "analyzer/fleet/history_file.h"
#include "analyzer/fleet/history_tables.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Step i leads from version i to i+1; a new file takes all of them. Never change one: add one. */
static const char *const steps[HISTORY_VERSION] = {
    "CREATE TABLE run(id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, wall_us INTEGER,"
    " tool_version TEXT NOT NULL, rules_sha256 TEXT NOT NULL);"
    "CREATE TABLE machine(id INTEGER PRIMARY KEY, source TEXT NOT NULL, ident TEXT NOT NULL,"
    " name TEXT NOT NULL, UNIQUE(source, ident));"
    "CREATE TABLE subject(id INTEGER PRIMARY KEY, crash INTEGER NOT NULL, key TEXT NOT NULL,"
    " family TEXT NOT NULL, first_run INTEGER NOT NULL REFERENCES run, UNIQUE(crash, key));"
    "CREATE TABLE sighting(subject INTEGER NOT NULL REFERENCES subject,"
    " machine INTEGER NOT NULL REFERENCES machine, run INTEGER NOT NULL REFERENCES run,"
    " severity INTEGER NOT NULL, role INTEGER NOT NULL, count INTEGER NOT NULL,"
    " title TEXT NOT NULL, PRIMARY KEY(subject, machine, run)) WITHOUT ROWID;"
    "CREATE INDEX sighting_of_machine ON sighting(machine, run);",

    /* Which machines were in order was not kept before. */
    "CREATE TABLE look(machine INTEGER NOT NULL REFERENCES machine,"
    " run INTEGER NOT NULL REFERENCES run, PRIMARY KEY(machine, run)) WITHOUT ROWID;"
    "CREATE INDEX look_of_run ON look(run);"
    "CREATE INDEX sighting_of_run ON sighting(run);"
    "INSERT INTO look SELECT DISTINCT machine, run FROM sighting;",

    /* What is new is asked by family. */
    "CREATE INDEX subject_of_family ON subject(crash, family);",
};

/* The number that a PRAGMA answers with; -1 with *err. */
static int64_t ask(struct database *db, const char *sql, struct err *err)
{
    struct query *q = query_new(db, sql, err);
    int64_t value = -1;

    if (q && query_next(q, err))
        value = query_int(q, 0);
    query_free(q);
    return value;
}

/* The steps from the file's version on, in one transaction; *version is what it then has. */
static bool migrate(struct database *db, struct err *err)
{
    char pragma[64];
    int64_t version;

    if (!database_run(db, "BEGIN IMMEDIATE", err))
        return false;
    version = ask(db, "PRAGMA user_version", err);
    for (int64_t i = version; version >= 0 && i < HISTORY_VERSION; i++) {
        snprintf(pragma, sizeof pragma, "PRAGMA user_version=%lld", (long long)i + 1);
        if (!database_run(db, steps[i], err) || !database_run(db, pragma, err))
            version = -1;
    }
    if (version >= 0 && database_run(db, "COMMIT", err))
        return true;
    database_run(db, "ROLLBACK", NULL);
    return false;
}

static bool fill(const char *path, struct err *err)
{
    struct database *db = database_open(path, DATABASE_WRITE, err);
    char pragma[64];
    bool ok;

    snprintf(pragma, sizeof pragma, "PRAGMA application_id=%d", (int)HISTORY_APPLICATION_ID);
    ok = db && database_run(db, pragma, err) && migrate(db, err) &&
         database_run(db, "PRAGMA journal_mode=WAL", err);
    database_close(db);
    return ok;
}

static bool check_version(struct history *h, const char *path, enum history_mode mode,
                          struct err *err)
{
    int64_t version = ask(h->db, "PRAGMA user_version", err);

    if (version < 0)
        return false;
    if (version > HISTORY_VERSION)
        return fail_at(err, FAIL_SUPPORT, path, 0, 0,
                       "it has version %lld, of a newer lastwords; this one knows %d",
                       (long long)version, HISTORY_VERSION);
    if (version == HISTORY_VERSION)
        return true;
    if (mode == HISTORY_WRITE)
        return migrate(h->db, err);
    return fail_at(err, FAIL_SUPPORT, path, 0, 0,
                   "it has version %lld; the next run with --history brings it to %d",
                   (long long)version, HISTORY_VERSION);
}

struct history *history_open(const char *path, enum history_mode mode, struct err *err)
{
    char resolved[HISTORY_PATH];
    struct history *h = NULL;
    bool exists;

    if (!database_supported()) {
        fail(err, FAIL_SUPPORT, "this lastwords was built without SQLite, which a history needs");
        return NULL;
    }
    if (!history_file_check(path, resolved, &exists, err))
        return NULL;
    if (!exists && mode == HISTORY_READ) {
        fail_at(err, FAIL_IO, path, 0, 0, "there is no history yet; a run with --history makes it");
        return NULL;
    }
    if (!exists && !history_file_create(resolved, fill, err))
        return NULL;
    if (!(h = calloc(1, sizeof *h))) {
        fail(err, FAIL_LIMIT, "out of memory");
        return NULL;
    }
    h->db = database_open(resolved, mode == HISTORY_READ ? DATABASE_READ : DATABASE_WRITE, err);
    if (h->db && check_version(h, path, mode, err))
        return h;
    history_close(h);
    return NULL;
}

void history_close(struct history *h)
{
    if (!h)
        return;
    database_close(h->db);
    free(h);
}

/* --- a run ---------------------------------------------------------------------------------------
 */

enum statement {
    FIND_RUN,
    ADD_RUN,
    ADD_MACHINE,
    FIND_MACHINE,
    FORGET,
    ADD_LOOK,
    ADD_SUBJECT,
    FIND_SUBJECT,
    CAUSE_HERE,
    CAUSE_ELSEWHERE,
    CRASH_HERE,
    CRASH_ELSEWHERE,
    ADD_SIGHTING,
    STATEMENTS
};

/* Did an earlier run see it on this machine, or on another one? */
#define CAUSE(here)                                                                                \
    "SELECT 1 FROM sighting WHERE subject = ?1 AND machine " here " ?2 AND run < ?3 LIMIT 1"
#define CRASH(here)                                                                                \
    "SELECT 1 FROM subject s JOIN sighting g ON g.subject = s.id"                                  \
    " WHERE s.crash = 1 AND s.family = ?1 AND g.machine " here " ?2 AND g.run < ?3 LIMIT 1"

static const char *const statements[STATEMENTS] = {
    [FIND_RUN] = "SELECT id FROM run WHERE key = ?1",
    [ADD_RUN] = "INSERT INTO run(key, wall_us, tool_version, rules_sha256) VALUES (?1, ?2, ?3, ?4)",
    [ADD_MACHINE] = "INSERT INTO machine(source, ident, name) VALUES (?1, ?2, ?3)"
                    " ON CONFLICT DO UPDATE SET name = ?3 WHERE name <> ?3",
    [FIND_MACHINE] = "SELECT id FROM machine WHERE source = ?1 AND ident = ?2",
    [FORGET] = "DELETE FROM sighting WHERE machine = ?1 AND run = ?2",
    [ADD_LOOK] = "INSERT OR IGNORE INTO look(machine, run) VALUES (?1, ?2)",
    [ADD_SUBJECT] = "INSERT OR IGNORE INTO subject(crash, key, family, first_run)"
                    " VALUES (?1, ?2, ?3, ?4)",
    [FIND_SUBJECT] = "SELECT id FROM subject WHERE crash = ?1 AND key = ?2",
    [CAUSE_HERE] = CAUSE("="),
    [CAUSE_ELSEWHERE] = CAUSE("<>"),
    [CRASH_HERE] = CRASH("="),
    [CRASH_ELSEWHERE] = CRASH("<>"),
    [ADD_SIGHTING] = "INSERT INTO sighting(subject, machine, run, severity, role, count, title)"
                     " VALUES (?1, ?2, ?3, ?4, ?5, 1, ?6) ON CONFLICT DO UPDATE SET"
                     " severity = max(severity, ?4), role = min(role, ?5), count = count + 1",
};

struct writer {
    struct query *q[STATEMENTS];
    int64_t run;
};

static bool prepare(struct writer *w, struct database *db, struct err *err)
{
    for (size_t i = 0; i < STATEMENTS; i++)
        if (!(w->q[i] = query_new(db, statements[i], err)))
            return false;
    return true;
}

/* The row that `q` gives: its first column. False without one, which is then err->code FAIL_NONE.
 */
static bool take_id(struct query *q, int64_t *id, struct err *err)
{
    bool found = query_next(q, err);

    if (found && id)
        *id = query_int(q, 0);
    query_reset(q);
    return found;
}

/* *again: this run has written before. */
static bool add_run(struct writer *w, const struct cases *cases, const struct history_run *run,
                    bool *again, struct err *err)
{
    query_bind_str(w->q[FIND_RUN], 1, run->id);
    *again = take_id(w->q[FIND_RUN], &w->run, err);
    if (*again || err->code != FAIL_NONE)
        return *again;
    query_bind_str(w->q[ADD_RUN], 1, run->id);
    query_bind_int(w->q[ADD_RUN], 2, run->wall_us);
    query_bind_str(w->q[ADD_RUN], 3, cases->tool_version);
    query_bind_str(w->q[ADD_RUN], 4, cases->rules_sha256);
    if (!query_run(w->q[ADD_RUN], err))
        return false;
    query_bind_str(w->q[FIND_RUN], 1, run->id);
    return take_id(w->q[FIND_RUN], &w->run, err);
}

static bool add_machine(struct writer *w, const struct case_result *c, int64_t *machine,
                        struct err *err)
{
    struct query *add = w->q[ADD_MACHINE], *find = w->q[FIND_MACHINE], *look = w->q[ADD_LOOK];

    query_bind_str(add, 1, c->id_source);
    query_bind_str(add, 2, case_machine(c));
    query_bind_str(add, 3, c->name.n ? c->name : case_machine(c));
    if (!query_run(add, err))
        return false;
    query_bind_str(find, 1, c->id_source);
    query_bind_str(find, 2, case_machine(c));
    if (!take_id(find, machine, err))
        return false;
    query_bind_int(look, 1, *machine);
    query_bind_int(look, 2, w->run);
    return query_run(look, err);
}

/* What the same run said of this machine before. */
static bool forget(struct writer *w, const struct case_result *c, struct err *err)
{
    int64_t machine;

    if (c->result == RESULT_NOTHING_READ)
        return true;
    query_bind_str(w->q[FIND_MACHINE], 1, c->id_source);
    query_bind_str(w->q[FIND_MACHINE], 2, case_machine(c));
    if (!take_id(w->q[FIND_MACHINE], &machine, err))
        return err->code == FAIL_NONE;
    query_bind_int(w->q[FORGET], 1, machine);
    query_bind_int(w->q[FORGET], 2, w->run);
    return query_run(w->q[FORGET], err);
}

struct sight {
    bool crash;
    struct str key, family, title;
    enum severity severity;
    enum role role;
    bool known, elsewhere; /* what is found out */
};

static bool was_seen(struct writer *w, enum statement question, int64_t subject, int64_t machine,
                     const struct sight *s, struct err *err)
{
    struct query *q = w->q[question];

    if (s->crash)
        query_bind_str(q, 1, s->family);
    else
        query_bind_int(q, 1, subject);
    query_bind_int(q, 2, machine);
    query_bind_int(q, 3, w->run);
    return take_id(q, NULL, err);
}

static bool add_sighting(struct writer *w, int64_t machine, struct sight *s, struct err *err)
{
    struct query *subject = w->q[ADD_SUBJECT], *find = w->q[FIND_SUBJECT],
                 *add = w->q[ADD_SIGHTING];
    int64_t id;

    query_bind_int(subject, 1, s->crash);
    query_bind_str(subject, 2, s->key);
    query_bind_str(subject, 3, s->family);
    query_bind_int(subject, 4, w->run);
    if (!query_run(subject, err))
        return false;
    query_bind_int(find, 1, s->crash);
    query_bind_str(find, 2, s->key);
    if (!take_id(find, &id, err))
        return false;
    s->known = was_seen(w, s->crash ? CRASH_HERE : CAUSE_HERE, id, machine, s, err);
    if (err->code != FAIL_NONE)
        return false;
    s->elsewhere = !s->known &&
                   was_seen(w, s->crash ? CRASH_ELSEWHERE : CAUSE_ELSEWHERE, id, machine, s, err);
    if (err->code != FAIL_NONE)
        return false;
    query_bind_int(add, 1, id);
    query_bind_int(add, 2, machine);
    query_bind_int(add, 3, w->run);
    query_bind_int(add, 4, s->severity);
    query_bind_int(add, 5, s->role);
    query_bind_str(add, 6, s->title);
    return query_run(add, err);
}

static bool add_case(struct writer *w, struct case_result *c, struct err *err)
{
    int64_t machine;

    if (c->result == RESULT_NOTHING_READ)
        return true;
    if (!add_machine(w, c, &machine, err))
        return false;
    for (size_t i = 0; i < c->diagnoses.n; i++) {
        struct case_diagnosis *d = &c->diagnoses.p[i];
        struct sight s = {
            .key = d->rule, .title = d->title, .severity = d->severity, .role = d->role
        };

        if (d->role != ROLE_NOTE && !add_sighting(w, machine, &s, err))
            return false;
        d->known = s.known;
        d->elsewhere = s.elsewhere;
    }
    for (size_t i = 0; i < c->crashes.n; i++) {
        struct case_crash *crash = &c->crashes.p[i];
        struct sight s = { .crash = true,
                           .key = crash->exact,
                           .family = crash_family(crash),
                           .title = crash->title,
                           .role = crash->consequence ? ROLE_SYMPTOM : ROLE_ROOT };

        if (!add_sighting(w, machine, &s, err))
            return false;
        crash->known = s.known;
        crash->elsewhere = s.elsewhere;
    }
    return true;
}

static bool add_all(struct writer *w, struct cases *cases, const struct history_run *run,
                    struct err *err)
{
    bool again;

    if (!add_run(w, cases, run, &again, err))
        return false;
    for (size_t i = 0; again && i < cases->of.n; i++)
        if (!forget(w, &cases->of.p[i], err))
            return false;
    for (size_t i = 0; i < cases->of.n; i++)
        if (!add_case(w, &cases->of.p[i], err))
            return false;
    return true;
}

bool history_add(struct history *h, struct cases *cases, const struct history_run *run,
                 struct err *err)
{
    struct writer w = { .run = 0 };
    bool ok = prepare(&w, h->db, err) && database_run(h->db, "BEGIN IMMEDIATE", err);

    if (ok) {
        ok = add_all(&w, cases, run, err) && database_run(h->db, "COMMIT", err);
        if (!ok)
            database_run(h->db, "ROLLBACK", NULL);
    }
    for (size_t i = 0; i < STATEMENTS; i++)
        query_free(w.q[i]);
    return ok;
}

bool history_record(const char *path, struct cases *cases, const struct history_run *run,
                    struct err *err)
{
    struct history *h = history_open(path, HISTORY_WRITE, err);
    bool ok = h && history_add(h, cases, run, err);

    history_close(h);
    return ok;
}
