/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The loop over live sources; see follow.h. Records are pulled as long as there are any; what was
 * kept is looked at when a source has nothing for now (analysis_look() is a pure function of it),
 * and after a while of silence what is there counts as all of it.
 *
 * A boot that starts may be the log of the one before, dumped again; until that is told, or all is
 * silent, nothing is said of either. Memory is that of three boots: the one that is written, the
 * one it may repeat, and one that is still to be reported.
 */
#include "analyzer/fleet/follow.h"

#include "analyzer/fleet/follow_source.h"

#include <poll.h>
#include <stdlib.h>
#include <time.h>

/* How often a source is looked at that may change without a word, and records taken in one go. */
enum { TICK_MS = 250, SLICE = 4096 };

struct follow {
    const struct follow_options *options;
    struct arena arena;
    struct sources {
        VEC(struct follow_source *);
    } sources;
    struct pollfd *polls; /* one more than sources */
};

struct follow *follow_new(const struct follow_options *options)
{
    struct follow *f = calloc(1, sizeof *f);

    if (f)
        f->options = options;
    return f;
}

void follow_free(struct follow *f)
{
    if (!f)
        return;
    for (size_t i = 0; i < f->sources.n; i++)
        follow_source_free(f->sources.p[i]);
    arena_done(&f->arena);
    free(f);
}

bool follow_add(struct follow *f, struct str name, struct feed *feed)
{
    struct follow_source *s = follow_source_new(f->options, name, feed);
    struct follow_source **slot = s ? vec_push(&f->arena, &f->sources) : NULL;

    if (!slot) {
        follow_source_free(s);
        return false;
    }
    *slot = s;
    return true;
}

static int64_t now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int earlier(int a, int b)
{
    if (a < 0 || b < 0)
        return a < 0 ? b : a;
    return a < b ? a : b;
}

/* Waits until something happens; true when it is time to stop. */
static bool wait_for_any(struct follow *f, int timeout_ms)
{
    nfds_t n = 0;

    for (size_t i = 0; i < f->sources.n; i++) {
        struct follow_source *s = f->sources.p[i];

        if (follow_source_ended(s))
            continue;
        f->polls[n++] = feed_poll(follow_source_feed(s));
        if (feed_needs_time(follow_source_feed(s)))
            timeout_ms = earlier(timeout_ms, TICK_MS);
    }
    f->polls[n++] = (struct pollfd){ .fd = f->options->stop_fd, .events = POLLIN };
    poll(f->polls, n, timeout_ms);
    return f->polls[n - 1].revents != 0;
}

void follow_run(struct follow *f)
{
    bool stop = false;
    int wait_ms = 0;

    f->polls = arena_new(&f->arena, struct pollfd, f->sources.n + 1);
    while (f->polls && !stop && wait_ms != FOLLOW_ENDED) {
        stop = wait_for_any(f, wait_ms);
        wait_ms = FOLLOW_ENDED;
        for (size_t i = 0; i < f->sources.n; i++) {
            struct follow_source *s = f->sources.p[i];
            int next_ms =
                    follow_source_ended(s) ? FOLLOW_ENDED : follow_source_pull(s, SLICE, now_us());

            if (next_ms != FOLLOW_ENDED)
                wait_ms = wait_ms == FOLLOW_ENDED ? next_ms : earlier(wait_ms, next_ms);
        }
        stop |= !out_flush(f->options->out, NULL);
    }
    for (size_t i = 0; i < f->sources.n; i++)
        follow_source_finish(f->sources.p[i]);
}

size_t follow_count(const struct follow *f)
{
    return f->sources.n;
}

struct str follow_name(const struct follow *f, size_t source)
{
    return follow_source_name(f->sources.p[source]);
}

struct follow_sums follow_sums(const struct follow *f, size_t source)
{
    return follow_source_sums(f->sources.p[source]);
}
