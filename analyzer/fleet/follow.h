/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Live following: sources that go on, each a case of its own. A finding is written as soon as no
 * later record can undo it, the full report when the guest panics or its boot ends.
 */
#pragma once

#include "parsers/feed.h"
#include "reports/report.h"

struct follow;

struct follow_options {
    const struct ruleset *rules;
    struct analysis_options analysis;
    const struct report *report; /* one that has write_finding */
    struct report_options how;
    struct out *out; /* flushed behind every event */
    int stop_fd;     /* readable when it is time to stop */
};

/* The options must outlive it. NULL: out of memory. */
struct follow *follow_new(const struct follow_options *options);
void follow_free(struct follow *f);

/* Takes the feed; `name` as the user knows it, valid as long. False: out of memory. */
bool follow_add(struct follow *f, struct str name, struct feed *feed);

/*
 * Until every source ended, stop_fd is readable, or nobody reads what is written any more. Then
 * the open boots are reported and the sources summed up.
 */
void follow_run(struct follow *f);

struct follow_sums {
    uint64_t records, boots, findings;
    struct feed_stats feed;
    struct str error; /* what ended it, or empty */
    bool has_worst;
    enum severity worst; /* of its findings */
};

size_t follow_count(const struct follow *f);
struct str follow_name(const struct follow *f, size_t source);
struct follow_sums follow_sums(const struct follow *f, size_t source);
