/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everything that a log or a rule file can make us allocate or repeat, and why the number is what
 * it is. `lastwords --show-limits` prints this table.
 */
#pragma once

/* A line longer than this is cut, the rest counted: the kernel prints 1 KiB, journald 48 KiB. */
#define LIMIT_LINE_BYTES ((size_t)64 << 10)

/* A record assembled from several lines: one whole oops of the longest kind seen is 30 KiB. */
#define LIMIT_RECORD_BYTES ((size_t)64 << 10)
#define LIMIT_RECORD_LINES 512

/* The block in which lines are cut; large enough to make read() cheap, small enough for caches. */
#define LIMIT_BLOCK_BYTES ((size_t)1 << 20)

/* How much of the head the formats may bid on. */
#define LIMIT_HEAD_BYTES ((size_t)64 << 10)
#define LIMIT_HEAD_LINES 500

/* pstore parts held to put them in order: kmsg_bytes is 10 KiB, an ERST store some 64 KiB. */
#define LIMIT_PSTORE_BYTES ((size_t)256 << 10)
#define LIMIT_PSTORE_PARTS 256

/* Below this size every line is parsed; above it only what the prefilter or a skim asks for. */
#define LIMIT_DENSE_BYTES ((uint64_t)4 << 20)

/* Memory of one boot: kept records, facts, hits. */
#define LIMIT_BOOT_ARENA_BYTES ((size_t)16 << 20)

/* Memory of one case: findings, diagnoses, notes, input names. */
#define LIMIT_CASE_ARENA_BYTES ((size_t)64 << 20)

/*
 * Boots kept in one case, and the memory of all of them (an arena's chunk is 32 KiB). A reboot loop
 * over a night makes thousands; the last ones tell most, so the earliest are dropped.
 */
#define LIMIT_BOOTS 512
#define LIMIT_BOOTS_BYTES ((size_t)24 << 20)

/* Hits kept for one pattern in one boot: counting windows need them, floods do not. */
#define LIMIT_HITS_PER_PATTERN 1024

/* Records kept as unexplained, by shape, for one case. */
#define LIMIT_UNEXPLAINED_SHAPES 256

/* Host names of one case: a collecting syslog server's log has many. */
#define LIMIT_HOSTS 100000

/* Records kept of one boot to show evidence between its neighbours; at most some 300 KiB. */
#define LIMIT_CONTEXT_LINES 1000

/*
 * How often one text fact may become another text: real ones do so a few times (a product that is
 * updated between two starts), a flood of two texts in turn would fill the arena.
 */
#define LIMIT_FACT_CHANGES 256

/* Values in one list fact (partitions, modules …). */
#define LIMIT_LIST_ITEMS 1024

/* Archives: bytes unpacked in all, ratio after the first 64 MiB, members, nesting. */
#define LIMIT_UNPACKED_BYTES ((uint64_t)16 << 30)
#define LIMIT_UNPACK_RATIO 200
#define LIMIT_UNPACK_RATIO_FROM ((uint64_t)64 << 20)
#define LIMIT_MEMBERS 100000
#define LIMIT_ARCHIVE_DEPTH 2

/*
 * A journal that is compressed or in an archive is read from memory: journald's own files are 128
 * MiB at most (SystemMaxFileSize=). It is written in whole blocks. And how many files of one
 * machine are read together.
 */
#define LIMIT_JOURNAL_BYTES ((uint64_t)256 << 20)
#define LIMIT_JOURNAL_SPOOL_BYTES (LIMIT_JOURNAL_BYTES + LIMIT_BLOCK_BYTES)
#define LIMIT_JOURNAL_PARTS 1024

/* Files that one call opens, and directories it descends. */
#define LIMIT_INPUTS 65536
#define LIMIT_DIR_DEPTH 16

/*
 * Scans of many cases: files looked at, what one worker may send (a case of 512 boots has some 30
 * MiB of facts) and use, and how long it may take; large inputs get a second more for every 4 MiB.
 */
#define LIMIT_SCAN_FILES 4000000
#define LIMIT_SCAN_JOBS 1024
#define LIMIT_PLAN_BYTES ((size_t)1 << 30)
#define LIMIT_RESULT_BYTES ((size_t)64 << 20)
#define LIMIT_WORKER_BYTES ((size_t)2 << 30)
#define LIMIT_WORKER_SECONDS 600
#define LIMIT_WORKER_SECOND_BYTES ((uint64_t)4 << 20)

/* What is kept of each of ten thousand cases: lines that prove one thing, unexplained records. */
#define LIMIT_CASE_EVIDENCE 64
#define LIMIT_CASE_UNEXPLAINED 32

/* Notes kept; the rest is counted. */
#define LIMIT_NOTES 1000

