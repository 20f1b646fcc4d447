/* SPDX-License-Identifier: Apache-2.0 */
/* The prefixes of dmesg output; see dmesg_prefix.h. */
#include "parsers/dmesg_prefix.h"

#include "parsers/printk.h"

#include <string.h>

/* The longest abbreviation of a weekday in glibc's locales has six letters of two bytes. */
#define WEEKDAY_BYTES_MAX 14

static const int64_t minute_us = 60 * 1000000;

/* "kern  :warn  : " */
static bool take_decoded(struct str *in, struct record *out)
{
    struct str s = *in, facility, level;
    enum facility f;
    enum level l;

    if (s.n < 10 || !str_take_until(&s, ':', &facility) || facility.n < 4 || facility.n > 8 ||
        !str_take_until(&s, ':', &level) || level.n < 4 || level.n > 8 || !str_take_char(&s, ' '))
        return false;
    if (!facility_from_name(str_trim_end(facility), &f) ||
        !level_from_name(str_trim_end(level), &l))
        return false;
    out->facility = f;
    out->level = l;
    *in = s;
    return true;
}

/* "0,000112": dmesg prints differences with printf("%f"), so with the locale's decimal point. */
static bool take_comma(struct str *in, int64_t *us)
{
    struct str s = *in;
    uint64_t sec, micros;

    str_take_spaces(&s);
    if (!str_take_u64(&s, &sec) || sec > INT32_MAX || !str_take_char(&s, ',') ||
        !str_take_digits(&s, 6, &micros))
        return false;
    *us = (int64_t)(sec * 1000000 + micros);
    *in = s;
    return true;
}

/* "    0.100000", "   -0.035306" when the clock was set back. */
static bool take_signed(struct str *in, int64_t *us)
{
    struct str s = *in;
    bool negative;

    str_take_spaces(&s);
    negative = str_take_char(&s, '-');
    if (!clock_take_mono(&s, us) && !take_comma(&s, us))
        return false;
    if (negative)
        *us = -*us;
    *in = s;
    return true;
}

/* "<    0.100000>": a difference. */
static bool take_difference(struct str *in, int64_t *us)
{
    struct str s = *in;

    if (!str_take_char(&s, '<') || !take_signed(&s, us) || !str_take_char(&s, '>'))
        return false;
    *in = s;
    return true;
}

static void add_difference(struct record *out, struct dmesg_clock *clock, int64_t us)
{
    /* Each is at most MONO_SEC_MAX seconds; a forged stream of such must not overflow. */
    if (clock->mono_us > INT64_MAX / 4 || clock->mono_us < INT64_MIN / 4)
        *clock = (struct dmesg_clock){ 0 };
    clock->mono_us += us;
    clock->since_us += us;
    out->mono_us = clock->mono_us;
    out->flags |= RECORD_MONO_REL;
}

/* Behind "[": "    1.125782]", "    1.125782 <    0.100000>]", "<    0.100000>]". */
static bool take_seconds(struct str *in, struct record *out, struct dmesg_clock *clock)
{
    struct str s = *in;
    int64_t mono, difference;

    if (clock_take_mono(&s, &mono)) {
        if (str_take_char(&s, ' ') && !take_difference(&s, &difference))
            return false;
        if (!str_take_char(&s, ']'))
            return false;
        out->mono_us = mono;
        out->flags &= ~(unsigned)RECORD_MONO_REL;
    } else {
        if (!take_difference(&s, &difference) || !str_take_char(&s, ']'))
            return false;
        if (out->mono_us == TIME_UNKNOWN)
            add_difference(out, clock, difference);
    }
    *in = s;
    return true;
}

/* Behind "[": "  +0.000112]", "  -0.035306]" of -H. */
static bool take_human_difference(struct str *in, struct record *out, struct dmesg_clock *clock)
{
    struct str s = *in;
    int64_t us;

    str_take_spaces(&s);
    if ((!str_take_char(&s, '+') && !str_starts(s, STR("-"))) || !take_signed(&s, &us) ||
        !str_take_char(&s, ']'))
        return false;
    add_difference(out, clock, us);
    if (clock->has_minute) {
        out->wall_us = clock->minute_wall + clock->since_us;
        out->flags |= RECORD_WALL_NO_YEAR | RECORD_WALL_NO_ZONE | RECORD_WALL_COARSE;
    }
    *in = s;
    return true;
}

