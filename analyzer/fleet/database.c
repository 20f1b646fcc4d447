/* SPDX-License-Identifier: Apache-2.0 */
/* SQLite behind database.h: the only file that includes its header. */
#include "analyzer/fleet/database.h"

#include "analyzer/core/clock.h"

#ifdef HAVE_SQLITE3

#include <sqlite3.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

struct database {
    sqlite3 *handle;
    char file[256];
};

struct query {
    struct database *db;
    sqlite3_stmt *statement;
    int bind_result; /* the first that failed */
};

/* What SQLite's words leave a reader alone with. */
static const struct {
    int code;
    enum fail fail;
    const char *text;
} meanings[] = {
    { SQLITE_BUSY, FAIL_IO, "other processes have held it for a minute" },
    { SQLITE_LOCKED, FAIL_IO, "other processes hold it" },
    { SQLITE_FULL, FAIL_IO, "no room is left where it lies; nothing of this run was written" },
    { SQLITE_READONLY, FAIL_IO, "it may not be written to" },
    { SQLITE_CORRUPT, FAIL_FORMAT, "it is damaged; move it away, or restore it from a backup" },
    { SQLITE_NOTADB, FAIL_FORMAT, "it is no history: no SQLite database" },
    { SQLITE_CANTOPEN, FAIL_IO,
      "it, or the files -wal and -shm beside it, cannot be opened: it has to lie in a directory "
      "that is "
      "there and that its user may write to" },
    { SQLITE_IOERR, FAIL_IO, "it cannot be read or written" },
    { SQLITE_NOMEM, FAIL_LIMIT, "out of memory" },
};

/* Disks and quotas fill up in more ways than SQLite has a code for. */
static bool no_room(int sys)
{
    return sys == ENOSPC || sys == EDQUOT || sys == EFBIG;
}

static bool refuse(const struct database *db, int code, struct err *err)
{
    const char *text = db->handle ? sqlite3_errmsg(db->handle) : sqlite3_errstr(code);
    enum fail what = FAIL_IO;
    bool known = false;

    if ((code & 0xff) == SQLITE_IOERR && no_room(sqlite3_system_errno(db->handle)))
        code = SQLITE_FULL;
    for (size_t i = 0; !known && i < sizeof meanings / sizeof meanings[0]; i++) {
        known = meanings[i].code == (code & 0xff);
        if (known) {
            text = meanings[i].text;
            what = meanings[i].fail;
        }
    }
    fail_at(err, what, db->file, 0, 0, "%s", text);
    if (err && db->handle && what == FAIL_IO)
        err->sys = sqlite3_system_errno(db->handle);
    return false;
}

bool database_supported(void)
{
    return true;
}

/* A schema that a stranger wrote gets no functions to call and no way to harm the file. */
static bool settle(struct database *db, enum database_mode mode, struct err *err)
{
    static const char common[] = "PRAGMA trusted_schema=OFF; PRAGMA temp_store=MEMORY;"
                                 "PRAGMA cell_size_check=ON; PRAGMA synchronous=FULL;";

    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_busy_timeout(db->handle, DATABASE_WAIT_MS);
    sqlite3_extended_result_codes(db->handle, 0);
    return database_run(db, common, err) &&
           (mode != DATABASE_READ || database_run(db, "PRAGMA query_only=ON", err));
}

struct database *database_open(const char *path, enum database_mode mode, struct err *err)
{
    struct database *db = calloc(1, sizeof *db);
    int code;

    if (!db) {
        fail(err, FAIL_LIMIT, "out of memory");
        return NULL;
    }
    snprintf(db->file, sizeof db->file, "%s", path);
    /* Reading, too, takes part in the locking, which writes beside the file where it may. */
    code = sqlite3_open_v2(path, &db->handle,
                           SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX,
                           NULL);
    if (code != SQLITE_OK)
        refuse(db, code, err);
    else if (settle(db, mode, err))
        return db;
    database_close(db);
    return NULL;
}

void database_close(struct database *db)
{
    if (!db)
        return;
    sqlite3_close(db->handle);
    free(db);
}

bool database_run(struct database *db, const char *sql, struct err *err)
{
    int code = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);

    return code == SQLITE_OK || refuse(db, code, err);
}

