/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file with tables in it: as much of SQLite as history needs, in our words. The file is written
 * ahead to a log (WAL) and synced at every commit, so that a process that is killed loses nothing
 * that was committed and leaves nothing by halves; writers wait for each other.
 */
#pragma once

#include "analyzer/core/err.h"

struct database;
struct query;

/* How long a writer waits for the others: eight that write ten thousand rows each need seconds. */
enum { DATABASE_WAIT_MS = 60000 };

enum database_mode { DATABASE_READ, DATABASE_WRITE };

/* Can this build do any of it? */
bool database_supported(void);

/* The file must be there and `path` hold no link. NULL on failure, with *err, which names the file.
 */
struct database *database_open(const char *path, enum database_mode mode, struct err *err);
void database_close(struct database *db);

/* Statements without results, one or several. */
bool database_run(struct database *db, const char *sql, struct err *err);

/* One statement with parameters ?1, ?2 …; NULL on failure. May be used again after a reset. */
struct query *query_new(struct database *db, const char *sql, struct err *err);
void query_free(struct query *q);

/* `s` must stay until the query was reset or freed. TIME_UNKNOWN is stored as no value. */
void query_bind_str(struct query *q, int at, struct str s);
void query_bind_int(struct query *q, int at, int64_t value);

/* Is there one more row? False with err->code FAIL_NONE: no; with another code: it failed. */
bool query_next(struct query *q, struct err *err);

/* Back to the start, parameters unset. */
void query_reset(struct query *q);

/* Runs a statement that gives no rows, and resets it. */
bool query_run(struct query *q, struct err *err);

/* Columns of the row, from 0; the text is valid until the next row. No value is TIME_UNKNOWN. */
struct str query_str(struct query *q, int column);
int64_t query_int(struct query *q, int column);
