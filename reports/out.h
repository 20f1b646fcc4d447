/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writing, with one escaper per sink: every byte that came from a log passes one of these. Own
 * words are written as they are.
 */
#pragma once

#include "analyzer/core/err.h"
#include "analyzer/engine/template.h"

/* Buffered output to a descriptor; the first write error is kept and ends all further writing. */
struct out;

struct redactor; /* redact.h */

/* Does not own `fd`. NULL: out of memory. */
struct out *out_new(int fd);

/* Into memory, for tests and for files that appear whole by rename. */
struct out *out_new_memory(void);

/* The same for a part of what `o` will get: with its redactor. */
struct out *out_new_scratch(const struct out *o);

/*
 * From now on every escaper below puts tokens in place of private values; NULL: no more. The
 * redactor stays the caller's.
 */
void out_redact(struct out *o, struct redactor *r);
struct redactor *out_redactor(const struct out *o);

/* Flushes; false with *err on a write error (EPIPE: err->sys says so). */
bool out_flush(struct out *o, struct err *err);
void out_free(struct out *o);

/* What a memory output holds; valid until the next write. out_clear() empties it. */
struct str out_bytes(const struct out *o);
void out_clear(struct out *o);

/* Own words. */
void out_puts(struct out *o, const char *s);
void out_printf(struct out *o, const char *format, ...) __attribute__((format(printf, 2, 3)));
void out_raw(struct out *o, struct str s);
void out_repeat(struct out *o, char c, size_t n);

/*
 * The same out of a file: `n` bytes from `offset`, or all that is left when that is at most `most`.
 * False with errno; EFBIG when there is more.
 */
bool out_raw_at(struct out *o, int fd, uint64_t offset, uint64_t n);
bool out_raw_rest(struct out *o, int fd, uint64_t most);

/*
 * Own words that need a sink's escaper, which is one of those below: the id of a rule, a severity.
 * No redactor sees them, or a machine called "error" would change what programs read.
 */
void out_own(struct out *o, void (*escape)(struct out *o, struct str s), struct str s);

/* Log bytes as they are, for those who asked for them. */
void out_log(struct out *o, struct str s);

/*
 * Log bytes for a terminal or a text file: C0, DEL, C1, bidi controls, zero-width characters and
 * invalid UTF-8 become \xNN (C1 and the Unicode ones by their bytes); tab becomes a blank. '\n'
 * becomes "\n" in two characters.
 */
void out_tty(struct out *o, struct str s);

/*
 * A JSON string with its quotes. What out_tty() hides is a \u escape here too, so that JSON may be
 * looked at in a terminal; a byte that is not UTF-8 becomes U+FFFD.
 */
void out_json(struct out *o, struct str s);

/*
 * Log bytes as text or as a quoted attribute of HTML and of XML 1.0: & < > " ' are entities, and
 * what out_tty() writes as \xNN stands so here too, which leaves no character that XML forbids.
 */
void out_markup(struct out *o, struct str s);

/*
 * Log bytes as a part of a line of Markdown, of which nothing acts there: no emphasis, link, table,
 * heading or HTML. Words that would become a link or call somebody (an address, "@name", "#1") are
 * code. `s` is taken to stand behind a blank or at the start of the line.
 */
void out_markdown(struct out *o, struct str s);

/* The most of `c` that stand in a row: a fence of Markdown must be longer than those in it. */
size_t out_longest_run(struct str s, char c);

/* Log bytes as the value of a Prometheus label, with its quotes. */
void out_label(struct out *o, struct str s);
