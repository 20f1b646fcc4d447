/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Connecting happens before the process confines itself; from then on only read, write and poll
 * are used; see gdb_socket.h.
 */
#include "parsers/memory/gdb_socket.h"

#include "analyzer/core/limits.h"
#include "parsers/memory/gdb_resolve.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static const struct str tcp_prefix = { STR_INIT("gdb://") };
static const struct str unix_prefix = { STR_INIT("gdb+unix:") };

/* How long a wait lasts, and in what words it ends. */
struct patience {
    int ms;
    const char *lacks;
};

static const struct patience for_reply = { LIMIT_LIVE_STEP_MS, "the debug stub does not answer" };
static const struct patience for_room = { LIMIT_LIVE_STEP_MS, "the debug stub does not listen" };
static const struct patience for_name = { LIMIT_LIVE_CONNECT_MS, "no name server answers" };
static const struct patience for_answer = { LIMIT_LIVE_CONNECT_MS, "nobody answers there" };

static int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

bool gdb_socket_is_name(struct str name)
{
    return str_starts(name, tcp_prefix) || str_starts(name, unix_prefix);
}

void gdb_socket_signals(sigset_t *out)
{
    sigemptyset(out);
    sigaddset(out, SIGINT);
    sigaddset(out, SIGTERM);
    sigaddset(out, SIGHUP);
}

/* False: not ready within the step, all time is over, or a signal came. */
static bool wait_for(struct gdb_socket *s, short events, struct patience p, struct err *err)
{
    struct pollfd fds[] = { { .fd = s->fd, .events = events },
                            { .fd = s->stopped ? -1 : s->signals, .events = POLLIN } };
    int64_t until = now_ms() + p.ms;
    int n;

    if (until > s->until_ms)
        until = s->until_ms;
    do {
        int64_t left = until - now_ms();

        n = poll(fds, 2, left > 0 ? (int)left : 0);
    } while (n < 0 && errno == EINTR);
    if (n < 0)
        return fail_sys(err, errno, NULL, "poll");
    if (fds[1].revents) {
        s->stopped = true;
        return fail(err, FAIL_IO, "interrupted");
    }
    if (n > 0)
        return true;
    if (until < s->until_ms)
        return fail(err, FAIL_IO, "%s within %d s", p.lacks, p.ms / 1000);
    return fail(err, FAIL_LIMIT,
                "the guest was not read within %d s, so it was let go; --kallsyms makes it short",
                LIMIT_LIVE_HALT_MS / 1000);
}

static size_t wire_read(void *ctx, char *buf, size_t n, struct err *err)
{
    struct gdb_socket *s = ctx;
    ssize_t got;

    do {
        if (!wait_for(s, POLLIN, for_reply, err))
            return 0;
        got = read(s->fd, buf, n);
    } while (got < 0 && (errno == EINTR || errno == EAGAIN));
    if (got < 0)
        fail_sys(err, errno, NULL, "reading from the debug stub");
    else if (got == 0)
        fail(err, FAIL_IO, "the debug stub hung up");
    return got > 0 ? (size_t)got : 0;
}

static bool wire_write(void *ctx, const char *p, size_t n, struct err *err)
{
    struct gdb_socket *s = ctx;

    while (n) {
        ssize_t done = write(s->fd, p, n);

        if (done < 0 && errno == EAGAIN) {
            if (!wait_for(s, POLLOUT, for_room, err))
                return false;
            continue;
        }
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return fail_sys(err, errno, NULL, "writing to the debug stub");
        p += done;
        n -= (size_t)done;
    }
    return true;
}

struct gdb_wire gdb_socket_wire(struct gdb_socket *s)
{
    return (struct gdb_wire){ .read = wire_read, .write = wire_write, .ctx = s };
}

static bool wait_for_name(void *ctx, int fd, struct err *err)
{
    struct gdb_socket *s = ctx;
    bool ok;

    s->fd = fd;
    ok = wait_for(s, POLLIN, for_name, err);
    s->fd = -1;
    return ok;
}

