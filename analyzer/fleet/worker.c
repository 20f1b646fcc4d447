/* SPDX-License-Identifier: Apache-2.0 */
/* A case in a process of its own; see worker.h. */
#include "analyzer/fleet/worker.h"

#include "analyzer/core/io.h"
#include "analyzer/core/limits.h"
#include "parsers/walk.h"
#include "reports/report.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* How a worker ends: any other code than fine says that its result is no result. */
enum { WORKER_FINE, WORKER_NO_MEMORY = 10, WORKER_UNCONFINED, WORKER_UNWRITTEN };

static unsigned seconds_for(const struct scan_case *c, const struct worker_options *o)
{
    uint64_t s = LIMIT_WORKER_SECONDS + c->bytes / LIMIT_WORKER_SECOND_BYTES;

    if (o->timeout_s)
        return o->timeout_s;
    return s < UINT32_MAX / 2 ? (unsigned)s : UINT32_MAX / 2;
}

static void limit(int resource, uint64_t amount)
{
    setrlimit((__rlimit_resource_t)resource, &(struct rlimit){ amount, amount });
}

/*
 * Nothing of the parent's is left to a worker but the rules and its own pipe: not the files that
 * reports are written to, not the pipes of other workers. Symbols (--vmlinux) are open files that
 * it needs; only then they all stay.
 */
static int leave_only(int fd, bool keep)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);

    if (null >= 0) {
        dup2(null, STDIN_FILENO);
        dup2(null, STDOUT_FILENO);
    }
    if (keep)
        return fd;
    fd = dup2(fd, 3);
#ifdef SYS_close_range
    if (syscall(SYS_close_range, 4u, ~0u, 0u) == 0)
        return fd;
#endif
    for (int other = 4; other < 4096; other++)
        close(other);
    return fd;
}

/* --worker-fault WHAT:PATH, so that tests see what becomes of a scan whose workers fail. */
static void play_fault(const struct scan_case *c, const struct worker_options *o, int fd)
{
    static const char half[] = "{\"type\":\"header\",\"schema\":\"lastwords/1\"",
                      junk[] = "\0\xff}{\n";
    static const char zeros[65536];
    struct str fault = str_from(o->fault), what;

    if (!o->fault || !str_take_until(&fault, ':', &what) || !str_eq(fault, c->path))
        return;
    if (str_eq(what, STR("kill")))
        raise(SIGKILL);
    while (str_eq(what, STR("hang")))
        pause();
    if (str_eq(what, STR("cut")) && write(fd, half, sizeof half - 1) > 0)
        _exit(WORKER_FINE);
    if (str_eq(what, STR("junk")) && write(fd, junk, sizeof junk - 1) > 0)
        _exit(WORKER_FINE);
    while (str_eq(what, STR("flood")) && write(fd, zeros, sizeof zeros) > 0)
        ;
}

/* As a single run judges, but losses outrank: one of many cases need not have any answer. */
static int judge(const struct analysis *a)
{
    for (size_t i = 0; i < a->notes.n; i++)
        if (note_is_loss(a->notes.p[i].code))
            return 3;
    return a->result == RESULT_NOTHING_READ ? 2 : 0;
}

static bool write_result(struct out *out, const struct analysis *a, const struct worker_options *o)
{
    struct report_options how = { .exit_code = judge(a), .tool_version = o->tool_version };
    struct err err;

    report_find(STR("ndjson"))->write(out, a, &how);
    return out_flush(out, &err);
}

/*
 * A directory names the machine when all of it is the case. Where ten thousand machines have their
 * logs in one directory, the file does.
 */
static void settle_identity(struct analysis *a, const struct scan_case *c)
{
    struct str base = walk_base(c->path);
    struct identity *id = &a->identity;

    if (!str_eq(id->source, STR("directory")) || str_eq(id->id, c->path) ||
        c->path.n - base.n != id->id.n + (id->id.n > 0))
        return;
    if (str_eq(id->name, id->id))
        id->name = base;
    id->id = c->path;
    id->source = STR("input");
}

static int run(const struct scan_case *c, const struct worker_options *o, int fd)
{
    struct analysis *a = analysis_new(o->rules);
    struct inputs *inputs = a ? inputs_new(&a->arena, &a->notes) : NULL;
    struct out *out = out_new(fd);
    struct err err = { .code = FAIL_NONE };

    if (!inputs || !out)
        return WORKER_NO_MEMORY;
    inputs_add_case(inputs, c->path, &c->files);
    if (!o->confine(o->ctx, &err))
        return WORKER_UNCONFINED;
    if (err.code != FAIL_NONE)
        note_add(&a->notes, NOTE_SANDBOX, NOTE_NO_INPUT, 0, "not fully confined: %s", err.text);
    play_fault(c, o, fd);
    analysis_run(a, inputs, o->analysis);
    inputs_free(inputs);
    settle_identity(a, c);
    return write_result(out, a, o) ? WORKER_FINE : WORKER_UNWRITTEN;
}

