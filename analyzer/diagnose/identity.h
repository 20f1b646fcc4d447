/* SPDX-License-Identifier: Apache-2.0 */
/* Which machine a case is about: the first of the sources in identity_settle() that is known. */
#pragma once

#include "analyzer/diagnose/analysis.h"

/* Looks at a record for a journal's machine id or host name. */
void identity_look(struct analysis *a, const struct record *r);

/* Remembers the first input's directory and name. */
void identity_input(struct analysis *a, const struct input *in);

/* Fills a->identity once all records were seen. */
void identity_settle(struct analysis *a);

/* Says which machines the boots are of, when there are several; behind boots_settle(). */
void identity_note_machines(struct analysis *a);
