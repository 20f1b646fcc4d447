/* SPDX-License-Identifier: Apache-2.0 */
/* The crash reports of the text report's boot. */
#pragma once

#include "reports/page.h"

/*
 * For each crash of the boot in focus: its title, what this kind means, the blamed function and
 * module, the shortest useful trace, taint in words, what to search for. Consequences of another
 * crash are counted, or listed with --all.
 */
void page_crashes(struct page *p);
