/* SPDX-License-Identifier: Apache-2.0 */
/* From a report's text to the structure; between crash.c and the reports. */
#pragma once

#include "analyzer/evidence/crash.h"
#include "analyzer/evidence/crash_text.h"

/*
 * Fills *crash but for its evidence, panic and place in the chain. `own`: the lines that give the
 * title; `raw`: everybody's, tried when no format fits these; `all`: own with unreliable frames.
 * What is kept lives in `a`. May be called again when the text has grown.
 */
void crash_read(struct crash *crash, const struct crash_text *own, const struct crash_text *raw,
                const struct crash_text *all, struct arena *a);

/* CPU, task, registers, modules …: what single lines of the report say. */
void crash_read_details(struct crash *crash, const struct crash_text *t, struct arena *a);

/* "Tainted: G        W  O" behind "Tainted: " or "Not tainted": letters, and one word for each. */
void crash_read_taint(struct crash *crash, struct str line, struct arena *a);

/* The idiom that "Code: … <0f> 0b …" stands on, in words; empty when there is none. */
struct str crash_trap_of(struct str code);

/* "#PF: error_code(0x0002)", "Oops: 0002 [#1] SMP": what the processor's error code means. */
struct str crash_error_words(struct arena *a, uint64_t code);

/* "Kernel Offset: …", which the panic's notifier says behind the report (dump_kernel_offset() in
 * arch/x86/kernel/setup.c). */
void crash_read_place(struct kernel_place *place, struct str line);
