/* SPDX-License-Identifier: Apache-2.0 */
/* How a boot ends, what of it is complete, how its clock relates to the wall: boot.c's other half.
 */
#pragma once

#include "analyzer/evidence/boot.h"

/* The signs by the first byte of their text: most records hold none. */
struct boot_signs {
    unsigned char first[256]; /* 1 + index of the first sign that begins so, 0: none */
    unsigned char next[64];   /* the same for the next one */
};

void boot_signs_init(struct boot_signs *index);

/* Looks at one record of the boot for a sign of its end, of loss or of the wall clock. */
void boot_end_look(struct boot *b, const struct record *r, const struct boot_signs *index);

/* The same for a record that the boot holds already: all it can tell is that a memory ends here. */
void boot_end_look_again(struct boot *b, const struct record *r);

/* Decides ended_by, head_complete and tail_complete from what was looked at. */
void boot_end_settle(struct boot *b);

/* What the boot behind it says of the end of one that broke off. Behind both settles. */
void boot_end_aftermath(struct boot *b, const struct boot *next);

/* Does the text start a kernel's log? "Linux version 6.1 …" */
bool boot_is_banner(struct str text);
