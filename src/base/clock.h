/* clock.h: the monotonic clock, and dates as day numbers (proleptic Gregorian, without time zones: a case
 * lives in one). Dates run from 0000-01-01 to 9999-12-31; a day outside is written as "out of range". */
#ifndef MS_BASE_CLOCK_H
#define MS_BASE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

double ms_clock_seconds(void); /* monotonic */
int64_t ms_clock_utc_ms(void); /* milliseconds since 1970-01-01T00:00Z, as the machine believes */

enum { MS_DATE_BYTES = 24 };
/* "2026-03-01" to days since 1970-01-01; false when it is no date. */
bool ms_date_parse(long *day_number, const char *text, size_t length);
/* The date `day` (decimal, may be negative) days after start_day: "2026-03-01", or "2026-03-01T06:00" when
 * not a whole day. */
char *ms_date_text(char out[MS_DATE_BYTES], long start_day, double day);
/* For people: "01 Mar". */
char *ms_date_short(char out[MS_DATE_BYTES], long start_day, double day);
/* Milliseconds since 1970 as "2026-03-01T06:00:00Z", rounded down to seconds. */
char *ms_time_text(char out[MS_DATE_BYTES], int64_t utc_ms);

#endif
