/* SPDX-License-Identifier: Apache-2.0 */
/* Points in time; see when.h. The zone is the system's: localtime_r() and mktime() read TZ. */
#include "analyzer/cli/when.h"

#include <time.h>

static const int64_t second_us = 1000000;

/* systemd.time(7), "Parsing time spans". */
static const struct {
    struct str names[4];
    int64_t us;
} units[] = {
    { { { STR_INIT("us") }, { STR_INIT("usec") } }, 1 },
    { { { STR_INIT("ms") }, { STR_INIT("msec") } }, 1000 },
    { { { STR_INIT("s") }, { STR_INIT("sec") }, { STR_INIT("second") }, { STR_INIT("seconds") } },
      1000000 },
    { { { STR_INIT("m") }, { STR_INIT("min") }, { STR_INIT("minute") }, { STR_INIT("minutes") } },
      (int64_t)60 * 1000000 },
    { { { STR_INIT("h") }, { STR_INIT("hr") }, { STR_INIT("hour") }, { STR_INIT("hours") } },
      (int64_t)3600 * 1000000 },
    { { { STR_INIT("d") }, { STR_INIT("day") }, { STR_INIT("days") } }, (int64_t)86400 * 1000000 },
    { { { STR_INIT("w") }, { STR_INIT("week") }, { STR_INIT("weeks") } },
      (int64_t)7 * 86400 * 1000000 },
    { { { STR_INIT("M") }, { STR_INIT("month") }, { STR_INIT("months") } },
      (int64_t)2629800 * 1000000 },
    { { { STR_INIT("y") }, { STR_INIT("year") }, { STR_INIT("years") } },
      (int64_t)31557600 * 1000000 },
};

enum { COUNT_MAX = 100000000, YEAR_MIN = 1970, YEAR_MAX = 2200 };

static bool take_unit(struct str *in, int64_t *us)
{
    struct str word = *in;

    word.n = 0;
    while (word.n < in->n && ((word.p[word.n] >= 'a' && word.p[word.n] <= 'z') ||
                              (word.p[word.n] >= 'A' && word.p[word.n] <= 'Z')))
        word.n++;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        for (size_t k = 0; k < sizeof units[i].names / sizeof units[i].names[0]; k++) {
            if (word.n == 0 || !str_eq(units[i].names[k], word))
                continue;
            *us = units[i].us;
            *in = str_from_at(*in, word.n);
            return true;
        }
    }
    return false;
}

/* "2h", "1 h 30 min", "2 hours": all of it. */
static bool read_span(struct str in, int64_t *us)
{
    int64_t unit, sum = 0;
    uint64_t n;

    in = str_trim(in);
    if (in.n == 0)
        return false;
    while (in.n) {
        if (!str_take_u64(&in, &n) || n > COUNT_MAX)
            return false;
        str_take_spaces(&in);
        unit = second_us;
        if (in.n && !take_unit(&in, &unit))
            return false;
        str_take_spaces(&in);
        if ((int64_t)n > INT64_MAX / 4 / unit || sum > INT64_MAX / 4)
            return false;
        sum += (int64_t)n * unit;
    }
    *us = sum;
    return true;
}

static bool to_local(int64_t wall_us, struct tm *out)
{
    time_t seconds = (time_t)(wall_us / second_us - (wall_us % second_us < 0));

    return localtime_r(&seconds, out) != NULL;
}

static int64_t as_if_utc(const struct tm *tm)
{
    int64_t us = 0;

    clock_from_civil((int64_t)tm->tm_year + 1900, (unsigned)tm->tm_mon + 1, (unsigned)tm->tm_mday,
                     (unsigned)tm->tm_hour, (unsigned)tm->tm_min,
                     tm->tm_sec > 59 ? 59 : (unsigned)tm->tm_sec, &us);
    return us;
}

static bool from_utc(int64_t wall_us, struct when *out)
{
    struct tm tm;

    if (!to_local(wall_us, &tm))
        return false;
    *out = (struct when){ wall_us, as_if_utc(&tm) };
    return true;
}

/* Midnight of the day `days` from today, and `us` into it. */
static bool from_day(int64_t now_us, int days, int64_t us, struct when *out)
{
    struct tm tm;
    time_t seconds;

    if (!to_local(now_us, &tm))
        return false;
    tm.tm_mday += days;
    tm.tm_hour = (int)(us / second_us / 3600);
    tm.tm_min = (int)(us / second_us / 60 % 60);
    tm.tm_sec = (int)(us / second_us % 60);
    tm.tm_isdst = -1;
    seconds = mktime(&tm);
    *out = (struct when){ (int64_t)seconds * second_us + us % second_us,
                          as_if_utc(&tm) + us % second_us };
    return true;
}

/* A date and time of day of this place. */
static bool from_local(int64_t local_us, struct when *out)
{
    time_t seconds = (time_t)(local_us / second_us);
    struct tm tm;

    if (!gmtime_r(&seconds, &tm))
        return false;
    tm.tm_isdst = -1;
    *out = (struct when){ (int64_t)mktime(&tm) * second_us + local_us % second_us, local_us };
    return true;
}

