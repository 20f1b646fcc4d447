/* SPDX-License-Identifier: Apache-2.0 */
/* Time and host before a received message; see receiver.h. */
#include "parsers/receiver.h"

bool receiver_take_wall(struct str *in, struct record *out)
{
    struct str s = *in, stamp;
    unsigned gaps = 0;

    if (clock_take_yearless(&s, &out->wall_us))
        gaps = CLOCK_NO_YEAR | CLOCK_NO_ZONE;
    else if (s.n < 19 || s.p[10] != 'T' || !clock_take_iso(&s, &out->wall_us, &gaps))
        return false;
    stamp = str_first(*in, in->n - s.n);
    if (str_find_char(stamp, '.') == STR_NOT_FOUND && str_find_char(stamp, ',') == STR_NOT_FOUND)
        out->flags |= RECORD_WALL_COARSE;
    if (gaps & CLOCK_NO_YEAR)
        out->flags |= RECORD_WALL_NO_YEAR;
    if (gaps & CLOCK_NO_ZONE)
        out->flags |= RECORD_WALL_NO_ZONE;
    *in = s;
    return true;
}

bool receiver_is_host(struct str word)
{
    for (size_t i = 0; i < word.n; i++)
        if (!char_is_alnum(word.p[i]) && word.p[i] != '.' && word.p[i] != '-' && word.p[i] != '_' &&
            word.p[i] != ':' && (unsigned char)word.p[i] < 0x80)
            return false;
    return word.n > 0 && word.p[word.n - 1] != ':';
}
