/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How counts, sizes, times, boots and headers are put into words: one place for every report that
 * people read. Values from the log go through the sink's own escaper.
 */
#pragma once

#include "analyzer/diagnose/cases.h"
#include "reports/out.h"

/* Where words go, and how this sink writes a value from the log. */
struct wording {
    struct out *out;
    void (*value)(struct out *out, struct str s);
};

/* "1 boot", "12 boots". */
void wording_count(struct out *o, uint64_t n, const char *one, const char *many);

/*
 * What earlier runs say of a failure, or of a whole case: "new", "new on this machine, seen on
 * others before", "known"; empty when nothing was compared.
 */
const char *wording_news(const struct cases *cases, enum news news);

/* "512 bytes", "3.0 MiB", "8.0 GiB". */
void wording_bytes(struct out *o, uint64_t bytes);

/* "640 ms", "1.1 s", "3 min 20 s", "2 h 5 min", "4 d 3 h"; nothing for TIME_UNKNOWN. */
void wording_duration(struct out *o, int64_t us);

/* "1.125782" since boot, else the wall clock "2022-05-26 21:38:13.370"; else nothing. */
void wording_stamp(struct out *o, const struct record *r);
struct str wording_stamp_text(const struct record *r, char out[CLOCK_TEXT]);

/* A kernel's stamp alone, "12.000345"; empty for TIME_UNKNOWN and below 0. */
struct str wording_mono(int64_t mono_us, char out[CLOCK_TEXT]);

/* A filled-in template: own words as they are in the rule, values escaped. */
void wording_text(const struct wording *w, const struct text *text);

/* "boot 0", "boot -1": journalctl's offsets. */
int64_t wording_boot_offset(const struct analysis *a, uint32_t boot);

/* "ended in a kernel panic 1.1 s after start"; without a length that the log does not tell */
void wording_ended(const struct wording *w, const struct boot *boot);

/* "vmware.log · Photon OS 4.4.8-esx on VMware Workstation 12 · 1 boot, ended in …" */
void wording_header(const struct wording *w, const struct analysis *a);

/* "log complete from the first kernel line to the panic", or what is missing of it. */
void wording_completeness(const struct wording *w, const struct boot *boot);

/*
 * Whose memory it was: "the guest: #1-photon SMP …, on VMware, last message 2026-11-20 23:35:20
 * UTC". False, and nothing: the boot was not read out of a guest's memory.
 */
bool wording_guest(const struct wording *w, const struct analysis *a, uint32_t boot);

/*
 * "failed unit: db.service · multi-user.target reached after 55 s"; `all`: also when none failed,
 * and which took longest to start. False: nothing to say.
 */
bool wording_units(const struct wording *w, const struct facts *facts, bool all);

/* The name of an input as the user knows it; "standard input" for "-". */
struct str wording_input(const struct analysis *a, uint32_t input);

/* Without its directory, when no other input has the same base name. */
struct str wording_input_short(const struct analysis *a, uint32_t input);
