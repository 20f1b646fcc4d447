/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Terminal escape sequences as they stand in console captures and coloured dmesg output. Sources:
 * ECMA-48 (CSI, OSC, DCS), and what systemd, GRUB, SeaBIOS and util-linux really print.
 */
#pragma once

#include "parsers/lines.h"

/* What a sequence does to the line that it stands in. */
enum ansi_effect {
    ANSI_STYLE, /* colour, a query, a title: the text around it belongs together */
    ANSI_BREAK, /* the screen is cleared or the cursor put elsewhere: other text follows */
};

/*
 * Takes the sequence at the cursor; false when there is no ESC. A sequence that was cut short (by
 * systemd's ellipsis, by the end of the line) gives up what certainly belongs to it.
 */
bool ansi_take(struct str *in, enum ansi_effect *effect);

/*
 * Writes at most `max` bytes of `s` without escape sequences and control bytes other than tab to
 * `to` and returns them; "x\b" becomes nothing.
 */
struct str ansi_strip(struct str s, char *to, size_t max);

/* The same, appended to the joiner. */
struct str ansi_join(struct joiner *j, struct str s);
