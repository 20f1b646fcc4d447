/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines on a terminal: wrapping, cutting and colour. Texts come in escaped already (out_tty()), so
 * that one code point is one column.
 */
#pragma once

#include "reports/out.h"

/* Columns that `s` takes. */
size_t layout_columns(struct str s);

/*
 * Writes `s` word by word and begins a new line, `indent` blanks deep, before a word that would
 * pass `width` (0: never). The cursor stands at column `at`; ends without a newline. Returns the
 * column behind the last word. A newline in `s` is a blank; a number stays
 * with its unit.
 */
size_t layout_wrap(struct out *o, struct str s, size_t at, size_t indent, size_t width);

/* Writes at most `columns` of `s` (0: all), with "…" as the last one when something was cut. */
void layout_cut(struct out *o, struct str s, size_t columns);

/* A style is always beside a word that says the same: colour never stands alone. */
enum style { STYLE_NONE, STYLE_BOLD, STYLE_DIM, STYLE_RED, STYLE_YELLOW, STYLE_BLUE };

/* `words` in a style when `color`, plainly otherwise. */
void layout_styled(struct out *o, bool color, enum style style, struct str words);