/*
 * Behind "[": "Nov20 23:35]" of -H, in place of a difference when the minute changed. How long
 * after the record before is not said: at least what the minutes say.
 */
static bool take_human_minute(struct str *in, struct record *out, struct dmesg_clock *clock)
{
    struct str s = *in;
    uint64_t day, hour, minute;
    unsigned month;
    int64_t wall, at_least;

    if (!clock_take_month(&s, &month))
        return false;
    str_take_spaces(&s);
    if (!str_take_u64(&s, &day) || day > 31 || !str_take_char(&s, ' ') ||
        !str_take_digits(&s, 2, &hour) || !str_take_char(&s, ':') ||
        !str_take_digits(&s, 2, &minute) || !str_take_char(&s, ']') ||
        !clock_from_civil(CLOCK_YEARLESS, month, (unsigned)day, (unsigned)hour, (unsigned)minute, 0,
                          &wall))
        return false;
    if (!clock->has_minute)
        clock->first_wall = wall;
    clock->has_minute = true;
    clock->minute_wall = wall;
    clock->since_us = 0;
    at_least = wall - clock->first_wall - minute_us;
    if (clock->mono_us < at_least)
        clock->mono_us = at_least;
    out->mono_us = clock->mono_us;
    out->wall_us = wall;
    out->flags |= RECORD_MONO_REL | RECORD_WALL_NO_YEAR | RECORD_WALL_NO_ZONE | RECORD_WALL_COARSE;
    *in = s;
    return true;
}

/* "Fri", "jeu.", "\xd0\xa7\xd1\x82", "\xe5\x9b\x9b": strftime("%a") in whatever language. */
static bool take_weekday(struct str *in)
{
    struct str s = *in, word;

    if (!str_take_word(&s, &word) || word.n < 2 || word.n > WEEKDAY_BYTES_MAX)
        return false;
    for (size_t i = 0; i < word.n; i++) {
        bool last_dot = word.p[i] == '.' && i + 1 == word.n;

        if (!char_is_alpha(word.p[i]) && (unsigned char)word.p[i] < 0x80 && !last_dot)
            return false;
    }
    *in = s;
    return true;
}

/* "Nov 20", "nov.  7", and "7 avril" in the languages that have util-linux print it so. */
static bool take_month_and_day(struct str *in, unsigned *month, uint64_t *day)
{
    struct str s = *in;

    if (clock_take_month(&s, month)) {
        str_take_spaces(&s);
        if (!str_take_u64(&s, day))
            return false;
    } else {
        if (!str_take_u64(&s, day))
            return false;
        str_take_char(&s, '.');
        if (!str_take_char(&s, ' ') || !clock_take_month(&s, month))
            return false;
    }
    *in = s;
    return *day <= 31;
}

/* Behind "[": "Fri Nov 20 23:31:30 2026]", "Fri Nov 20 23:31:30 2026 <    0.100000>]". */
static bool take_ctime(struct str *in, struct record *out, struct dmesg_clock *clock)
{
    struct str s = *in;
    uint64_t day, year;
    unsigned month;
    int64_t midnight, time_us, difference;

    (void)clock;
    if (!take_weekday(&s) || !str_take_spaces(&s) || !take_month_and_day(&s, &month, &day) ||
        !str_take_char(&s, ' ') || !clock_take_time(&s, &time_us) || !str_take_char(&s, ' ') ||
        !str_take_digits(&s, 4, &year) ||
        !clock_from_civil((int64_t)year, month, (unsigned)day, 0, 0, 0, &midnight))
        return false;
    if (str_take_char(&s, ' ') && !take_difference(&s, &difference))
        return false;
    if (!str_take_char(&s, ']'))
        return false;
    if (out->wall_us == TIME_UNKNOWN)
        out->flags |= RECORD_WALL_NO_ZONE | RECORD_WALL_COARSE;
    out->wall_us = midnight + time_us;
    *in = s;
    return true;
}

