/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which rules can still fire on a kernel: those whose texts its strings can make up. Texts of other
 * origins (hypervisor, firmware, programs) are not asked about; or of programs, among the strings
 * of many: then those that programs and firmware may have written are, and no others.
 */
#pragma once

#include "analyzer/engine/match.h"

enum kernel_verdict {
    KERNEL_RULE_ALIVE,        /* the kernel has the text */
    KERNEL_RULE_NONE,         /* nothing of it is a kernel's text */
    KERNEL_RULE_UNKNOWN,      /* it cannot be told */
    KERNEL_RULE_DEAD,         /* the kernel cannot print it */
    KERNEL_RULE_OTHER_KERNEL, /* applies_to leaves it out */
    /* Not there, and needs_config names options that may be off, or text_from other sources. */
    KERNEL_RULE_OTHER_BUILD,
    KERNEL_RULE_COUNT
};

enum text_side { TEXTS_OF_KERNEL, TEXTS_OF_PROGRAMS };

struct kernel_rules;

/* NULL: out of memory. `rs` must outlive it. Free with kernel_rules_free(). */
struct kernel_rules *kernel_rules_new(const struct ruleset *rs, enum text_side side);
void kernel_rules_free(struct kernel_rules *k);

/* One string of the kernel or of a module; "CONFIG_KFENCE=y" says that an option is set. */
void kernel_rules_add(struct kernel_rules *k, struct str string);

struct kernel_known {
    struct str release; /* "6.1.0-56-amd64", or empty: applies_to leaves nothing out */
    struct str version; /* "6.1.192-2": of its source, where the release does not tell, or empty */
    bool complete;      /* all of its strings were seen: what is missing is dead */
};

enum kernel_verdict kernel_rules_judge(const struct kernel_rules *k, const struct rule *rule,
                                       const struct kernel_known *known);

/* The same about each wording of the rule, in order of the file. */
struct kernel_wording {
    struct str text;
    uint32_t line;
    enum kernel_verdict verdict;
};

struct kernel_wordings {
    VEC(struct kernel_wording);
};

/* In `a`. */
struct kernel_wordings kernel_rules_list(const struct kernel_rules *k, const struct rule *rule,
                                         const struct kernel_known *known, struct arena *a);
