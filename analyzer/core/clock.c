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

/* "4\xe6\x9c\x88" and "4\xec\x9b\x94": month of zh, ja and ko. */
static bool take_numbered_month(struct str *in, unsigned *month)
{
    struct str s = *in;
    uint64_t number;

    if (!str_take_u64(&s, &number) || number < 1 || number > 12 ||
        (!str_take(&s, STR("\xe6\x9c\x88")) && !str_take(&s, STR("\xec\x9b\x94"))))
        return false;
    *month = (unsigned)number;
    *in = s;
    return true;
}

bool clock_take_month(struct str *in, unsigned *month)
{
    /* strftime("%b") of glibc and Windows: en, then de, fr, es, it, nl, pt, sv/da/nb, pl, tr, ru,
     * uk, cs, hu, fi. */
    static const struct {
        struct str name;
        unsigned month;
    } months[] = {
        { { STR_INIT("jan") }, 1 },
        { { STR_INIT("feb") }, 2 },
        { { STR_INIT("mar") }, 3 },
        { { STR_INIT("apr") }, 4 },
        { { STR_INIT("may") }, 5 },
        { { STR_INIT("jun") }, 6 },
        { { STR_INIT("jul") }, 7 },
        { { STR_INIT("aug") }, 8 },
        { { STR_INIT("sept") }, 9 },
        { { STR_INIT("sep") }, 9 },
        { { STR_INIT("oct") }, 10 },
        { { STR_INIT("nov") }, 11 },
        { { STR_INIT("dec") }, 12 },
        { { STR_INIT("m\xc3\xa4r") }, 3 },
        { { STR_INIT("m\xe4r") }, 3 },
        { { STR_INIT("mrt") }, 3 },
        { { STR_INIT("mei") }, 5 },
        { { STR_INIT("maj") }, 5 },
        { { STR_INIT("mai") }, 5 },
        { { STR_INIT("okt") }, 10 },
        { { STR_INIT("dez") }, 12 },
        { { STR_INIT("des") }, 12 },
        { { STR_INIT("janv") }, 1 },
        { { STR_INIT("f\xc3\xa9vr") }, 2 },
        { { STR_INIT("mars") }, 3 },
        { { STR_INIT("avril") }, 4 },
        { { STR_INIT("avr") }, 4 },
        { { STR_INIT("juin") }, 6 },
        { { STR_INIT("juil") }, 7 },
        { { STR_INIT("ao\xc3\xbbt") }, 8 },
        { { STR_INIT("d\xc3\xa9"
                     "c") },
          12 },
        { { STR_INIT("ene") }, 1 },
        { { STR_INIT("abr") }, 4 },
        { { STR_INIT("ago") }, 8 },
        { { STR_INIT("dic") }, 12 },
        { { STR_INIT("gen") }, 1 },
        { { STR_INIT("mag") }, 5 },
        { { STR_INIT("giu") }, 6 },
        { { STR_INIT("lug") }, 7 },
        { { STR_INIT("set") }, 9 },
        { { STR_INIT("ott") }, 10 },
        { { STR_INIT("fev") }, 2 },
        { { STR_INIT("out") }, 10 },
        { { STR_INIT("sty") }, 1 },
        { { STR_INIT("lut") }, 2 },
        { { STR_INIT("kwi") }, 4 },
        { { STR_INIT("cze") }, 6 },
        { { STR_INIT("lip") }, 7 },
        { { STR_INIT("sie") }, 8 },
        { { STR_INIT("wrz") }, 9 },
        { { STR_INIT("pa\xc5\xba") }, 10 },
        { { STR_INIT("lis") }, 11 },
        { { STR_INIT("gru") }, 12 },
        { { STR_INIT("oca") }, 1 },
        { { STR_INIT("\xc5\x9fub") }, 2 },
        { { STR_INIT("nis") }, 4 },
        { { STR_INIT("haz") }, 6 },
        { { STR_INIT("tem") }, 7 },
        { { STR_INIT("a\xc4\x9fu") }, 8 },
        { { STR_INIT("eyl") }, 9 },
        { { STR_INIT("eki") }, 10 },
        { { STR_INIT("kas") }, 11 },
        { { STR_INIT("ara") }, 12 },
        { { STR_INIT("\xd1\x8f\xd0\xbd\xd0\xb2") }, 1 },
        { { STR_INIT("\xd1\x84\xd0\xb5\xd0\xb2") }, 2 },
        { { STR_INIT("\xd0\xbc\xd0\xb0\xd1\x80") }, 3 },
        { { STR_INIT("\xd0\xb0\xd0\xbf\xd1\x80") }, 4 },
        { { STR_INIT("\xd0\xbc\xd0\xb0\xd1\x8f") }, 5 },
        { { STR_INIT("\xd0\xb8\xd1\x8e\xd0\xbd") }, 6 },
        { { STR_INIT("\xd0\xb8\xd1\x8e\xd0\xbb") }, 7 },
        { { STR_INIT("\xd0\xb0\xd0\xb2\xd0\xb3") }, 8 },
        { { STR_INIT("\xd1\x81\xd0\xb5\xd0\xbd") }, 9 },
        { { STR_INIT("\xd0\xbe\xd0\xba\xd1\x82") }, 10 },
        { { STR_INIT("\xd0\xbd\xd0\xbe\xd1\x8f") }, 11 },
        { { STR_INIT("\xd0\xb4\xd0\xb5\xd0\xba") }, 12 },
        { { STR_INIT("\xd1\x81\xd1\x96\xd1\x87") }, 1 },
        { { STR_INIT("\xd0\xbb\xd1\x8e\xd1\x82") }, 2 },
        { { STR_INIT("\xd0\xb1\xd0\xb5\xd1\x80") }, 3 },
        { { STR_INIT("\xd0\xba\xd0\xb2\xd1\x96") }, 4 },
        { { STR_INIT("\xd1\x82\xd1\x80\xd0\xb0") }, 5 },
        { { STR_INIT("\xd1\x87\xd0\xb5\xd1\x80") }, 6 },
        { { STR_INIT("\xd0\xbb\xd0\xb8\xd0\xbf") }, 7 },
        { { STR_INIT("\xd1\x81\xd0\xb5\xd1\x80") }, 8 },
        { { STR_INIT("\xd0\xb2\xd0\xb5\xd1\x80") }, 9 },
        { { STR_INIT("\xd0\xb6\xd0\xbe\xd0\xb2") }, 10 },
        { { STR_INIT("\xd0\xbb\xd0\xb8\xd1\x81") }, 11 },
        { { STR_INIT("\xd0\xb3\xd1\x80\xd1\x83") }, 12 },
        { { STR_INIT("led") }, 1 },
        { { STR_INIT("\xc3\xbano") }, 2 },
        { { STR_INIT("b\xc5\x99"
                     "e") },
          3 },
        { { STR_INIT("dub") }, 4 },
        { { STR_INIT("kv\xc4\x9b") }, 5 },
        { { STR_INIT("\xc4\x8d"
                     "en") },
          6 },
        { { STR_INIT("\xc4\x8d"
                     "ec") },
          7 },
        { { STR_INIT("srp") }, 8 },
        { { STR_INIT("z\xc3\xa1\xc5\x99") }, 9 },
        { { STR_INIT("\xc5\x99\xc3\xadj") }, 10 },
        { { STR_INIT("pro") }, 12 },
        { { STR_INIT("febr") }, 2 },
        { { STR_INIT("m\xc3\xa1rc") }, 3 },
        { { STR_INIT("\xc3\xa1pr") }, 4 },
        { { STR_INIT("m\xc3\xa1j") }, 5 },
        { { STR_INIT("j\xc3\xban") }, 6 },
        { { STR_INIT("j\xc3\xbal") }, 7 },
        { { STR_INIT("szept") }, 9 },
        { { STR_INIT("tammi") }, 1 },
        { { STR_INIT("helmi") }, 2 },
        { { STR_INIT("maalis") }, 3 },
        { { STR_INIT("huhti") }, 4 },
        { { STR_INIT("touko") }, 5 },
        { { STR_INIT("kes\xc3\xa4") }, 6 },
        { { STR_INIT("hein\xc3\xa4") }, 7 },
        { { STR_INIT("elo") }, 8 },
        { { STR_INIT("syys") }, 9 },
        { { STR_INIT("loka") }, 10 },
        { { STR_INIT("marras") }, 11 },
        { { STR_INIT("joulu") }, 12 },
        { { STR_INIT("\xd0\xbc\xd0\xb0\xd0\xb9") }, 5 },
        { { STR_INIT("\xc5\x9eub") }, 2 },
        { { STR_INIT("april") }, 4 },
        { { STR_INIT("juni") }, 6 },
        { { STR_INIT("juli") }, 7 },
    };
    size_t best = 0;

    if (take_numbered_month(in, month))
        return true;
    for (size_t i = 0; i < sizeof months / sizeof months[0]; i++) {
        struct str s = *in;

        if (months[i].name.n <= best || !str_take_nocase(&s, months[i].name) ||
            (s.n && char_is_alpha(s.p[0])))
            continue;
        best = months[i].name.n;
        *month = months[i].month;
        if (s.n && s.p[0] == ' ')
            break; /* nothing longer fits */
    }
    if (!best)
        return false;
    *in = str_from_at(*in, best);
    str_take_char(in, '.');
    return true;
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