/* "2026-11-20T23:35:17,470422+00:00": the comma tells it from other formats' stamps. */
static bool take_iso(struct str *in, struct record *out, struct dmesg_clock *clock)
{
    struct str s = *in;
    int64_t wall;
    unsigned gaps;

    (void)clock;
    if (s.n < 27 || s.p[10] != 'T' || s.p[19] != ',' || !clock_take_iso(&s, &wall, &gaps))
        return false;
    out->wall_us = wall;
    out->flags &= ~(unsigned)(RECORD_WALL_COARSE | RECORD_WALL_NO_ZONE | RECORD_WALL_NO_YEAR);
    if (gaps & CLOCK_NO_ZONE)
        out->flags |= RECORD_WALL_NO_ZONE;
    *in = s;
    return true;
}

static const struct {
    bool bracketed;
    bool (*take)(struct str *in, struct record *out, struct dmesg_clock *clock);
} forms[] = {
    { true, take_seconds },      { true, take_human_difference },
    { true, take_human_minute }, { true, take_ctime },
    { false, take_iso },
};

/*
 * One stamp of a form that this line does not have yet (`seen`): a second one of the same form is
 * text that looks like a stamp.
 */
static bool take_form(struct str *in, struct record *out, struct dmesg_clock *clock, unsigned *seen)
{
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        struct str s = *in;

        if (*seen & 1u << i || (forms[i].bracketed && !str_take_char(&s, '[')) ||
            !forms[i].take(&s, out, clock))
            continue;
        *seen |= 1u << i;
        *in = s;
        return true;
    }
    return false;
}

/* "[    T1]" glued to the stamp by the kernel, or "[T1] " behind a blank by dmesg. */
static bool take_caller(struct str *in, struct record *out)
{
    struct str s = *in;

    str_take_char(&s, ' ');
    if (!printk_take_caller(&s, &out->caller))
        return false;
    *in = s;
    return true;
}

bool dmesg_take_prefix(struct str line, struct record *out, struct dmesg_clock *clock)
{
    struct str s = line;
    bool priority = take_decoded(&s, out) || printk_take_priority(&s, &out->level, &out->facility);
    unsigned stamp = 0;
    bool caller;

    while (s.n) {
        struct str next = s;

        if ((stamp && !str_take_char(&next, ' ')) || !take_form(&next, out, clock, &stamp))
            break;
        s = next;
    }
    caller = (stamp || priority) && take_caller(&s, out);
    if (stamp || caller)
        str_take_char(&s, ' ');
    out->text = s;
    return priority || stamp;
}

bool dmesg_starts_stamp(struct str s)
{
    struct str digits;
    enum level level;
    enum facility facility;
    int64_t mono;

    printk_take_priority(&s, &level, &facility);
    if (s.n < 14 || s.p[0] != '[' || str_find_char(str_first(s, 20), '.') < 6)
        return false;
    digits = str_from_at(s, str_find_char(str_first(s, 20), '.') + 1);
    return digits.n > 6 && digits.p[6] == ']' && printk_take_stamp(&s, &mono) &&
           (s.n == 0 || s.p[0] == ' ' || s.p[0] == '[');
}

/* "<4>" or "<30>" or "<191>" right before the stamp at `at` belongs to it: how many bytes. */
static size_t priority_before(struct str s, size_t at)
{
    for (size_t n = 3; n <= 5 && n <= at; n++)
        if (s.p[at - n] == '<' && dmesg_starts_stamp(str_from_at(s, at - n)))
            return n;
    return 0;
}

size_t dmesg_find_stamp(struct str s, size_t from)
{
    while (from < s.n) {
        struct str rest = str_from_at(s, from);
        size_t at = str_find_char(rest, '[');

        if (at == STR_NOT_FOUND)
            return STR_NOT_FOUND;
        if (dmesg_starts_stamp(str_from_at(rest, at)))
            return from + at - priority_before(rest, at);
        from += at + 1;
    }
    return STR_NOT_FOUND;
}

bool dmesg_is_indented(struct str line)
{
    return line.n >= DMESG_INDENT_MIN && memcmp(line.p, "             ", DMESG_INDENT_MIN) == 0;
}
