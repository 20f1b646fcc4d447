/* SPDX-License-Identifier: Apache-2.0 */
/* What the text report of preflight has of its own: the answer on one line, and what was checked.
 */
#pragma once

#include "reports/page.h"

/* "This machine will not boot next time: …" */
void page_verdict(struct page *p);

/* Every check with its source, and what would give access to what could not be read. */
void page_checks(struct page *p);