/* connect(2) that does not wait longer than it should. */
static bool connect_to(struct gdb_socket *s, const struct sockaddr *to, socklen_t size,
                       struct err *err)
{
    int one = 1, fault = 0;
    socklen_t fault_size = sizeof fault;

    s->fd = socket(to->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (s->fd < 0)
        return fail_sys(err, errno, NULL, "no socket");
    if (to->sa_family != AF_UNIX) /* packets are small and each waits for its reply */
        setsockopt(s->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (connect(s->fd, to, size) == 0)
        return true;
    if (errno == EINPROGRESS) {
        if (!wait_for(s, POLLOUT, for_answer, err))
            return false;
        getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &fault, &fault_size);
        if (fault == 0)
            return true;
        errno = fault;
    }
    return fail_sys(err, errno, NULL, "cannot connect to the debug stub");
}

static bool open_unix(struct gdb_socket *s, struct str path, struct err *err)
{
    struct sockaddr_un to = { .sun_family = AF_UNIX };

    if (path.n == 0 || path.n >= sizeof to.sun_path)
        return fail(err, FAIL_USAGE, "expected gdb+unix:/path of at most %zu bytes",
                    sizeof to.sun_path - 1);
    memcpy(to.sun_path, path.p, path.n);
    return connect_to(s, (const struct sockaddr *)(const void *)&to, sizeof to, err);
}

/* "host:8864", "[::1]:8864", ":8864" of this machine. */
static bool split_host(struct str address, char *host, size_t host_size, char *port,
                       size_t port_size)
{
    size_t colon = str_find_last_char(address, ':');
    struct str name, number;

    if (colon == STR_NOT_FOUND)
        return false;
    name = str_first(address, colon);
    number = str_from_at(address, colon + 1);
    if (name.n > 1 && name.p[0] == '[' && name.p[name.n - 1] == ']')
        name = str_from_at(str_first(name, name.n - 1), 1);
    if (name.n == 0)
        name = STR("localhost");
    if (number.n == 0 || number.n >= port_size || name.n >= host_size)
        return false;
    for (size_t i = 0; i < number.n; i++)
        if (!char_is_digit(number.p[i]))
            return false;
    snprintf(host, host_size, "%.*s", STR_ARG(name));
    snprintf(port, port_size, "%.*s", STR_ARG(number));
    return true;
}

static bool open_tcp(struct gdb_socket *s, struct str address, struct err *err)
{
    struct gdb_addresses list;
    char host[256], port[8];
    bool ok = false;

    if (!split_host(address, host, sizeof host, port, sizeof port))
        return fail(err, FAIL_USAGE, "expected gdb://host:port (VMware's debugStub: 8864)");
    if (!gdb_resolve(host, port, wait_for_name, s, &list, err))
        return false;
    for (size_t i = 0; i < list.n && !ok; i++) {
        if (s->fd >= 0)
            close(s->fd);
        ok = connect_to(s, (const struct sockaddr *)&list.p[i].address, list.p[i].size, err);
    }
    return ok;
}

bool gdb_socket_open(struct gdb_socket *s, struct str name, struct err *err)
{
    sigset_t set;
    bool ok;

    gdb_socket_signals(&set);
    *s = (struct gdb_socket){ .fd = -1, .until_ms = now_ms() + LIMIT_LIVE_HALT_MS };
    s->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    ok = str_take(&name, unix_prefix) ? open_unix(s, name, err)
                                      : str_take(&name, tcp_prefix) && open_tcp(s, name, err);
    if (!ok)
        gdb_socket_close(s);
    return ok;
}

void gdb_socket_last(struct gdb_socket *s, int ms)
{
    s->stopped = true; /* a second signal does not stop the good-bye */
    s->until_ms = now_ms() + ms;
}

void gdb_socket_close(struct gdb_socket *s)
{
    if (s->fd >= 0)
        close(s->fd);
    if (s->signals >= 0)
        close(s->signals);
    s->fd = s->signals = -1;
}
