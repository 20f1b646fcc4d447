/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The addresses of a host, looked up in a child process: getaddrinfo(3) has no time-out of its own,
 * and with name servers that do not answer it takes minutes. An address needs no child.
 */
#include "parsers/memory/gdb_resolve.h"

#include <errno.h>
#include <netdb.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int look_up(const char *host, const char *port, int flags, struct gdb_addresses *out)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = flags }, *list = NULL;
    int why = getaddrinfo(host, port, &hints, &list);

    *out = (struct gdb_addresses){ .why = why };
    for (const struct addrinfo *a = list; why == 0 && a && out->n < GDB_ADDRESSES; a = a->ai_next) {
        struct gdb_address *to = &out->p[out->n];

        if (a->ai_addrlen > sizeof to->address)
            continue;
        memcpy(&to->address, a->ai_addr, a->ai_addrlen);
        to->size = a->ai_addrlen;
        out->n++;
    }
    if (why == 0)
        freeaddrinfo(list);
    return why;
}

static _Noreturn void look_up_and_tell(const char *host, const char *port, int fd)
{
    struct gdb_addresses found;

    look_up(host, port, 0, &found);
    _exit(write(fd, &found, sizeof found) == (ssize_t)sizeof found ? 0 : 1);
}

/* What the child tells comes in one piece: it is shorter than PIPE_BUF. */
static bool take_answer(int fd, gdb_wait wait, void *ctx, struct gdb_addresses *out,
                        struct err *err)
{
    struct gdb_addresses found;

    if (!wait(ctx, fd, err))
        return false;
    if (read(fd, &found, sizeof found) != (ssize_t)sizeof found || found.n > GDB_ADDRESSES)
        return fail(err, FAIL_IO, "the name could not be looked up");
    *out = found;
    return true;
}

bool gdb_resolve(const char *host, const char *port, gdb_wait wait, void *ctx,
                 struct gdb_addresses *out, struct err *err)
{
    int fds[2];
    bool ok;
    pid_t child;

    if (look_up(host, port, AI_NUMERICHOST, out) == 0)
        return true;
    if (pipe(fds) != 0)
        return fail_sys(err, errno, NULL, "pipe");
    child = fork();
    if (child == 0)
        look_up_and_tell(host, port, fds[1]);
    close(fds[1]);
    ok = child > 0 ? take_answer(fds[0], wait, ctx, out, err) : fail_sys(err, errno, NULL, "fork");
    close(fds[0]);
    if (child > 0) {
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
    }
    if (!ok)
        return false;
    return out->why == 0 || fail(err, FAIL_IO, "%s: %s", host, gai_strerror(out->why));
}
