/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run N COMMAND [ARG...]: runs the command N times without its output, prints the shortest time in
 * milliseconds and the largest resident set in KiB. Fails as the command does.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int run(char **argv, struct rusage *used)
{
    int status = -1;
    pid_t pid = fork();

    if (pid == 0) {
        int null = open("/dev/null", O_WRONLY);

        dup2(null, STDOUT_FILENO);
        execvp(argv[0], argv);
        perror(argv[0]);
        _exit(127);
    }
    if (pid < 0 || wait4(pid, &status, 0, used) < 0)
        return 127;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

int main(int argc, char **argv)
{
    double best = 0;
    long rss = 0;

    if (argc < 3) {
        fprintf(stderr, "usage: run N COMMAND [ARG...]\n");
        return 2;
    }
    for (long i = strtol(argv[1], NULL, 10); i > 0; i--) {
        struct rusage used;
        double start = now_ms(), took;
        int failed = run(argv + 2, &used);

        if (failed)
            return failed;
        took = now_ms() - start;
        best = best == 0 || took < best ? took : best;
        rss = used.ru_maxrss > rss ? used.ru_maxrss : rss;
    }
    printf("%.1f %ld\n", best, rss);
    return 0;
}
