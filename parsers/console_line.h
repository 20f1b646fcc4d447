/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one line of a serial console is made of, and whose words they are.
 *
 * A console is shared: firmware, kernel and programs write to it without waiting for each other's
 * line ends, and redraw what they wrote. So one line of the capture may be
 *
 *     Probing EDD (edd=off to disable)... o␛c␛[2J[    0.000000] Linux version 6.1.0 …
 *     (initramfs) ␛[6n[   93.415923] sd 0:0:0:0: [sda] Attached SCSI disk
 *     copied 10%␍copied 20%␍copied 30%
 */
#pragma once

#include "analyzer/core/str.h"

/* A stretch of a line that one writer wrote. */
struct piece {
    struct str raw; /* part of the line, escapes included */
    bool stamped;   /* begins with "[   12.345678] " or "<4>[   12.345678] " */
};

/*
 * Takes the next piece. A stamp in mid-line starts a new one when the kernel may have said it at
 * all: not in quotes, not behind "kernel: ", and not before `not_before_us` (TIME_UNKNOWN: any).
 * False at the end of the line.
 */
bool piece_take(struct str *line, int64_t not_before_us, struct piece *out);

/* Whose words a text (without escapes) begins with; none of them says anything about others. */
enum words {
    WORDS_ANY,
    WORDS_FIRMWARE,       /* BIOS, EFI, boot loader, or the kernel's own loader */
    WORDS_FIRMWARE_FIRST, /* of these: said once per start, and only by firmware */
    WORDS_USER,           /* init, the initial RAM disk, a login prompt */
    WORDS_KERNEL_DONE,    /* the kernel's last words before user space */
};

enum words console_words(struct str text);

/* Literals whose lines decide whose text follows; NULL-terminated. */
extern const char *const console_marks[];