/* In the child; does not return. */
_Noreturn static void be_worker(const struct scan_case *c, const struct worker_options *o,
                                unsigned limit_s, int fd, pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(WORKER_UNWRITTEN);
    fd = leave_only(fd, o->analysis->symbols != NULL);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_CPU, limit_s);
    if (o->memory_bytes)
        limit(RLIMIT_AS, o->memory_bytes);
    _exit(run(c, o, fd));
}

int64_t worker_now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

bool worker_start(struct worker *w, const struct scan_case *c, const struct worker_options *o,
                  struct err *err)
{
    pid_t parent = getpid(), pid;
    int ends[2];

    w->bytes = w->bytes ? w->bytes : out_new_memory();
    if (!w->bytes)
        return fail(err, FAIL_LIMIT, "out of memory");
    out_clear(w->bytes);
    if (pipe2(ends, O_CLOEXEC) != 0)
        return fail_sys(err, errno, "", "cannot make a pipe for a worker");
    w->limit_s = seconds_for(c, o);
    pid = fork();
    if (pid == 0)
        be_worker(c, o, w->limit_s, ends[1], parent);
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return fail_sys(err, errno, "", "cannot start a worker");
    }
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    w->pid = pid;
    w->fd = ends[0];
    w->late = w->too_much = false;
    w->deadline_ms = worker_now_ms() + (int64_t)w->limit_s * 1000;
    return true;
}

void worker_kill(struct worker *w)
{
    if (w->pid > 0)
        kill((pid_t)w->pid, SIGKILL);
}

bool worker_read(struct worker *w)
{
    char block[65536];

    for (;;) {
        ssize_t n = io_read(w->fd, block, sizeof block);

        if (n < 0 && errno == EAGAIN)
            return true;
        if (n <= 0)
            return false;
        if (out_bytes(w->bytes).n + (size_t)n > LIMIT_RESULT_BYTES) {
            w->too_much = true;
            worker_kill(w);
            return false;
        }
        out_raw(w->bytes, (struct str){ .p = block, .n = (size_t)n });
    }
}

/* One that closed its pipe and goes on is no worker of ours any more. */
static int wait_for(struct worker *w)
{
    const struct timespec pause_1ms = { .tv_nsec = 1000000 };
    int status = 0;

    for (unsigned i = 0; i < 1000; i++) {
        pid_t got = waitpid((pid_t)w->pid, &status, WNOHANG);

        if (got == (pid_t)w->pid)
            return status;
        nanosleep(&pause_1ms, NULL);
    }
    worker_kill(w);
    while (waitpid((pid_t)w->pid, &status, 0) < 0 && errno == EINTR)
        ;
    return status;
}

bool worker_finish(struct worker *w, struct err *err)
{
    int status = wait_for(w);

    close(w->fd);
    w->pid = 0;
    if (w->too_much)
        return fail(err, FAIL_LIMIT, "its worker was ended: its result is larger than %llu MiB",
                    (unsigned long long)LIMIT_RESULT_BYTES >> 20);
    if (w->late || (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU))
        return fail(err, FAIL_LIMIT, "its worker was ended: it took longer than %u seconds",
                    w->limit_s);
    if (WIFSIGNALED(status))
        return fail(err, FAIL_IO, "its worker was ended by signal %d", WTERMSIG(status));
    if (WEXITSTATUS(status) == WORKER_NO_MEMORY)
        return fail(err, FAIL_LIMIT, "its worker had no memory");
    if (WEXITSTATUS(status) == WORKER_UNCONFINED)
        return fail(err, FAIL_SUPPORT, "its worker could not confine itself (--sandbox=require)");
    if (WEXITSTATUS(status) != WORKER_FINE)
        return fail(err, FAIL_IO, "its worker ended with code %d", WEXITSTATUS(status));
    return true;
}

void worker_write_failure(struct out *out, const struct scan_case *c,
                          const struct worker_options *o, const char *why)
{
    struct analysis *a = analysis_new(o->rules);
    struct input_result *in = a ? vec_push(&a->arena, &a->inputs) : NULL;

    if (in) {
        in->name = in->given = c->path;
        fail(&in->err, FAIL_IO, "%s", why);
        note_add(&a->notes, NOTE_WORKER, 0, 0, "%s", why);
        a->identity = (struct identity){ c->path, STR("input"), c->path };
        a->result = RESULT_NOTHING_READ;
        write_result(out, a, o);
    }
    analysis_free(a);
}
