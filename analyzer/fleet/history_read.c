/* SPDX-License-Identifier: Apache-2.0 */
/* Questions to a history: what was seen, where, how often. The tables stand in history.c. */
#include "analyzer/core/clock.h"
#include "analyzer/fleet/history.h"
#include "analyzer/fleet/history_tables.h"

#include <string.h>

enum { SIGNATURE_DIGITS = 6 }; /* of a signature that may be named by its first ones */

/* The columns of an item; `machine` and `title` are what differs. */
#define ITEM(machine)                                                                              \
    "SELECT s.crash, s.key, s.family,"                                                             \
    " (SELECT t.title FROM sighting t WHERE t.subject = s.id ORDER BY t.run DESC LIMIT 1),"        \
    " " machine ", max(g.severity), min(g.role), count(DISTINCT g.machine),"                       \
    " count(DISTINCT g.run), sum(g.count), min(r.wall_us), max(r.wall_us),"                        \
    " count(DISTINCT CASE WHEN g.run = l.run THEN g.machine END)"                                  \
    " FROM sighting g JOIN subject s ON s.id = g.subject JOIN run r ON r.id = g.run"               \
    " JOIN machine m ON m.id = g.machine"                                                          \
    " JOIN (SELECT machine, max(run) AS run FROM look GROUP BY machine) l ON l.machine = "         \
    "g.machine"

#define LATEST_FIRST " ORDER BY max(g.run) DESC, min(g.role), max(g.severity) DESC, s.crash, s.key"

/*
 * A word against one sighting: a rule, a signature or the beginning of one, a machine. `?2` is how
 * many digits the word has, and 0 when it is too short to begin a signature.
 */
#define NAMED                                                                                      \
    "(s.key = ?1 OR (s.crash AND s.family = ?1) OR m.name = ?1 OR m.ident = ?1 OR"                 \
    " (s.crash AND ?2 > 0 AND (substr(s.key, 1, ?2) = ?1 OR substr(s.family, 1, ?2) = ?1)))"

static const char list_all[] = ITEM("''") " GROUP BY s.id" LATEST_FIRST;
static const char list_causes[] =
        ITEM("''") " GROUP BY s.id HAVING min(g.role) IN (?1, ?2)" LATEST_FIRST;
static const char show[] =
        ITEM("m.name") " WHERE " NAMED " GROUP BY s.id, m.id" LATEST_FIRST ", m.name";

/* What is new is counted by family; what was seen first on a machine is of the first run there. */
#define NAME_OF(subject)                                                                           \
    "(CASE WHEN " subject ".crash THEN " subject ".family ELSE " subject ".key END)"

/* The Thursday of a week says which year the week is of (ISO 8601): 2026-01-01 is in 2026-W01. */
#define TIME "wall_us / 1000000, 'unixepoch'"
#define THURSDAY TIME ", '-3 days', 'weekday 4'"

#define TREND(name, number)                                                                        \
    "WITH spans AS (SELECT id, coalesce(" name ", '') AS span, " number " AS number FROM run),"    \
    " firsts AS (SELECT s.crash, " NAME_OF(                                                        \
            "s") " AS name, g.machine, min(g.run) AS run"                                          \
                 "  FROM sighting g JOIN subject s ON s.id = g.subject GROUP BY 1, 2, 3),"         \
                 " seen AS (SELECT g.*, s.crash, f.name, f.run AS first_here FROM sighting g"      \
                 "  JOIN subject s ON s.id = g.subject JOIN machine m ON m.id = g.machine"         \
                 "  JOIN firsts f ON f.crash = s.crash AND f.name = " NAME_OF(                     \
                         "s") "  AND f.machine = g.machine"                                        \
                              "  WHERE g.role IN (?3, ?4) AND (?1 = '' OR " NAMED "))"             \
                              " SELECT d.span, d.number, count(DISTINCT d.id),"                    \
                              " (SELECT count(DISTINCT l.machine) FROM look l JOIN spans e ON "    \
                              "e.id = l.run"                                                       \
                              "  WHERE e.span = d.span),"                                          \
                              " count(DISTINCT g.machine), count(DISTINCT CASE WHEN NOT g.crash "  \
                              "THEN g.subject END),"                                               \
                              " count(DISTINCT CASE WHEN g.crash THEN g.subject END),"             \
                              " count(DISTINCT CASE WHEN g.first_here = g.run"                     \
                              "  THEN g.crash || ' ' || g.name || ' ' || g.machine END)"           \
                              " FROM spans d LEFT JOIN seen g ON g.run = d.id GROUP BY d.span "    \
                              "ORDER BY d.number, d.span"

