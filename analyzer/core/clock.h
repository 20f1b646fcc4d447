/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Times are int64_t microseconds: since boot (mono_us) or since 1970-01-01 UTC (wall_us).
 * Nothing here asks the system for the time or its zone.
 */
#pragma once

#include "analyzer/core/str.h"

#define TIME_UNKNOWN INT64_MIN

/* Kernel stamps beyond this (about 31 years of uptime) are text, not time. */
#define MONO_SEC_MAX ((uint64_t)999999999)

/* Stamps without a year are counted from this leap year on, so that Feb 29 exists. */
#define CLOCK_YEARLESS 1972

/* What a stamp left out and the value therefore does not know. */
enum clock_gap {
    CLOCK_NO_YEAR = 1 << 0,
    CLOCK_NO_ZONE = 1 << 1, /* local time of unknown offset, taken as UTC */
};

/* Days since 1970-01-01 of a proleptic Gregorian date; month 1-12, day 1-31. */
int64_t clock_days(int64_t year, unsigned month, unsigned day);

/* False when the date or time of day does not exist (second 60 is accepted). */
bool clock_from_civil(int64_t year, unsigned month, unsigned day, unsigned hour, unsigned minute,
                      unsigned second, int64_t *wall_us);

/*
 * 2022-05-26T21:38:13.370Z · 2022-05-26 21:38:13,370421+02:00 · …+0200 · without fraction or zone.
 * `gaps` gets CLOCK_NO_ZONE when no zone is given.
 */
bool clock_take_iso(struct str *in, int64_t *wall_us, unsigned *gaps);

/*
 * Month by its English abbreviation or, as strftime("%b") writes it in other locales (vmware.log
 * of the hosted products, syslog): 1-12. Case does not matter, a final '.' is taken.
 */
bool clock_take_month(struct str *in, unsigned *month);

/* "Feb  7 20:35:19", "Feb 07 20:35:19.123": year CLOCK_YEARLESS, both gaps. */
bool clock_take_yearless(struct str *in, int64_t *wall_us);

/* "hh:mm:ss" and an optional ".frac" or ",frac", as microseconds of the day. */
bool clock_take_time(struct str *in, int64_t *us);

/* "[   12.345678]" without the brackets: digits, '.', exactly 6 digits (or 3 to 9) → µs. */
bool clock_take_mono(struct str *in, int64_t *mono_us);

/* RFC 3339 UTC with microseconds, "2022-05-26T21:38:13.370000Z"; `out` has CLOCK_TEXT bytes. */
enum { CLOCK_TEXT = 40 };
const char *clock_format(int64_t wall_us, char out[CLOCK_TEXT]);
