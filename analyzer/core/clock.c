/* SPDX-License-Identifier: Apache-2.0 */
/* Stamps to microseconds and back, without locale, zone database or system clock. */
#include "analyzer/core/clock.h"

#include <inttypes.h>
#include <stdio.h>

enum { DAY_SECONDS = 86400 };
static const int64_t second_us = 1000000;

/* Howard Hinnant's days_from_civil: years start in March, so that leap days come last. */
int64_t clock_days(int64_t year, unsigned month, unsigned day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t yoe = y - era * 400;
    int64_t doy = (153 * (int64_t)(month > 2 ? month - 3 : month + 9) + 2) / 5 + (int64_t)day - 1;
    int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

    return era * 146097 + doe - 719468;
}

static unsigned month_days(int64_t year, unsigned month)
{
    static const unsigned char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return month == 2 && leap ? 29 : days[month - 1];
}

/* NOLINTNEXTLINE(readability-function-size): the fields of a date */
bool clock_from_civil(int64_t year, unsigned month, unsigned day, unsigned hour, unsigned minute,
                      unsigned second, int64_t *wall_us)
{
    if (month < 1 || month > 12 || day < 1 || day > month_days(year, month))
        return false;
    if (hour > 23 || minute > 59 || second > 60)
        return false;
    *wall_us = (clock_days(year, month, day) * DAY_SECONDS + (int64_t)hour * 3600 +
                (int64_t)minute * 60 + (int64_t)second) *
               second_us;
    return true;
}

bool clock_take_time(struct str *in, int64_t *us)
{
    struct str s = *in;
    uint64_t hour, minute, second, frac = 0;

    if (!str_take_digits(&s, 2, &hour) || !str_take_char(&s, ':') ||
        !str_take_digits(&s, 2, &minute) || !str_take_char(&s, ':') ||
        !str_take_digits(&s, 2, &second))
        return false;
    if (hour > 23 || minute > 59 || second > 60)
        return false;
    if (s.n > 1 && (s.p[0] == '.' || s.p[0] == ',') && char_is_digit(s.p[1])) {
        s = str_from_at(s, 1);
        str_take_micros(&s, &frac);
    }
    *us = (int64_t)(hour * 3600 + minute * 60 + second) * second_us + (int64_t)frac;
    *in = s;
    return true;
}

/* "Z", "+02:00", "-0700", "+02"; *offset_us is what to subtract to get UTC. */
static bool take_zone(struct str *in, int64_t *offset_us)
{
    struct str s = *in;
    uint64_t hour, minute = 0;
    bool west;

    if (str_take_char(&s, 'Z')) {
        *offset_us = 0;
        *in = s;
        return true;
    }
    west = str_take_char(&s, '-');
    if ((!west && !str_take_char(&s, '+')) || !str_take_digits(&s, 2, &hour))
        return false;
    if (str_take_char(&s, ':') && !str_take_digits(&s, 2, &minute))
        return false;
    str_take_digits(&s, 2, &minute);
    if (hour > 15 || minute > 59)
        return false;
    *offset_us = (int64_t)(hour * 3600 + minute * 60) * second_us * (west ? -1 : 1);
    *in = s;
    return true;
}

bool clock_take_iso(struct str *in, int64_t *wall_us, unsigned *gaps)
{
    struct str s = *in;
    uint64_t year, month, day;
    int64_t midnight, time_us, offset_us = 0;
    unsigned missing = 0;

    if (!str_take_digits(&s, 4, &year) || !str_take_char(&s, '-') ||
        !str_take_digits(&s, 2, &month) || !str_take_char(&s, '-') || !str_take_digits(&s, 2, &day))
        return false;
    if (!str_take_char(&s, 'T') && !str_take_char(&s, ' '))
        return false;
    if (!clock_take_time(&s, &time_us) ||
        !clock_from_civil((int64_t)year, (unsigned)month, (unsigned)day, 0, 0, 0, &midnight))
        return false;
    if (!take_zone(&s, &offset_us))
        missing = CLOCK_NO_ZONE;
    *wall_us = midnight + time_us - offset_us;
    *gaps = missing;
    *in = s;
    return true;
}

/* "7月", "7월": zh, ja and ko write the month's number. */
static bool take_month_number(struct str *in, unsigned *month)
{
    struct str s = *in;
    uint64_t number;

    if (!str_take_u64(&s, &number) || number < 1 || number > 12 ||
        (!str_take(&s, STR("月")) && !str_take(&s, STR("월"))))
        return false;
    *month = (unsigned)number;
    *in = s;
    return true;
}

bool clock_take_month(struct str *in, unsigned *month)
{
    static const struct {
        struct str name;
        unsigned month;
    } months[] = {
#define MONTH(text, number) { { STR_INIT(text) }, (number) },
#include "analyzer/core/month.def"
#undef MONTH
    };

    if (in->n && char_is_digit(in->p[0]))
        return take_month_number(in, month);
    for (size_t i = 0; i < sizeof months / sizeof months[0]; i++) {
        struct str s = *in;

        /* A whole word, so no name hides a longer one. */
        if (!str_take_nocase(&s, months[i].name) ||
            (s.n && (char_is_alpha(s.p[0]) || (unsigned char)s.p[0] >= 0x80)))
            continue;
        *month = months[i].month;
        str_take_char(&s, '.');
        *in = s;
        return true;
    }
    return false;
}

bool clock_take_yearless(struct str *in, int64_t *wall_us)
{
    struct str s = *in;
    unsigned month;
    uint64_t day;
    int64_t midnight, time_us;

    if (!clock_take_month(&s, &month) || !str_take_spaces(&s) || !str_take_u64(&s, &day) ||
        day > 31 || !str_take_char(&s, ' ') || !clock_take_time(&s, &time_us) ||
        !clock_from_civil(CLOCK_YEARLESS, month, (unsigned)day, 0, 0, 0, &midnight))
        return false;
    *wall_us = midnight + time_us;
    *in = s;
    return true;
}

bool clock_take_mono(struct str *in, int64_t *mono_us)
{
    struct str s = *in;
    uint64_t sec, frac;
    size_t before;

    str_take_spaces(&s);
    if (!str_take_u64(&s, &sec) || sec > MONO_SEC_MAX || !str_take_char(&s, '.'))
        return false;
    before = s.n;
    if (!str_take_micros(&s, &frac) || before - s.n < 3)
        return false;
    *mono_us = (int64_t)(sec * 1000000 + frac);
    *in = s;
    return true;
}

const char *clock_format(int64_t wall_us, char out[CLOCK_TEXT])
{
    int64_t us = wall_us % (DAY_SECONDS * second_us);
    int64_t days = wall_us / (DAY_SECONDS * second_us);
    int64_t era, doe, yoe, doy, mp, year;
    unsigned month, day, of_day;

    if (us < 0) {
        us += DAY_SECONDS * second_us;
        days--;
    }
    days += 719468;
    era = (days >= 0 ? days : days - 146096) / 146097;
    doe = days - era * 146097;
    yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    mp = (5 * doy + 2) / 153;
    day = (unsigned)(doy - (153 * mp + 2) / 5 + 1);
    month = (unsigned)(mp < 10 ? mp + 3 : mp - 9);
    year = yoe + era * 400 + (month <= 2);
    of_day = (unsigned)(us / second_us);
    snprintf(out, CLOCK_TEXT, "%04" PRId64 "-%02u-%02uT%02u:%02u:%02u.%06uZ", year, month, day,
             of_day / 3600, of_day / 60 % 60, of_day % 60, (unsigned)(us % second_us));
    return out;
}
