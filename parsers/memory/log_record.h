/* SPDX-License-Identifier: Apache-2.0 */
/* One record of a kernel's log as all formats of it in memory hold it. */
#pragma once

#include "analyzer/core/str.h"

struct log_record {
    uint64_t seq;
    bool has_seq; /* the format numbers its records */
    uint64_t ts_ns;
    unsigned facility, level, flags; /* flags: enum log_flags of kernel/printk/printk.c */
    uint32_t caller;                 /* bit 31: a CPU's number, else a thread's */
    bool has_caller;
    struct str text;
    bool lost;      /* its text was overwritten, or there was no room for it */
    uint64_t place; /* of the text in the image */
};