struct query *query_new(struct database *db, const char *sql, struct err *err)
{
    struct query *q = calloc(1, sizeof *q);
    int code;

    if (!q) {
        fail(err, FAIL_LIMIT, "out of memory");
        return NULL;
    }
    q->db = db;
    code = sqlite3_prepare_v2(db->handle, sql, -1, &q->statement, NULL);
    if (code == SQLITE_OK)
        return q;
    refuse(db, code, err);
    free(q);
    return NULL;
}

void query_free(struct query *q)
{
    if (!q)
        return;
    sqlite3_finalize(q->statement);
    free(q);
}

static void note_bind(struct query *q, int code)
{
    if (q->bind_result == SQLITE_OK)
        q->bind_result = code;
}

void query_bind_str(struct query *q, int at, struct str s)
{
    note_bind(q, sqlite3_bind_text64(q->statement, at, s.n ? s.p : "", s.n, SQLITE_STATIC,
                                     SQLITE_UTF8));
}

void query_bind_int(struct query *q, int at, int64_t value)
{
    note_bind(q, value == TIME_UNKNOWN ? sqlite3_bind_null(q->statement, at)
                                       : sqlite3_bind_int64(q->statement, at, value));
}

bool query_next(struct query *q, struct err *err)
{
    int code = q->bind_result == SQLITE_OK ? sqlite3_step(q->statement) : q->bind_result;

    if (err)
        err->code = FAIL_NONE;
    if (code == SQLITE_ROW)
        return true;
    return code == SQLITE_DONE ? false : refuse(q->db, code, err);
}

void query_reset(struct query *q)
{
    sqlite3_reset(q->statement);
    sqlite3_clear_bindings(q->statement);
    q->bind_result = SQLITE_OK;
}

bool query_run(struct query *q, struct err *err)
{
    struct err own;

    while (query_next(q, &own))
        continue;
    query_reset(q);
    if (own.code == FAIL_NONE)
        return true;
    if (err)
        *err = own;
    return false;
}

struct str query_str(struct query *q, int column)
{
    const unsigned char *p = sqlite3_column_text(q->statement, column);

    return (struct str){ (const char *)p,
                         p ? (size_t)sqlite3_column_bytes(q->statement, column) : 0 };
}

int64_t query_int(struct query *q, int column)
{
    return sqlite3_column_type(q->statement, column) == SQLITE_NULL
                   ? TIME_UNKNOWN
                   : sqlite3_column_int64(q->statement, column);
}

#else

/* A build without SQLite: nothing can be opened, so nothing else is ever called. */

bool database_supported(void)
{
    return false;
}

struct database *database_open(const char *path, enum database_mode mode, struct err *err)
{
    (void)mode;
    fail_at(err, FAIL_SUPPORT, path, 0, 0, "this lastwords was built without SQLite");
    return NULL;
}

void database_close(struct database *db)
{
    (void)db;
}

bool database_run(struct database *db, const char *sql, struct err *err)
{
    (void)db;
    (void)sql;
    return fail(err, FAIL_SUPPORT, "this lastwords was built without SQLite");
}

struct query *query_new(struct database *db, const char *sql, struct err *err)
{
    database_run(db, sql, err);
    return NULL;
}

void query_free(struct query *q)
{
    (void)q;
}

void query_bind_str(struct query *q, int at, struct str s)
{
    (void)q;
    (void)at;
    (void)s;
}

void query_bind_int(struct query *q, int at, int64_t value)
{
    (void)q;
    (void)at;
    (void)value;
}

bool query_next(struct query *q, struct err *err)
{
    (void)q;
    return fail(err, FAIL_SUPPORT, "this lastwords was built without SQLite");
}

void query_reset(struct query *q)
{
    (void)q;
}

bool query_run(struct query *q, struct err *err)
{
    return query_next(q, err);
}

struct str query_str(struct query *q, int column)
{
    (void)q;
    (void)column;
    return (struct str){ 0 };
}

int64_t query_int(struct query *q, int column)
{
    (void)q;
    (void)column;
    return TIME_UNKNOWN;
}

#endif