/* "12:00" and "12:00:30.5". */
static bool take_day_time(struct str *in, int64_t *us)
{
    struct str s = *in;
    uint64_t hour, minute;

    if (clock_take_time(in, us))
        return true;
    if (!str_take_digits(&s, 2, &hour) || !str_take_char(&s, ':') ||
        !str_take_digits(&s, 2, &minute) || hour > 23 || minute > 59)
        return false;
    *us = (int64_t)(hour * 3600 + minute * 60) * second_us;
    *in = s;
    return true;
}

/* "2026-01-31", its midnight. */
static bool take_date(struct str *in, int64_t *us)
{
    struct str s = *in;
    uint64_t year, month, day;

    if (!str_take_digits(&s, 4, &year) || !str_take_char(&s, '-') ||
        !str_take_digits(&s, 2, &month) || !str_take_char(&s, '-') ||
        !str_take_digits(&s, 2, &day) || year < YEAR_MIN || year > YEAR_MAX ||
        !clock_from_civil((int64_t)year, (unsigned)month, (unsigned)day, 0, 0, 0, us))
        return false;
    *in = s;
    return true;
}

/* "Fri 2026-01-30": journalctl prints it so; whether the name fits is not looked at. */
static void skip_weekday(struct str *in)
{
    static const struct str days[] = { { STR_INIT("Mon") }, { STR_INIT("Tue") },
                                       { STR_INIT("Wed") }, { STR_INIT("Thu") },
                                       { STR_INIT("Fri") }, { STR_INIT("Sat") },
                                       { STR_INIT("Sun") } };

    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++)
        if (str_take(in, days[i]))
            str_take_spaces(in);
}

/* "Z", "UTC", "+02:00", "+0200"; nothing: *local. */
static bool read_zone(struct str in, bool *local, int64_t *east_us)
{
    uint64_t hours, minutes;
    bool west;

    *east_us = 0;
    *local = in.n == 0;
    if (*local || str_eq(in, STR("Z")) || str_eq(in, STR("UTC")))
        return true;
    west = str_take_char(&in, '-');
    if ((!west && !str_take_char(&in, '+')) || !str_take_digits(&in, 2, &hours) ||
        (str_take_char(&in, ':'), !str_take_digits(&in, 2, &minutes)) || in.n || hours > 18 ||
        minutes > 59)
        return false;
    *east_us = (int64_t)(hours * 60 + minutes) * 60 * second_us * (west ? -1 : 1);
    return true;
}

static bool read_stamp(struct str in, int64_t now_us, struct when *out)
{
    int64_t day_us = 0, time_us = 0, east_us;
    bool dated, timed, local;

    skip_weekday(&in);
    dated = take_date(&in, &day_us);
    if (dated && !str_take_char(&in, 'T'))
        str_take_spaces(&in);
    timed = take_day_time(&in, &time_us);
    in = str_trim(in);
    if ((!dated && !timed) || !read_zone(in, &local, &east_us) || (!local && !dated))
        return false;
    if (!dated)
        return from_day(now_us, 0, time_us, out);
    return local ? from_local(day_us + time_us, out) : from_utc(day_us + time_us - east_us, out);
}

static bool read_epoch(struct str in, struct when *out)
{
    uint64_t seconds, us = 0;

    return str_take_u64(&in, &seconds) && seconds < (uint64_t)1 << 33 &&
           (!str_take_char(&in, '.') || str_take_micros(&in, &us)) && in.n == 0 &&
           from_utc((int64_t)seconds * second_us + (int64_t)us, out);
}

/* "-2h", "+10min", "2 hours ago", "5 min left": how far from now. */
static bool read_distance(struct str in, int64_t *us)
{
    bool back = str_take_char(&in, '-');
    bool ahead = !back && str_take_char(&in, '+');

    if (!back && !ahead && str_ends(in, STR(" ago"))) {
        back = true;
        in.n -= 4;
    } else if (!back && !ahead && str_ends(in, STR(" left"))) {
        in.n -= 5;
        ahead = true;
    }
    if ((!back && !ahead) || !read_span(in, us))
        return false;
    *us = back ? -*us : *us;
    return true;
}

bool when_parse(struct str word, int64_t now_us, struct when *out, struct err *err)
{
    static const struct {
        struct str word;
        int days;
    } days[] = { { { STR_INIT("yesterday") }, -1 },
                 { { STR_INIT("today") }, 0 },
                 { { STR_INIT("tomorrow") }, 1 } };
    struct str in = str_trim(word);
    int64_t distance_us;
    char quoted[80];

    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++)
        if (str_eq(in, days[i].word))
            return from_day(now_us, days[i].days, 0, out);
    if (str_eq(in, STR("now")))
        return from_utc(now_us, out);
    if (read_distance(in, &distance_us))
        return from_utc(now_us + distance_us, out);
    if (str_take_char(&in, '@') ? read_epoch(in, out) : read_stamp(in, now_us, out))
        return true;
    return fail(
            err, FAIL_USAGE,
            "'%s' is no time (wanted: '2026-01-31 12:00:00', 12:00, today, yesterday, now, -2h, "
            "'2 hours ago' or @1790000000)",
            err_quote(word, quoted, sizeof quoted));
}
