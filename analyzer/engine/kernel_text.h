/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Can a kernel print these texts? It is fed with the kernel's strings, one by one in any order, and
 * keeps nothing of them but what they cover of the texts that are asked for.
 */
#pragma once

#include "analyzer/engine/prefilter.h"

struct kernel_texts;

enum printable {
    PRINTABLE_WHOLE, /* a string holds it */
    PRINTABLE_PARTS, /* pieces of strings side by side, or around what a conversion prints */
    PRINTABLE_MAYBE, /* too little of it is fixed in any string */
    PRINTABLE_NOT,
};

/* The literals' bytes must outlive it. NULL: out of memory. Free with kernel_texts_free(). */
struct kernel_texts *kernel_texts_new(const struct literal *literals, size_t n);
void kernel_texts_free(struct kernel_texts *k);

/* One string as it stands in the kernel: a format, or what a format's %s may print. */
void kernel_texts_add(struct kernel_texts *k, struct str string);

/* About the literal of that index, after the last string. */
enum printable kernel_texts_judge(const struct kernel_texts *k, size_t literal);
