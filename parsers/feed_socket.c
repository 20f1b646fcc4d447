/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Connections to where a guest's serial port comes out: the pipe of Workstation and Fusion
 * (serial0.fileType = "pipe", a UNIX socket that the hypervisor listens on), and a TCP port of the
 * hypervisor or of a serial concentrator.
 */
#include "parsers/feed_inner.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* How long a peer may take to accept. */
enum { CONNECT_MS = 5000 };

bool feed_is_address(struct str name, struct str *host, struct str *port)
{
    struct str s = name, before = { 0 }, part;
    uint64_t number;

    str_take(&s, STR("tcp://"));
    if (str_take_char(&s, '[')) {
        if (!str_take_until(&s, ']', &before) || !str_take_char(&s, ':'))
            return false;
    } else if (!str_take_until(&s, ':', &before)) {
        return false;
    }
    *host = before;
    *port = s;
    part = s;
    return before.n && str_find_char(before, '/') == STR_NOT_FOUND &&
           str_take_u64(&part, &number) && part.n == 0 && number > 0 && number <= 65535;
}

/* Connects without waiting for ever; errno says why not. */
static bool connect_in_time(int fd, const struct sockaddr *address, socklen_t n)
{
    struct pollfd p = { .fd = fd, .events = POLLOUT };
    socklen_t size = sizeof errno;
    int error = 0;

    if (connect(fd, address, n) == 0)
        return true;
    if (errno != EINPROGRESS)
        return false;
    if (poll(&p, 1, CONNECT_MS) <= 0) {
        errno = ETIMEDOUT;
        return false;
    }
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error)
        errno = error;
    return error == 0;
}

struct feed *feed_unix_open(const char *path, struct err *err)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    size_t n = strlen(path);
    int fd;

    if (n >= sizeof address.sun_path) {
        fail_at(err, FAIL_USAGE, path, 0, 0,
                "is too long for the name of a socket (%zu bytes at most): go to its directory",
                sizeof address.sun_path - 1);
        return NULL;
    }
    memcpy(address.sun_path, path, n);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0 && connect_in_time(fd, (const struct sockaddr *)(const void *)&address,
                                   (socklen_t)sizeof address))
        return feed_connection(fd, false, err);
    fail_sys(err, errno, path, "cannot connect (is the VM running, and its end the server?)");
    if (fd >= 0)
        close(fd);
    return NULL;
}

struct feed *feed_tcp_open(struct str host, struct str port, struct err *err)
{
    struct addrinfo want = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM }, *found = NULL;
    char node[256], service[8];
    int why, fd = -1;

    if (host.n >= sizeof node || port.n >= sizeof service) {
        fail(err, FAIL_USAGE, "its name is too long");
        return NULL;
    }
    memcpy(node, host.p, host.n);
    node[host.n] = '\0';
    memcpy(service, port.p, port.n);
    service[port.n] = '\0';
    why = getaddrinfo(node, service, &want, &found);
    if (why != 0) {
        fail(err, FAIL_IO, "%s: %s", node, gai_strerror(why));
        return NULL;
    }
    for (const struct addrinfo *a = found; a && fd < 0; a = a->ai_next) {
        fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, a->ai_protocol);
        if (fd < 0 || connect_in_time(fd, a->ai_addr, a->ai_addrlen))
            continue;
        why = errno;
        close(fd);
        errno = why;
        fd = -1;
    }
    why = errno;
    freeaddrinfo(found);
    if (fd >= 0)
        return feed_connection(fd, true, err);
    fail_sys(err, why, node, "cannot connect");
    return NULL;
}