/* By the name of a period and its number, which is one more in the next; 1970 began a Thursday. */
static const char *const trends[] = {
    [HISTORY_DAY] = TREND("date(" TIME ")", "wall_us / 86400000000"),
    [HISTORY_WEEK] = TREND("strftime('%Y', " THURSDAY
                           ") || printf('-W%02d', (strftime('%j', " THURSDAY ") + 6) / 7)",
                           "(wall_us / 86400000000 + 3) / 7"),
    [HISTORY_MONTH] = TREND("strftime('%Y-%m', " TIME ")",
                            "strftime('%Y', " TIME ") * 12 + strftime('%m', " TIME ")"),
};

static uint64_t count_at(struct query *q, int column)
{
    int64_t n = query_int(q, column);

    return n > 0 ? (uint64_t)n : 0;
}

static bool take_item(struct query *q, struct arena *arena, struct history_items *out,
                      struct err *err)
{
    struct history_item *item = vec_push(arena, out);

    if (!item)
        return fail(err, FAIL_LIMIT, "out of memory");
    *item = (struct history_item){ .crash = query_int(q, 0) != 0,
                                   .key = arena_str(arena, query_str(q, 1)),
                                   .family = arena_str(arena, query_str(q, 2)),
                                   .title = arena_str(arena, query_str(q, 3)),
                                   .machine = arena_str(arena, query_str(q, 4)),
                                   .machines = count_at(q, 7),
                                   .runs = count_at(q, 8),
                                   .count = count_at(q, 9),
                                   .first_us = query_int(q, 10),
                                   .last_us = query_int(q, 11),
                                   .present = count_at(q, 12) };
    /* What a damaged or forged file says is no index into our tables. */
    item->severity = (enum severity)(count_at(q, 5) % SEVERITY_COUNT);
    item->role = count_at(q, 6) <= ROLE_NOTE ? (enum role)count_at(q, 6) : ROLE_NOTE;
    return true;
}

static bool take_items(struct query *q, struct arena *arena, struct history_items *out,
                       struct err *err)
{
    while (query_next(q, err))
        if (!take_item(q, arena, out, err))
            break;
    query_free(q);
    return err->code == FAIL_NONE;
}

bool history_list(struct history *h, bool all, struct arena *arena, struct history_items *out,
                  struct err *err)
{
    struct query *q = query_new(h->db, all ? list_all : list_causes, err);

    if (!q)
        return false;
    if (!all) {
        query_bind_int(q, 1, ROLE_ROOT);
        query_bind_int(q, 2, ROLE_CONTRIBUTING);
    }
    return take_items(q, arena, out, err);
}

static void bind_word(struct query *q, struct str word)
{
    bool digits = word.n >= SIGNATURE_DIGITS;

    for (size_t i = 0; i < word.n; i++)
        digits = digits && char_hex(word.p[i]) >= 0;
    query_bind_str(q, 1, word);
    query_bind_int(q, 2, digits ? (int64_t)word.n : 0);
}

bool history_show(struct history *h, struct str word, struct arena *arena,
                  struct history_items *out, struct err *err)
{
    struct query *q = query_new(h->db, show, err);

    if (!q)
        return false;
    bind_word(q, word);
    return take_items(q, arena, out, err);
}

bool history_machines(struct history *h, struct arena *arena, struct history_machines *out,
                      struct err *err)
{
    struct query *q = query_new(h->db, "SELECT ident, name FROM machine ORDER BY id", err);

    if (!q)
        return false;
    while (query_next(q, err)) {
        struct history_machine *m = vec_push(arena, out);

        if (!m) {
            fail(err, FAIL_LIMIT, "out of memory");
            break;
        }
        *m = (struct history_machine){ arena_str(arena, query_str(q, 0)),
                                       arena_str(arena, query_str(q, 1)) };
    }
    query_free(q);
    return err->code == FAIL_NONE;
}

bool history_trend(struct history *h, struct str word, enum history_by by, struct arena *arena,
                   struct history_periods *out, struct err *err)
{
    struct query *q = query_new(h->db, trends[by], err);
    struct history_period *period;

    if (!q)
        return false;
    bind_word(q, word);
    query_bind_int(q, 3, ROLE_ROOT);
    query_bind_int(q, 4, ROLE_CONTRIBUTING);
    while (query_next(q, err)) {
        if (!(period = vec_push(arena, out))) {
            fail(err, FAIL_LIMIT, "out of memory");
            break;
        }
        *period = (struct history_period){ .name = arena_str(arena, query_str(q, 0)),
                                           .number = query_int(q, 1),
                                           .runs = count_at(q, 2),
                                           .machines = count_at(q, 3),
                                           .failing = count_at(q, 4),
                                           .causes = count_at(q, 5),
                                           .crashes = count_at(q, 6),
                                           .fresh = count_at(q, 7) };
    }
    query_free(q);
    return err->code == FAIL_NONE;
}
