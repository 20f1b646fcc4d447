/* SPDX-License-Identifier: Apache-2.0 */
/* The progress line; see progress.h. */
#include "analyzer/cli/progress.h"

#include <stdio.h>
#include <unistd.h>

enum { BAR_COLUMNS = 20, ETA_AFTER_MS = 2000 };

/* By bytes where they are known, by cases where all are empty; of a thousand. */
static unsigned share(const struct scan_state *s)
{
    if (s->bytes_of)
        return (unsigned)((double)s->bytes * 1000 / (double)s->bytes_of);
    return s->of ? (unsigned)(s->done * 1000 / s->of) : 1000;
}

void progress_show(void *ctx, const struct scan_state *s)
{
    struct progress *p = ctx;
    unsigned done = share(s), filled = done * BAR_COLUMNS / 1000;
    char bar[BAR_COLUMNS + 1], line[256], eta[48] = "";
    int n;

    for (unsigned i = 0; i < BAR_COLUMNS; i++)
        bar[i] = i < filled ? '#' : '.';
    bar[BAR_COLUMNS] = '\0';
    if (s->elapsed_ms > ETA_AFTER_MS && done > 0)
        snprintf(eta, sizeof eta, " · %lld s left",
                 (long long)(s->elapsed_ms * (1000 - (int64_t)done) / done / 1000));
    n = snprintf(line, sizeof line, "\r\033[K[%s] %zu of %zu cases · %zu with findings%s", bar,
                 s->done, s->of, s->found, eta);
    if (n > 0 && write(STDERR_FILENO, line, (size_t)n) > 0)
        p->shown = true;
}

void progress_end(struct progress *p)
{
    if (p->shown && write(STDERR_FILENO, "\r\033[K", 4) > 0)
        p->shown = false;
}
