/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines of VMware's dictionary format, as .vmx files hold them and vmware.log dumps them:
 *
 *     scsi0.virtualDev = "pvscsi"     # comment
 *     annotation = "two|0Alines"
 *
 * Source: open-vm-tools lib/dict/dictll.c (DictLL_UnmarshalLine(), DictLL_MarshalLine()). A `"`, a
 * `|`, 0x7f and all control characters but tab are written as `|` and two hex digits; bytes from
 * 0x80 on stay as they are.
 */
#pragma once

#include "parsers/lines.h"

/*
 * Splits `text` at the first '='. `key` gets the name without blanks around it and is never empty;
 * `raw` the rest without leading blanks. False when `text` is not a setting.
 */
bool dict_take_setting(struct str text, struct str *key, struct str *raw);

/*
 * The value that `raw` stands for: what the quotes hold, unescaped (in `j`, where there is
 * something to unescape); without quotes all of it as it is, which is how the log of Workstation 9
 * and before prints values.
 */
struct str dict_value(struct str raw, struct joiner *j);

/* True for lines that hold no setting by design: empty, or a comment. */
bool dict_is_blank(struct str text);
