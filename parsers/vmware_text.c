/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What may stand at the beginning of a text of vmware.log, behind the prefix that vmware_line.c
 * takes off: an operation's id, the guest's mark, its kernel's stamp. See vmware_line.h.
 */
#include "parsers/vmware_line.h"

#include "parsers/printk.h"

/* "-", "293b2adb", "vim-cmd-09-a45d", "lnx6ehce-42910-auto-x40-h5:70004075-b2-a9-003a" */
static bool looks_like_opid(struct str word)
{
    size_t digits = 0, hexes = 0, dashes = 0;

    if (str_eq(word, STR("-")))
        return true;
    if (word.n < 6 || word.n > 96 || word.p[word.n - 1] == ':')
        return false;
    for (size_t i = 0; i < word.n; i++) {
        char c = word.p[i];

        if (!char_is_alnum(c) && c != '-' && c != ':' && c != '_' && c != '.')
            return false;
        digits += char_is_digit(c);
        hexes += char_hex(c) >= 0;
        dashes += c == '-';
    }
    return digits && (dashes || (word.n == 8 && hexes == 8));
}

bool vmware_line_has_opid(const struct vmware_line *line)
{
    struct str s = line->text, word;

    return line->prefix == VMWARE_PAREN && str_take_word(&s, &word) && word.p == line->text.p &&
           looks_like_opid(word);
}

void vmware_line_take_opid(struct vmware_line *line)
{
    struct str s = line->text, word;

    /* Lines of the sandbox process have a second blank here and no id. */
    if (line->prefix != VMWARE_PAREN || !str_take_word(&s, &word))
        return;
    str_take_char(&s, ' ');
    line->opid = str_eq(word, STR("-")) ? (struct str){ 0 } : word;
    line->text = s;
}

bool vmware_take_guest(struct str *text)
{
    return str_take(text, STR("Guest: ")) || (text->n == 6 && str_take(text, STR("Guest:")));
}

bool vmware_take_printk(struct str *text, struct vmware_printk *out)
{
    struct str s = *text;
    struct vmware_printk p = { 0 };

    if (!printk_take_priority(&s, &p.level, &p.facility) || !printk_take_stamp(&s, &p.mono_us))
        return false;
    printk_take_caller(&s, &p.caller);
    str_take_char(&s, ' ');
    *out = p;
    *text = s;
    return true;
}

bool vmware_is_throttle(struct str text)
{
    text = str_trim(text);
    return str_eq(text, STR("<<< Log Throttled >>>")) ||
           str_eq(text, STR("<<< Guest Log Throttled >>>"));
}
