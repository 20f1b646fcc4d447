/* SPDX-License-Identifier: Apache-2.0 */
/* One live source: its case, and what was said of it. For follow.c alone. */
#pragma once

#include "analyzer/fleet/follow.h"

struct follow_source;

/* Takes the feed, also when it fails. */
struct follow_source *follow_source_new(const struct follow_options *options, struct str name,
                                        struct feed *feed);
void follow_source_free(struct follow_source *s);

/* What follow_source_pull() gives besides milliseconds. */
enum { FOLLOW_FOREVER = -1, FOLLOW_ENDED = -2 };

/*
 * Takes at most `most` records and writes what became certain. Returns how many milliseconds it
 * may be left alone unless bytes come, FOLLOW_FOREVER, or FOLLOW_ENDED.
 */
int follow_source_pull(struct follow_source *s, unsigned most, int64_t now_us);

/* Takes what is there and reports what is open: nothing more will be pulled. */
void follow_source_finish(struct follow_source *s);

bool follow_source_ended(const struct follow_source *s);
const struct feed *follow_source_feed(const struct follow_source *s);
struct str follow_source_name(const struct follow_source *s);
struct follow_sums follow_source_sums(const struct follow_source *s);
