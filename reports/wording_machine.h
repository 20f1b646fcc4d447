/* SPDX-License-Identifier: Apache-2.0 */
/* What preflight found out, in words: the same ones in every report that people read. */
#pragma once

#include "reports/wording.h"

/* "This machine will not boot next time: …". False, and nothing: the report is of no preflight. */
bool wording_verdict(const struct wording *w, const struct analysis *a);

/* "good", "fails", "unknown" */
struct str wording_check_state(enum tri state);

/* "initrd: /boot/initrd.img-6.1, there is no such file" */
void wording_check(const struct wording *w, const struct machine_check *check,
                   enum machine_check_id id);

/* The line that asks for it: "photon.cfg:3". False, and nothing: none does. */
bool wording_check_place(const struct wording *w, const struct analysis *a,
                         const struct machine_check *check);

/* "Running now: 6.1.0 (/proc/sys/kernel/osrelease) · next: 6.1.1". False: one is not known. */
bool wording_kernels(const struct wording *w, const struct machine *m);

/* What would give access to what could not be read. False: all of it could. */
bool wording_denied(const struct wording *w, const struct machine *m);
