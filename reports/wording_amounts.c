/* SPDX-License-Identifier: Apache-2.0 */
/* Words for numbers: counts, sizes, lengths of time, stamps; see wording.h. */
#include "reports/wording.h"

#include <inttypes.h>

enum { SECOND_US = 1000000 };

void wording_count(struct out *o, uint64_t n, const char *one, const char *many)
{
    out_printf(o, "%" PRIu64 " %s", n, n == 1 ? one : many);
}

void wording_bytes(struct out *o, uint64_t bytes)
{
    static const char *const units[] = { "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
    uint64_t tenths = bytes;
    size_t unit = 0;

    if (bytes < 1024) {
        wording_count(o, bytes, "byte", "bytes");
        return;
    }
    while (tenths >= 1024 * 1024) {
        tenths /= 1024;
        unit++;
    }
    /* The last division keeps one decimal: at most 1 MiB * 10 / 1024. */
    tenths = tenths * 10 / 1024;
    out_printf(o, "%" PRIu64 ".%" PRIu64 " %s", tenths / 10, tenths % 10, units[unit]);
}

void wording_duration(struct out *o, int64_t us)
{
    static const struct {
        int64_t seconds;
        const char *word;
        int64_t part_seconds;
        const char *part;
    } scales[] = { { 86400, "d", 3600, "h" }, { 3600, "h", 60, "min" }, { 60, "min", 1, "s" } };

    if (us == TIME_UNKNOWN || us < 0)
        return;
    for (size_t i = 0; i < sizeof scales / sizeof scales[0]; i++) {
        int64_t seconds = us / SECOND_US;

        if (seconds >= scales[i].seconds) {
            out_printf(o, "%" PRId64 " %s %" PRId64 " %s", seconds / scales[i].seconds,
                       scales[i].word, seconds % scales[i].seconds / scales[i].part_seconds,
                       scales[i].part);
            return;
        }
    }
    if (us >= SECOND_US)
        out_printf(o, "%" PRId64 ".%" PRId64 " s", us / SECOND_US, us % SECOND_US / 100000);
    else
        out_printf(o, "%" PRId64 " ms", us / 1000);
}

/* "12.000345": done by hand, for `records` prints one for every record. */
struct str wording_mono(int64_t mono_us, char out[CLOCK_TEXT])
{
    uint64_t value = (uint64_t)mono_us;
    size_t at = CLOCK_TEXT;

    if (mono_us == TIME_UNKNOWN || mono_us < 0)
        return (struct str){ 0 };
    for (unsigned digit = 0; digit < 7 || value; digit++) {
        if (digit == 6) {
            out[--at] = '.';
            out[--at] = (char)('0' + value % 10);
        } else {
            out[--at] = (char)('0' + value % 10);
        }
        value /= 10;
    }
    return (struct str){ .p = out + at, .n = CLOCK_TEXT - at };
}

struct str wording_stamp_text(const struct record *r, char out[CLOCK_TEXT])
{
    int64_t wall_us = r->wall_us != TIME_UNKNOWN ? r->wall_us : r->host_wall_us;
    struct str s = wording_mono(r->mono_us, out);

    if (s.n || wall_us == TIME_UNKNOWN)
        return s;
    /* 2022-05-26T21:38:13.370000Z: year and milliseconds only when the stamp has them. */
    s = str_from(clock_format(wall_us, out));
    s = str_first(s, r->flags & RECORD_WALL_COARSE ? sizeof "2022-05-26T21:38:13" - 1
                                                   : sizeof "2022-05-26T21:38:13.370" - 1);
    if (r->flags & RECORD_WALL_NO_YEAR)
        s = str_from_at(s, sizeof "2022-" - 1);
    for (size_t i = 0; i < s.n; i++)
        out[(size_t)(s.p - out) + i] = s.p[i] == 'T' ? ' ' : s.p[i];
    return s;
}

void wording_stamp(struct out *o, const struct record *r)
{
    char text[CLOCK_TEXT];

    out_raw(o, wording_stamp_text(r, text));
}