/*
 * What a machine that is looked at may make us read: a grub.cfg of 200 kernels has some 300 KiB. One
 * arena holds all files, and the words and variables of the boot loader's script.
 */
#define LIMIT_MACHINE_FILE_BYTES ((size_t)1 << 20)
#define LIMIT_MACHINE_ARENA_BYTES ((size_t)24 << 20)
#define LIMIT_MACHINE_NAMES 4096   /* of one directory */
#define LIMIT_MACHINE_ENTRIES 512  /* of a boot menu */
#define LIMIT_MACHINE_VARIABLES 256

/* Rule files: libyaml is quadratic in depth, so depth is counted while events come in. */
#define LIMIT_YAML_DEPTH 32
#define LIMIT_YAML_BYTES ((size_t)4 << 20)
#define LIMIT_YAML_SCALAR_BYTES ((size_t)64 << 10)
#define LIMIT_YAML_KEYS 512 /* of one mapping: duplicates are found by looking at all of them */
#define LIMIT_RULES 20000
#define LIMIT_RULE_EDGES                                                                           \
    ((size_t)1 << 20)              /* explains, supersedes … after globs and transitivity        \
                                    */
#define LIMIT_FINDINGS_PER_RULE 16 /* of a rule with `per`, in one boot */
#define LIMIT_PROBLEMS 200         /* reported of one run of loading */
#define LIMIT_RULE_ID_BYTES 128     /* it becomes names of tests and labels of metrics */
#define LIMIT_PATTERN_BYTES ((size_t)4 << 10)

/* PCRE2: a match that needs more than this is given up and counted, never a silent miss. */
#define LIMIT_PCRE_MATCH 100000
#define LIMIT_PCRE_HEAP_KIB 8192
#define LIMIT_PCRE_DEPTH 1000
#define LIMIT_SUBJECT_BYTES ((size_t)64 << 10)

/* Memory images: what their headers may make us keep. */
#define LIMIT_IMAGE_SEGMENTS                                                                       \
    65536                      /* a vmcore of a host with much hot-plugged memory has hundreds */
#define LIMIT_IMAGE_REGIONS 64 /* of a checkpoint; VMware writes two or three */
#define LIMIT_IMAGE_CPUS 64    /* one that runs the kernel is enough */
#define LIMIT_IMAGE_GROUPS 4096
#define LIMIT_IMAGE_TAGS 1000000
#define LIMIT_IMAGE_ARENA_BYTES ((size_t)12 << 20)
#define LIMIT_VMCOREINFO_BYTES ((size_t)8 << 10) /* two pages in the newest kernels */
#define LIMIT_VMCOREINFO_TEXTS 64
#define LIMIT_IMAGE_RINGS                                                                          \
    4096                    /* words that look like a ring, and runs that look like descriptors */
#define LIMIT_IMAGE_LOGS 16 /* a guest that was reset again and again leaves a few */
#define LIMIT_IMAGE_WORK ((uint64_t)2 << 20) /* records looked at to choose between logs */
/* A guest that is read while a debug stub holds it. */
#define LIMIT_LIVE_CONNECT_MS 5000
#define LIMIT_LIVE_STEP_MS 5000   /* one reply; a stub answers within one */
#define LIMIT_LIVE_HALT_MS 60000  /* all of it: then the guest goes on, read or not */
#define LIMIT_LIVE_DETACH_MS 2000 /* a stub that lost its guest does not answer */
#define LIMIT_LIVE_THREADS 64     /* virtual CPUs to ask: one that runs the kernel is enough */
#define LIMIT_LIVE_SCAN_BYTES ((uint64_t)192 << 20) /* a kernel's image with its modules */
#define LIMIT_LIVE_PHYSICAL_BYTES ((uint64_t)16 << 30) /* looked through, where time allows it */
#define LIMIT_LIVE_ARENA_BYTES ((size_t)64 << 20)   /* of memory read; a log takes 1 to 2 MiB */
#define LIMIT_RING_BITS                                                                            \
    20 /* 2^20 records with 32 MiB of text: log_buf_len=32M; 4 times Debian's most */

/* Crash reports: kept of one boot, and lines and bytes of text in which reports may be open at once
 * (a dump of all tasks has some thousand lines; what comes behind closes the reports early). */
#define LIMIT_CRASHES 256
#define LIMIT_CRASH_LINES 4096
#define LIMIT_CRASH_LINE_BYTES 2048
#define LIMIT_CRASH_FRAMES 256

/*
 * Source lines (--vmlinux): a kernel with everything built in has some 300,000 symbols; functions
 * inlined into each other at one place; frames looked up in all (a flood of warnings repeats them).
 */
#define LIMIT_SYMBOLS 4000000
#define LIMIT_INLINED 32
#define LIMIT_SYMBOL_FRAMES 4096
