/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Points in time as journalctl takes them (systemd.time(7)): "2026-01-31 12:00:00", "12:00",
 * "yesterday", "today", "now", "-2h", "2 hours ago", "@1790000000". Without a zone they are local
 * time of this machine.
 */
#pragma once

#include "analyzer/core/clock.h"
#include "analyzer/core/err.h"

struct when {
    int64_t wall_us;  /* UTC */
    int64_t local_us; /* the same moment's date and time of day here, as if it were UTC */
};

/* `now_us` is what relative words count from. False: FAIL_USAGE. */
bool when_parse(struct str word, int64_t now_us, struct when *out, struct err *err);
