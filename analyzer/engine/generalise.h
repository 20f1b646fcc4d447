/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From one message to what its like have in common: numbers, addresses, devices, paths and quoted
 * names become captures, the words between them stay. The start of a rule, for `rules new`.
 */
#pragma once

#include "analyzer/core/vec.h"

/* A part of the text that differs from one message to the next. */
struct general_capture {
    struct str name, value;
};

struct general {
    struct str text;   /* the first line of the message, printable; at most GENERAL_BYTES */
    struct str regex;  /* matches it; empty when nothing in it differs: the text is a literal */
    struct str worded; /* the text as a template: "${dev} gave up" */
    struct str near;   /* the text with one word changed: the regex does not match it */
    struct str slug;   /* its first words, for an id: "madedrv-gave-up" */
    struct general_captures {
        VEC(struct general_capture);
    } captures;
};

enum { GENERAL_BYTES = 400 };

/*
 * `whole`: the text begins where messages of its kind begin, and so does the expression. Everything
 * lives in `a`. False: out of memory, or there is no word of four letters to hold on to.
 */
bool generalise(struct arena *a, struct str text, bool whole, struct general *out);
