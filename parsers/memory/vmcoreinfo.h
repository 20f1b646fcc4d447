/* SPDX-License-Identifier: Apache-2.0 */
/*
 * VMCOREINFO: what the kernel tells dump tools about itself, a text of `KEY=value` lines that
 * begins with OSRELEASE. It stands in memory and in an ELF note. Every number in it is hostile.
 * Source: Documentation/admin-guide/kdump/vmcoreinfo.rst.
 */
#pragma once

#include "analyzer/core/str.h"

/* The text in `bytes` from its beginning to the first NUL or byte that is no text. */
struct str vmcoreinfo_text(struct str bytes);

/* Does it look like one: release, page size, init_uts_ns? */
bool vmcoreinfo_is_plausible(struct str text);

/* The kernel's release: "6.1.0-18-amd64". Empty: none. */
struct str vmcoreinfo_release(struct str text);

/* "4.9.0-12" is before 4.10; false, too, for what is no release. */
bool release_is_before(struct str release, uint64_t major, uint64_t minor);

/* SYMBOL(name): an address. */
bool vmcoreinfo_symbol(struct str text, const char *name, uint64_t *value);

/* "NUMBER(phys_base)", "SIZE(printk_info)", "PAGESIZE": decimal, possibly negative, or 0x…. */
bool vmcoreinfo_number(struct str text, const char *key, int64_t *value);

/* The same when it is between 0 and `max`; otherwise `otherwise`. */
uint64_t vmcoreinfo_size(struct str text, const char *key, uint64_t max, uint64_t otherwise);
