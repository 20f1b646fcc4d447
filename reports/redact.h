/* SPDX-License-Identifier: Apache-2.0 */
/*
 * --redact: what identifies people and machines in a log becomes a token of the same kind,
 * "host-3f9a1c77b0", the same one for the same value wherever it stands in the outputs of a run. An
 * output that has a redactor (out_redact()) applies it in its escapers, so no report can forget.
 *
 * Found by shape, or by what stands before them (redact_kinds.def): addresses, MACs, UUIDs in all
 * their spellings, world wide names, initiators, mail, users, hosts in URLs, mounts and messages,
 * volume groups and labels, serial numbers, cloud instances, SSIDs, passwords. Found by name: what
 * redact_learn() was told, host names and the VM's names out of the log itself. What says nothing
 * stays: 127.0.0.1, ::1, netmasks, "vg-root", sites that everybody reads.
 */
#pragma once

#include "analyzer/diagnose/cases.h"

struct redactor;

/*
 * Tokens are keyed with `key`, so that nobody can try values until the token fits: random for a
 * run, or the user's, for tokens that stay the same from run to run. NULL: out of memory.
 */
struct redactor *redactor_new(struct str key);
void redactor_free(struct redactor *r);

/*
 * A name that stands for something private, wherever it is a word of its own. One that is short
 * (under three characters), a number or a word that every log has ("kernel") is put away only where
 * it is all of a text, as names of machines are in reports; it is in redact_kept().
 */
void redact_learn(struct redactor *r, enum value_sort sort, struct str name);

/*
 * A path as somebody wrote it, and the directories above it: what they are called is replaced but
 * for what everybody's are called, so that "lab/acme-7/vmware.log" is "lab/path-…/vmware.log".
 */
void redact_learn_path(struct redactor *r, struct str path);

/* The names that the log tells; nothing when `r` is NULL. */
void redact_learn_analysis(struct redactor *r, const struct analysis *a);

/* What a history calls a machine, whose log is not at hand. */
void redact_learn_machine(struct redactor *r, struct str id, struct str name);

/* Those of all cases, before any of them is written: they may name each other. */
void redact_learn_cases(struct redactor *r, const struct cases *cases);

/* Memory did not suffice to learn all: nothing must be written. */
bool redact_is_full(const struct redactor *r);

/* `s`, or what it becomes; valid until the next call. */
struct str redact(struct redactor *r, struct str s);

/*
 * What to write of a VM's setting: one token when its owner wrote it ("annotation"), whatever it
 * says; else the value as it is, which an escaper will look at. Valid until the next call.
 */
struct str redact_setting(struct redactor *r, struct str key, struct str value);

/* All of `s` as one token of `kind`, for what only looks alike; valid until the next call. */
struct str redact_hide(struct redactor *r, const char *kind, struct str s);

/* How many values were replaced, counting each place; how many places looked like a name. */
uint64_t redact_count(const struct redactor *r);

struct redact_pair {
    struct str from, to; /* a value and its token */
};

/* The private map, in the order of first appearance; valid while the redactor is. */
size_t redact_map(const struct redactor *r, const struct redact_pair **pairs);

/* How many places were replaced whose value found no room in the map. */
uint64_t redact_forgotten(const struct redactor *r);

/* What looked like a name and was kept: names too common, dotted words nobody learned. Each once.
 */
size_t redact_kept(const struct redactor *r, const struct str **kept);
