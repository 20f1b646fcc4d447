/* SPDX-License-Identifier: Apache-2.0 */
/* Proof that the sandbox holds: tries what it forbids and what it must allow; see sandbox.h. */
#include "analyzer/cli/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* Each returns true when the kernel let it happen. */

static bool run_program(void)
{
    char *argv[] = { NULL };

    return execve("/bin/true", argv, argv) == 0;
}

static bool make_socket(void)
{
    return socket(AF_UNIX, SOCK_STREAM, 0) >= 0;
}

#ifndef SANDBOX_LEAK_CHECK
static bool make_child(void)
{
    pid_t pid = fork();

    if (pid == 0)
        _exit(0);
    return pid > 0;
}

static bool trace(void)
{
    return ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0;
}
#endif

static bool write_file(void)
{
    return open("/tmp", O_TMPFILE | O_WRONLY, 0600) >= 0 ||
           open("/dev/null", O_WRONLY | O_CLOEXEC) >= 0;
}

static bool make_file(void)
{
    return open("/tmp/.lastwords-selftest", O_RDONLY | O_CREAT | O_CLOEXEC, 0600) >= 0;
}

static bool make_directory(void)
{
    return mkdir("/tmp/.lastwords-selftest", 0700) == 0;
}

static bool signal_another(void)
{
    return getppid() > 0 && kill(getppid(), 0) == 0;
}

static bool type_into_terminal(void)
{
    errno = 0;
    return ioctl(0, TIOCSTI, "") == 0 || errno != EPERM;
}

static bool read_file(void)
{
    int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

    return fd >= 0 && close(fd) == 0;
}

/* What journals in archives are read from. */
static bool make_memory_file(void)
{
    int fd = memfd_create("selftest", MFD_CLOEXEC);

    return fd >= 0 && write(fd, "x", 1) == 1 && close(fd) == 0;
}

/* What PCRE2's just-in-time compiler does. */
static bool make_code(void)
{
    void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                   0);

    return p != MAP_FAILED && munmap(p, 4096) == 0;
}

static const struct {
    const char *name;
    bool (*happens)(void);
    bool allowed;
} attempts[] = {
    { "run a program", run_program, false },
    { "open a socket", make_socket, false },
    { "open a file for writing", write_file, false },
    { "make a file", make_file, false },
    { "make a directory", make_directory, false },
    { "signal another process", signal_another, false },
    { "type into the terminal", type_into_terminal, false },
#ifndef SANDBOX_LEAK_CHECK
    { "start a process", make_child, false },
    { "trace a process", trace, false },
#endif
    { "open a file for reading", read_file, true },
    { "write to memory as to a file", make_memory_file, true },
    { "map memory for compiled code", make_code, true },
};

unsigned sandbox_selftest(int fd)
{
    size_t n = sizeof attempts / sizeof attempts[0];
    unsigned failed = 0;
    struct err err;

    if (!sandbox_enter(&(struct sandbox_options){ .writes_files = true }, &err)) {
        dprintf(fd, "sandbox: %s\n0 passed, 1 failed\n", err.text);
        return 1;
    }
    for (size_t i = 0; i < n; i++) {
        bool happened = attempts[i].happens();

        failed += happened != attempts[i].allowed;
        dprintf(fd, "%s: %s%s\n", attempts[i].name, happened ? "possible" : "refused",
                happened == attempts[i].allowed ? "" : " (WRONG)");
    }
    dprintf(fd, "%zu passed, %u failed\n", n - failed, failed);
    return failed;
}
