/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kernel text without any prefix: printk.time=0, text copied from a screen or a bug report.
 */
#pragma once

#include "analyzer/core/str.h"

/* "Linux version 6.1.0-13-amd64 (builder@host) (gcc …) #1 SMP …": the first line of every boot. */
bool kernel_text_banner(struct str line);

/*
 * The line begins in a way that only the kernel's own text does: banners, titles of crashes, and
 * the fixed lines of an oops. False says nothing: most kernel lines could be anybody's.
 */
bool kernel_text_certain(struct str line);

/* The line without what an answer in a mail or on a web page puts before it: "> > text". */
struct str kernel_text_unquote(struct str line);
