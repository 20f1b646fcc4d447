/* SPDX-License-Identifier: Apache-2.0 */
/* The source lines of an address, out of the DWARF of one file: the half of symbolise.c below it.
 */
#pragma once

#include "analyzer/evidence/symbolise.h"

struct Dwfl_Module; /* libdwfl's: an ELF file that symbolise.c opened */

/*
 * The places of an address as libdwfl counts it, innermost first; their text lives in `a`. The
 * last one's function is empty where DWARF does not name it. None: the file has no line for it.
 */
struct source_places source_lines_at(struct Dwfl_Module *elf, uint64_t address, struct arena *a);
