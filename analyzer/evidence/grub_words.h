/* SPDX-License-Identifier: Apache-2.0 */
/* The words of GRUB's shell, with variables filled in: what grub.c runs. */
#pragma once

#include "analyzer/evidence/boot_config.h"

enum { GRUB_WORDS_MAX = 64 };

struct grub_words {
    struct str p[GRUB_WORDS_MAX];
    size_t n;
};

/* A variable of the script: its last value counts. The texts are not copied. */
void grub_set(struct grub *g, struct str name, struct placed value);

/* A word under construction: its pieces are joined once it holds more than one. */
void grub_append(struct grub *g, struct str *word, struct str piece);

/*
 * Takes the words up to ';', '{', '}' or the end; *end is that byte, 0 at the end of the line.
 * False when there are none. Words beyond GRUB_WORDS_MAX are left out.
 */
bool grub_take_command(struct grub *g, struct str *in, struct grub_words *w, char *end);
