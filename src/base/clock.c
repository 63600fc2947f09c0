/* clock.c: the monotonic clock, and dates as day numbers.
 *
 * The calendar is computed on years that begin on 1 March, so that the leap day is the last of its year: 400
 * of them have 146,097 days. Dates run from 0000-01-01 to 9999-12-31.
 */
#include "base/clock.h"

#include <math.h>
#include <string.h>
#include <time.h>

enum {
    DAYS_IN_400_YEARS = 146097,
    EPOCH_FROM_MARCH_0 = 719468, /* days from 0000-03-01 to 1970-01-01 */
    FIRST_DAY = -719528,         /* 0000-01-01 */
    LAST_DAY = 2932896           /* 9999-12-31 */
};

double ms_clock_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

int64_t ms_clock_utc_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Days from 1 March to the first of the month, months counted from March = 0: 31, 30, 31, 30, 31 days, again
 * and again. */
static long days_before_month(long month_from_march)
{
    return (153 * month_from_march + 2) / 5;
}

static bool leap_year(long year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static long month_days(long year, long month)
{
    static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && leap_year(year) ? 29 : days[month - 1];
}

static long day_number_of(long year, long month, long day)
{
    long y = month > 2 ? year : year - 1;
    long era = (y >= 0 ? y : y - 399) / 400;
    long year_of_era = y - era * 400;
    long day_of_year = days_before_month(month > 2 ? month - 3 : month + 9) + day - 1;
    long day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * DAYS_IN_400_YEARS + day_of_era - EPOCH_FROM_MARCH_0;
}

static void date_of(long day_number, int *year, int *month, int *day)
{
    long from_march_0 = day_number + EPOCH_FROM_MARCH_0;
    long rounded_down = from_march_0 >= 0 ? from_march_0 : from_march_0 - (DAYS_IN_400_YEARS - 1);
    long era = rounded_down / DAYS_IN_400_YEARS;
    long day_of_era = from_march_0 - era * DAYS_IN_400_YEARS;
    long y = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    long day_of_year = day_of_era - (365 * y + y / 4 - y / 100);
    long month_from_march = (5 * day_of_year + 2) / 153;
    *day = (int)(day_of_year - days_before_month(month_from_march)) + 1;
    *month = (int)(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
    *year = (int)(y + era * 400 + (*month <= 2));
}

bool ms_date_parse(long *day_number, const char *text, size_t length)
{
    if (length != 10 || text[4] != '-' || text[7] != '-')
        return false;
    long parts[3] = {0, 0, 0};
    for (size_t i = 0, part = 0; i < length; i++) {
        if (text[i] == '-' && (i == 4 || i == 7)) {
            part++;
            continue;
        }
        if (text[i] < '0' || text[i] > '9')
            return false;
        parts[part] = parts[part] * 10 + (text[i] - '0');
    }
    if (parts[1] < 1 || parts[1] > 12 || parts[2] < 1 || parts[2] > month_days(parts[0], parts[1]))
        return false;
    *day_number = day_number_of(parts[0], parts[1], parts[2]);
    return true;
}

/* The moment to the nearest minute, so that a third of a day is 08:00; false outside the calendar. */
static bool split(long start_day, double day, int *year, int *month, int *month_day, int *minute)
{
    if (!(day > -1e7 && day < 1e7) || start_day < FIRST_DAY || start_day > LAST_DAY)
        return false;
    long long minutes = llround(day * 1440.0);
    long long whole = minutes / 1440;
    if (minutes % 1440 < 0)
        whole--;
    long number = start_day + (long)whole;
    if (number < FIRST_DAY || number > LAST_DAY)
        return false;
    *minute = (int)(minutes - whole * 1440);
    date_of(number, year, month, month_day);
    return true;
}

static char *put_two(char *out, int value)
{
    out[0] = (char)('0' + value / 10);
    out[1] = (char)('0' + value % 10);
    return out + 2;
}

char *ms_date_text(char out[MS_DATE_BYTES], long start_day, double day)
{
    int year, month, month_day, minute;
    if (!split(start_day, day, &year, &month, &month_day, &minute))
        return strcpy(out, "out of range");
    char *at = put_two(put_two(out, year / 100), year % 100);
    *at++ = '-';
    at = put_two(at, month);
    *at++ = '-';
    at = put_two(at, month_day);
    if (minute != 0) {
        *at++ = 'T';
        at = put_two(at, minute / 60);
        *at++ = ':';
        at = put_two(at, minute % 60);
    }
    *at = '\0';
    return out;
}

char *ms_date_short(char out[MS_DATE_BYTES], long start_day, double day)
{
    static const char names[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int year, month, month_day, minute;
    if (!split(start_day, day, &year, &month, &month_day, &minute))
        return strcpy(out, "out of range");
    char *at = put_two(out, month_day);
    *at++ = ' ';
    strcpy(at, names[month - 1]);
    return out;
}

char *ms_time_text(char out[MS_DATE_BYTES], int64_t utc_ms)
{
    int64_t seconds = utc_ms / 1000 - (utc_ms % 1000 < 0), day = seconds / 86400, second = seconds % 86400;
    if (second < 0) {
        second += 86400;
        day--;
    }
    if (day < FIRST_DAY || day > LAST_DAY)
        return strcpy(out, "out of range");
    char *at = ms_date_text(out, (long)day, 0) + 10;
    *at++ = 'T';
    at = put_two(at, (int)(second / 3600));
    *at++ = ':';
    at = put_two(at, (int)(second / 60 % 60));
    *at++ = ':';
    at = put_two(at, (int)(second % 60));
    strcpy(at, "Z");
    return out;
}
