/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The texts that a kernel may print, out of its image (vmlinux, modules, any text with one string
 * per line) or out of its printk index (CONFIG_PRINTK_INDEX: /sys/kernel/debug/printk/index/NAME).
 */
#pragma once

#include "parsers/input.h"

enum { KERNEL_VERSION_BYTES = 80 };

/* Who takes the strings, and what is learnt on the way. Zero but for `add` and `ctx` at first. */
struct kernel_strings {
    void (*add)(void *ctx, struct str string); /* valid during the call */
    void *ctx;
    char version[KERNEL_VERSION_BYTES]; /* "6.1.0-56-amd64" of banner or module, or empty */
    char source[KERNEL_VERSION_BYTES];  /* "6.1.192-2", where the banner says so, or empty */
    bool image;                         /* a banner was seen */
    bool modules;                       /* a module was seen */
    bool text;                          /* an input held nothing but text */
    uint64_t n;                         /* strings */
};

/*
 * Reads to the end. False when the input cannot be read, holds a kernel that is still compressed
 * (FAIL_SUPPORT) or, for an index, a line that is none of one (FAIL_FORMAT).
 */
bool kernel_strings_read(struct kernel_strings *k, struct input *in, struct err *err);
bool kernel_strings_read_index(struct kernel_strings *k, struct input *in, struct err *err);
