/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The process that writes; see history_writer.h. What goes through the pipes is in this machine's
 * byte order: numbers of 8 bytes, texts behind their length, the request behind its own, so that
 * one whose sender died half-way is seen as such. An answer is a verdict: 'y', or 'n' and a struct
 * err; behind the second 'y' stands one byte per diagnosis and crash: known here ('h'),
 * elsewhere ('e') or nowhere ('n').
 */
#include "analyzer/fleet/history_writer.h"

#include "analyzer/core/io.h"
#include "reports/out.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { REQUEST_BYTES = 64 << 20 };

struct history_writer {
    pid_t pid;
    int to, from;
};

/* --- bytes ---------------------------------------------------------------------------------------
 */

static void put_int(struct out *o, int64_t value)
{
    out_raw(o, (struct str){ (const char *)&value, sizeof value });
}

static void put_str(struct out *o, struct str s)
{
    put_int(o, (int64_t)s.n);
    out_raw(o, s);
}

static bool take_int(struct str *in, int64_t *value)
{
    if (in->n < sizeof *value)
        return false;
    memcpy(value, in->p, sizeof *value);
    *in = str_from_at(*in, sizeof *value);
    return true;
}

static bool take_str(struct str *in, struct str *s)
{
    int64_t n;

    if (!take_int(in, &n) || n < 0 || (uint64_t)n > in->n)
        return false;
    *s = str_first(*in, (size_t)n);
    *in = str_from_at(*in, (size_t)n);
    return true;
}

/* --- the request ---------------------------------------------------------------------------------
 */

static void put_case(struct out *o, const struct case_result *c)
{
    put_str(o, c->id_source);
    put_str(o, case_machine(c));
    put_str(o, c->name);
    put_int(o, (int64_t)c->diagnoses.n);
    for (size_t i = 0; i < c->diagnoses.n; i++) {
        put_str(o, c->diagnoses.p[i].rule);
        put_str(o, c->diagnoses.p[i].title);
        put_int(o, c->diagnoses.p[i].severity);
        put_int(o, c->diagnoses.p[i].role);
    }
    put_int(o, (int64_t)c->crashes.n);
    for (size_t i = 0; i < c->crashes.n; i++) {
        put_str(o, c->crashes.p[i].exact);
        put_str(o, c->crashes.p[i].family);
        put_str(o, c->crashes.p[i].title);
        put_int(o, c->crashes.p[i].consequence);
    }
}

static bool take_diagnosis(struct str *in, struct case_diagnosis *d)
{
    int64_t severity, role;

    if (!take_str(in, &d->rule) || !take_str(in, &d->title) || !take_int(in, &severity) ||
        !take_int(in, &role) || severity < 0 || severity >= SEVERITY_COUNT || role < 0 ||
        role > ROLE_NOTE)
        return false;
    d->severity = (enum severity)severity;
    d->role = (enum role)role;
    return true;
}

static bool take_crash(struct str *in, struct case_crash *crash)
{
    int64_t consequence;

    if (!take_str(in, &crash->exact) || !take_str(in, &crash->family) ||
        !take_str(in, &crash->title) || !take_int(in, &consequence))
        return false;
    crash->consequence = consequence != 0;
    return true;
}

static bool take_case(struct str *in, struct arena *arena, struct case_result *c)
{
    struct case_diagnosis *d;
    struct case_crash *crash;
    int64_t n;

    if (!take_str(in, &c->id_source) || !take_str(in, &c->id) || !take_str(in, &c->name) ||
        !take_int(in, &n))
        return false;
    for (int64_t i = 0; i < n; i++)
        if (!(d = vec_push(arena, &c->diagnoses)) || !take_diagnosis(in, d))
            return false;
    if (!take_int(in, &n))
        return false;
    for (int64_t i = 0; i < n; i++)
        if (!(crash = vec_push(arena, &c->crashes)) || !take_crash(in, crash))
            return false;
    return true;
}

static void put_request(struct out *o, const struct cases *cases, const struct history_run *run)
{
    put_str(o, run->id);
    put_int(o, run->wall_us);
    put_str(o, cases->tool_version);
    put_str(o, cases->rules_sha256);
    put_int(o, (int64_t)cases->of.n);
    for (size_t i = 0; i < cases->of.n; i++)
        put_case(o, &cases->of.p[i]);
}

static bool take_request(struct str in, struct cases *cases, struct history_run *run)
{
    struct case_result *c;
    int64_t n;

    if (!take_str(&in, &run->id) || !take_int(&in, &run->wall_us) ||
        !take_str(&in, &cases->tool_version) || !take_str(&in, &cases->rules_sha256) ||
        !take_int(&in, &n))
        return false;
    for (int64_t i = 0; i < n; i++)
        if (!(c = vec_push(&cases->arena, &cases->of)) || !take_case(&in, &cases->arena, c))
            return false;
    return in.n == 0;
}

/* --- the other process ---------------------------------------------------------------------------
 */

static void answer(int fd, bool ok, const struct err *err)
{
    if (io_write_all(fd, ok ? "y" : "n", 1) && !ok)
        io_write_all(fd, err, sizeof *err);
}

