/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parent of the workers: starts them in the order of the list, takes their results as they
 * come, checks each by reading it back, and puts it at its case's place.
 */
#include "analyzer/fleet/scan.h"

#include "analyzer/core/limits.h"
#include "analyzer/fleet/case_read.h"

#include <errno.h>
#include <poll.h>

enum { PROGRESS_MS = 100 };

struct scan {
    const struct case_list *list;
    const struct scan_options *o;
    struct cases *cases;
    struct case_store *store;
    struct arena arena;
    struct worker *workers; /* o->jobs of them */
    struct pollfd *polled;
    struct out *scratch;
    size_t next; /* case to start */
    int64_t started_ms, told_ms;
    struct scan_state state;
    struct err *err;
};

static bool keep(struct scan *s, size_t index, struct str ndjson)
{
    struct case_result *c = &s->cases->of.p[index];

    s->state.done++;
    s->state.bytes += s->list->p[index].bytes;
    s->state.found += case_cause(c) != NULL || case_first_crash(c) != NULL;
    s->state.failed += c->exit_code == 3;
    return !s->store || case_store_put(s->store, index, ndjson, s->err);
}

/* In place of a result that did not come or cannot be used. */
static bool keep_failure(struct scan *s, size_t index, const char *why)
{
    struct case_result *c = &s->cases->of.p[index];

    out_clear(s->scratch);
    worker_write_failure(s->scratch, &s->list->p[index], &s->o->worker, why);
    return case_read(s->cases, out_bytes(s->scratch), c, s->err) &&
           keep(s, index, out_bytes(s->scratch));
}

/* A worker that read what a stranger wrote is a stranger: its result is read like any input. */
static bool take_result(struct scan *s, struct worker *w)
{
    struct case_result *c = &s->cases->of.p[w->index];
    struct err err;

    if (!worker_finish(w, &err))
        return keep_failure(s, w->index, err.text);
    if (case_read(s->cases, out_bytes(w->bytes), c, &err))
        return keep(s, w->index, out_bytes(w->bytes));
    if (err.code == FAIL_LIMIT) {
        *s->err = err;
        return false;
    }
    fail_wrap(&err, "its worker sent an unusable result");
    return keep_failure(s, w->index, err.text);
}

static bool start_workers(struct scan *s)
{
    for (unsigned i = 0; i < s->o->jobs && s->next < s->list->n; i++) {
        struct worker *w = &s->workers[i];

        if (w->pid)
            continue;
        w->index = s->next++;
        if (!worker_start(w, &s->list->p[w->index], &s->o->worker, s->err))
            return false;
    }
    return true;
}

/* Milliseconds until something is due, whether or not bytes come. */
static int next_event(struct scan *s)
{
    int64_t now = worker_now_ms(), wait = s->o->progress ? PROGRESS_MS : 1000;

    for (unsigned i = 0; i < s->o->jobs; i++) {
        struct worker *w = &s->workers[i];

        if (!w->pid)
            continue;
        if (now >= w->deadline_ms && !w->late) {
            w->late = true;
            worker_kill(w);
        }
        if (!w->late && w->deadline_ms - now < wait)
            wait = w->deadline_ms - now;
    }
    return (int)(wait > 0 ? wait : 1);
}

static void tell(struct scan *s)
{
    int64_t now;

    if (!s->o->progress)
        return;
    now = worker_now_ms();
    if (now - s->told_ms < PROGRESS_MS)
        return;
    s->told_ms = now;
    s->state.elapsed_ms = now - s->started_ms;
    s->o->progress(s->o->ctx, &s->state);
}

/* Waits until a worker has something and takes it. */
static bool step(struct scan *s)
{
    for (unsigned i = 0; i < s->o->jobs; i++)
        s->polled[i] = (struct pollfd){ .fd = s->workers[i].pid ? s->workers[i].fd : -1,
                                        .events = POLLIN };
    if (poll(s->polled, s->o->jobs, next_event(s)) < 0 && errno != EINTR)
        return fail_sys(s->err, errno, "", "cannot wait for workers");
    for (unsigned i = 0; i < s->o->jobs; i++) {
        struct worker *w = &s->workers[i];

        if (!w->pid || !(s->polled[i].revents & (POLLIN | POLLHUP | POLLERR)))
            continue;
        if (!worker_read(w) && !take_result(s, w))
            return false;
    }
    tell(s);
    return true;
}

static bool run(struct scan *s)
{
    while (s->state.done < s->list->n) {
        if (!start_workers(s) || !step(s))
            return false;
    }
    return true;
}

static void end_workers(struct scan *s)
{
    for (unsigned i = 0; i < s->o->jobs; i++) {
        struct err ignored;

        if (s->workers[i].pid) {
            worker_kill(&s->workers[i]);
            worker_finish(&s->workers[i], &ignored);
        }
        out_free(s->workers[i].bytes);
    }
}

static bool prepare(struct scan *s)
{
    size_t n = s->list->n;

    for (size_t i = 0; i < n; i++)
        s->state.bytes_of += s->list->p[i].bytes;
    s->state.of = n;
    s->workers = arena_new(&s->arena, struct worker, s->o->jobs);
    s->polled = arena_new(&s->arena, struct pollfd, s->o->jobs);
    s->scratch = out_new_memory();
    s->cases->of.p = arena_new(&s->cases->arena, struct case_result, n ? n : 1);
    s->cases->of.n = s->cases->of.cap = s->cases->of.p ? n : 0;
    return (s->workers && s->polled && s->scratch && s->cases->of.p) ||
           fail(s->err, FAIL_LIMIT, "out of memory");
}

bool scan_run(const struct case_list *list, const struct scan_options *o, struct cases *cases,
              struct case_store *store, struct err *err)
{
    struct scan s = { .list = list, .o = o, .cases = cases, .store = store, .err = err };
    bool ok;

    s.started_ms = s.told_ms = worker_now_ms();
    cases->tool_version = arena_str(&cases->arena, o->worker.tool_version);
    cases->rules_sha256 = arena_str(&cases->arena, ruleset_sha256(o->worker.rules));
    cases->rules_count = ruleset_count(o->worker.rules);
    ok = prepare(&s) && run(&s);
    if (s.workers)
        end_workers(&s);
    out_free(s.scratch);
    arena_done(&s.arena);
    return ok;
}
