/* SPDX-License-Identifier: Apache-2.0 */
/* What the text report says below its diagnoses: records without a rule, missing evidence, notes.
 */
#pragma once

#include "reports/page.h"

/* The records that no rule explains, and the command that starts a rule; or that there are none. */
void text_unexplained(struct page *p);

/* The notes on missing evidence below `words`; nothing when there are none. */
void text_evidence_wanted(struct page *p, const char *words);

/* The last line: "2 notes: … · 1 unexplained error record (--all)". */
void text_notes(struct page *p);

/* --all: every note on a line of its own, with its word. */
void text_every_note(struct page *p);