/* The request, or an empty string when its sender has none or died in it. */
static struct str read_request(int fd, struct arena *arena)
{
    struct str in = { 0 };
    uint64_t n;
    char *p;

    if (!io_read_all(fd, &n, sizeof n) || n > REQUEST_BYTES ||
        !(p = arena_new(arena, char, n + 1)) || !io_read_all(fd, p, n))
        return in;
    return (struct str){ p, (size_t)n };
}

static void answer_seen(int fd, bool known, bool elsewhere)
{
    io_write_all(fd, known ? "h" : elsewhere ? "e" : "n", 1);
}

static void answer_known(int fd, const struct cases *cases)
{
    for (size_t i = 0; i < cases->of.n; i++) {
        const struct case_result *c = &cases->of.p[i];

        for (size_t k = 0; k < c->diagnoses.n; k++)
            answer_seen(fd, c->diagnoses.p[k].known, c->diagnoses.p[k].elsewhere);
        for (size_t k = 0; k < c->crashes.n; k++)
            answer_seen(fd, c->crashes.p[k].known, c->crashes.p[k].elsewhere);
    }
}

static void serve(const char *path, int in, int out)
{
    struct err err = { 0 };
    struct history *h = history_open(path, HISTORY_WRITE, &err);
    struct cases *cases = cases_new();
    struct history_run run = { 0 };
    struct str request;

    answer(out, h != NULL, &err);
    request = h && cases ? read_request(in, &cases->arena) : (struct str){ 0 };
    if (request.n) {
        bool ok = take_request(request, cases, &run)
                          ? history_add(h, cases, &run, &err)
                          : fail(&err, FAIL_LIMIT, "the run is too large for a history");

        answer(out, ok, &err);
        if (ok)
            answer_known(out, cases);
    }
    cases_free(cases);
    history_close(h);
}

/* --- this process --------------------------------------------------------------------------------
 */

static bool read_answer(struct history_writer *w, struct err *err)
{
    char verdict = 'n';
    struct err theirs;

    if (!io_read_all(w->from, &verdict, 1) ||
        (verdict != 'y' && !io_read_all(w->from, &theirs, sizeof theirs)))
        return fail(err, FAIL_IO, "the process that writes the history went away");
    if (verdict != 'y' && err)
        *err = theirs;
    return verdict == 'y';
}

static bool read_seen(struct history_writer *w, bool *known, bool *elsewhere)
{
    char seen = 'n';
    bool ok = io_read_all(w->from, &seen, 1);

    *known = seen == 'h';
    *elsewhere = seen == 'e';
    return ok;
}

static bool read_known(struct history_writer *w, struct cases *cases, struct err *err)
{
    bool ok = true;

    for (size_t i = 0; i < cases->of.n; i++) {
        struct case_result *c = &cases->of.p[i];

        for (size_t k = 0; ok && k < c->diagnoses.n; k++)
            ok = read_seen(w, &c->diagnoses.p[k].known, &c->diagnoses.p[k].elsewhere);
        for (size_t k = 0; ok && k < c->crashes.n; k++)
            ok = read_seen(w, &c->crashes.p[k].known, &c->crashes.p[k].elsewhere);
    }
    return ok || fail(err, FAIL_IO, "the process that writes the history went away");
}

struct history_writer *history_writer_start(const char *path, struct err *err)
{
    struct history_writer *w = calloc(1, sizeof *w);
    int to[2], from[2];

    if (!w || pipe2(to, O_CLOEXEC) != 0) {
        fail_sys(err, errno, NULL, "no pipe for the history");
        free(w);
        return NULL;
    }
    if (pipe2(from, O_CLOEXEC) == 0) {
        w->pid = fork();
        if (w->pid == 0) {
            close(to[1]);
            close(from[0]);
            serve(path, to[0], from[1]);
            _exit(0);
        }
        close(from[1]);
    } else {
        w->pid = -1;
        from[0] = -1;
    }
    close(to[0]);
    w->to = to[1];
    w->from = from[0];
    if (w->pid < 0)
        fail_sys(err, errno, NULL, "no process for the history");
    else if (read_answer(w, err))
        return w;
    history_writer_end(w);
    return NULL;
}

bool history_writer_add(struct history_writer *w, struct cases *cases,
                        const struct history_run *run, struct err *err)
{
    struct out *o = out_new_memory();
    struct str bytes;
    uint64_t n;
    bool ok;

    if (!o)
        return fail(err, FAIL_LIMIT, "out of memory");
    put_request(o, cases, run);
    bytes = out_bytes(o);
    n = bytes.n;
    ok = n <= REQUEST_BYTES
                 ? io_write_all(w->to, &n, sizeof n) && io_write_all(w->to, bytes.p, bytes.n)
                 : fail(err, FAIL_LIMIT, "the run is too large for a history");
    if (!ok && n <= REQUEST_BYTES)
        fail(err, FAIL_IO, "the process that writes the history went away");
    out_free(o);
    return ok && read_answer(w, err) && read_known(w, cases, err);
}

void history_writer_end(struct history_writer *w)
{
    if (!w)
        return;
    close(w->to);
    if (w->from >= 0)
        close(w->from);
    while (w->pid > 0 && waitpid(w->pid, NULL, 0) < 0 && errno == EINTR)
        continue;
    free(w);
}
