/* number.c: the numbers part of text.h: decimal text to doubles and back, exactly, without a locale.
 *
 * Reading. A number is a sign, an integer w of up to 19 digits and a power of ten q. Three ways, each giving
 * the nearest double (ties to even):
 *   1. w <= 2^53 and |q| <= 22: both are exact doubles, so that one multiplication or division rounds once
 *      (Clinger, PLDI 1990);
 *   2. -22 <= q <= 19: w times or divided by 10^|q| in 128 bits of integer, with a sticky bit for the
 *      remainder, rounded once;
 *   3. anything else: strtod_l in the C locale. strtod itself would read the locale of the program around
 *      the library, and uselocale would change it under the program's other calls; newlocale gives an object
 *      of its own.
 *
 * Writing. Shortest text: whole numbers are printed as integers; else 15, 16 and 17 significant digits are
 * tried, each the correct rounding of the double, until one reads back as the same double. A decimal of at
 * most 15 digits survives the way through a double, so that a shorter one is found as 15 digits with zeros at
 * the end. For 1e-6 <= |v| < 1e15 the digits come from one 128-bit product, else from snprintf, of whose
 * output only the digits are used: the decimal point of a locale does not matter.
 */
#include "base/text.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(FLT_EVAL_METHOD == 0 && DBL_MANT_DIG == 53, "doubles must be evaluated as IEEE 754 binary64");

static const double exact_power[23] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                       1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

static const uint64_t integer_power[20] = {
    UINT64_C(1),
    UINT64_C(10),
    UINT64_C(100),
    UINT64_C(1000),
    UINT64_C(10000),
    UINT64_C(100000),
    UINT64_C(1000000),
    UINT64_C(10000000),
    UINT64_C(100000000),
    UINT64_C(1000000000),
    UINT64_C(10000000000),
    UINT64_C(100000000000),
    UINT64_C(1000000000000),
    UINT64_C(10000000000000),
    UINT64_C(100000000000000),
    UINT64_C(1000000000000000),
    UINT64_C(10000000000000000),
    UINT64_C(100000000000000000),
    UINT64_C(1000000000000000000),
    UINT64_C(10000000000000000000),
};

typedef unsigned __int128 wide;

/* ---- reading ---- */

static int high_bit(wide value)
{
    uint64_t high = (uint64_t)(value >> 64);
    return high != 0 ? 127 - __builtin_clzll(high) : 63 - __builtin_clzll((uint64_t)value);
}

/* value * 2^exponent, and a little more when sticky, to the nearest double, ties to even. value > 0; the
 * result is a normal double because its callers stay between 1e-22 and 1e39. */
static double round_wide(wide value, bool sticky, int exponent)
{
    int excess = high_bit(value) - 52;
    if (excess <= 0)
        return ldexp((double)(uint64_t)value, exponent);
    wide kept = value >> excess, lost = value & (((wide)1 << excess) - 1), half = (wide)1 << (excess - 1);
    if (lost > half || (lost == half && (sticky || (kept & 1) != 0)))
        kept++;
    return ldexp((double)(uint64_t)kept, exponent + excess);
}

static wide wide_power(int power)
{
    return power <= 19 ? integer_power[power] : (wide)integer_power[19] * integer_power[power - 19];
}

/* Whether scale_decimal can do it. */
static bool scalable(uint64_t w, long q)
{
    return q >= -22 && q <= (w <= UINT64_C(1) << 53 ? 22 : 19);
}

/* w * 10^q for w > 0, exactly rounded. */
static double scale_decimal(uint64_t w, int q)
{
    if (w <= UINT64_C(1) << 53)
        return q < 0 ? (double)w / exact_power[-q] : (double)w * exact_power[q];
    if (q >= 0)
        return round_wide((wide)w * integer_power[q], false, 0);
    /* With the top bit at 127 and 10^22 below 2^74 the quotient has over 53 bits: enough to round from. */
    int shift = 64 + __builtin_clzll(w);
    wide numerator = (wide)w << shift, divisor = wide_power(-q);
    wide quotient = divisor >> 64 == 0 ? numerator / (uint64_t)divisor : numerator / divisor;
    return round_wide(quotient, quotient * divisor != numerator, -shift);
}

static pthread_once_t c_locale_once = PTHREAD_ONCE_INIT;
static locale_t c_locale;

static void c_locale_make(void)
{
    c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0); /* a constant object in glibc: nothing to free */
}

/* text[0..length) has the form of a number. Digits beyond the buffer cannot change a double that the first
 * 800 have settled, except as "a little more than zero": then a 1 stands for all of them. */
static double slow_decimal(const char *text, size_t length)
{
    char digits[832];
    size_t used = 0;
    long exponent = 0;
    bool point = false, seen = false, rest = false;
    size_t at = 0;
    for (; at < length && text[at] != 'e' && text[at] != 'E'; at++) {
        if (text[at] == '.') {
            point = true;
            continue;
        }
        seen = seen || text[at] != '0';
        if (used < 800) {
            if (seen)
                digits[used++] = text[at];
            exponent -= point;
        } else {
            rest = rest || text[at] != '0';
            exponent += !point;
        }
    }
    if (used == 0)
        return 0.0;
    if (rest) {
        digits[used++] = '1';
        exponent--;
    }
    if (at < length) {
        bool minus = text[at + 1] == '-';
        long given = 0;
        for (at += 1 + (text[at + 1] == '-' || text[at + 1] == '+'); at < length && given < 100000000; at++)
            given = given * 10 + (text[at] - '0');
        exponent += minus ? -given : given;
    }
    snprintf(digits + used, sizeof digits - used, "e%ld", exponent);
    pthread_once(&c_locale_once, c_locale_make);
    return strtod_l(digits, NULL, c_locale);
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool same_word(const char *text, size_t length, const char *lower)
{
    if (strlen(lower) != length)
        return false;
    for (size_t i = 0; i < length; i++)
        if ((text[i] | 0x20) != lower[i])
            return false;
    return true;
}

/* Bytes of a mark that people put between thousands: a space, an apostrophe, a no-break or thin space. */
static size_t space_bytes(const char *text, size_t length)
{
    static const char *const spaces[] = {
        " ", "'", "\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x89", "\xE2\x80\x99",
    };
    for (size_t i = 0; i < sizeof spaces / sizeof spaces[0]; i++) {
        size_t bytes = strlen(spaces[i]);
        if (bytes <= length && memcmp(text, spaces[i], bytes) == 0)
            return bytes;
    }
    return 0;
}

/* One to three digits, then groups of three digits behind the mark (or behind any space when mark is ' ').
 * Returns the bytes of the grouped part, 0 when there is no group. */
static size_t grouped_prefix(const char *text, size_t length, char mark)
{
    size_t at = 0;
    while (at < length && at < 3 && digit(text[at]))
        at++;
    if (at == 0)
        return 0;
    size_t groups = 0;
    for (;;) {
        size_t bytes = mark == ' ' ? space_bytes(text + at, length - at) : at < length && text[at] == mark;
        if (bytes == 0 || length - at < bytes + 3)
            break;
        const char *group = text + at + bytes;
        if (!digit(group[0]) || !digit(group[1]) || !digit(group[2]))
            break;
        if (length - at > bytes + 3 && digit(group[3]))
            break;
        at += bytes + 3;
        groups++;
    }
    return groups == 0 ? 0 : at;
}

/* Whether text[0..length) is empty or a mark and digits. */
static bool fraction(const char *text, size_t length, char mark)
{
    if (length == 0)
        return true;
    if (text[0] != mark)
        return false;
    for (size_t i = 1; i < length; i++)
        if (!digit(text[i]))
            return false;
    return true;
}

/* What is wrong with a text that is no plain decimal number: most often a spreadsheet's display format. */
static const char *why_not(const char *text, size_t length)
{
    if (length == 0)
        return "is empty";
    if (text[0] == ' ' || text[0] == '\t' || text[length - 1] == ' ' || text[length - 1] == '\t')
        return "has a space around it";
    if (text[0] == '-' || text[0] == '+') {
        text++;
        length--;
    }
    if (same_word(text, length, "inf") || same_word(text, length, "infinity") || same_word(text, length, "nan"))
        return "is not finite";
    if (length == 0 || !(digit(text[0]) || text[0] == ',' || text[0] == '.'))
        return "is not a number";
    size_t grouped = grouped_prefix(text, length, ',');
    if (grouped > 0 && fraction(text + grouped, length - grouped, '.'))
        return "has a thousands separator";
    grouped = grouped_prefix(text, length, ' ');
    if (grouped > 0 &&
        (fraction(text + grouped, length - grouped, '.') || fraction(text + grouped, length - grouped, ',')))
        return "has a thousands separator";
    grouped = grouped_prefix(text, length, '.');
    if (grouped > 0 && grouped < length && fraction(text + grouped, length - grouped, ','))
        return "has a decimal comma";
    if (grouped == length)
        return "has a thousands separator";
    size_t whole = 0;
    while (whole < length && digit(text[whole]))
        whole++;
    if (length - whole > 1 && fraction(text + whole, length - whole, ','))
        return "has a decimal comma";
    if (text[length - 1] == '%')
        return "has a percent sign";
    if (whole > 0 && text[whole] != ',' && text[whole] != '.')
        return "has other text behind the number";
    return "is not a number";
}

typedef struct {
    uint64_t w;
    int w_digits; /* significant digits in w; more than 19: w is not all of them */
    long q;
    bool form; /* whether all of the text has the form of a number */
} decimal;

/* Reads digits [ . digits ] [ e sign digits ]. */
static decimal scan(const char *text, size_t length)
{
    decimal d = {0, 0, 0, false};
    const char *at = text, *end = text + length;
    size_t digits = 0;
    for (; at < end && digit(*at); at++, digits++) {
        d.w = d.w * 10 + (uint64_t)(*at - '0');
        d.w_digits += d.w_digits > 0 || *at != '0';
    }
    if (at < end && *at == '.') {
        const char *point = at++;
        for (; at < end && digit(*at); at++, digits++) {
            d.w = d.w * 10 + (uint64_t)(*at - '0');
            d.w_digits += d.w_digits > 0 || *at != '0';
        }
        d.q = -(long)(at - point - 1);
    }
    if (digits == 0)
        return d;
    if (at < end && (*at == 'e' || *at == 'E')) {
        bool minus = ++at < end && *at == '-';
        if (at < end && (*at == '-' || *at == '+'))
            at++;
        if (at == end)
            return d;
        long given = 0;
        for (; at < end && digit(*at); at++)
            given = given < 100000000 ? given * 10 + (*at - '0') : given;
        d.q += minus ? -given : given;
    }
    d.form = at == end;
    return d;
}

const char *ms_number_parse(double *out, const char *text, size_t length)
{
    size_t sign = length > 0 && (text[0] == '-' || text[0] == '+');
    decimal d = scan(text + sign, length - sign);
    if (!d.form)
        return why_not(text, length);
    double value;
    if (d.w_digits == 0)
        value = 0.0;
    else if (d.w_digits <= 19 && scalable(d.w, d.q))
        value = scale_decimal(d.w, (int)d.q);
    else
        value = slow_decimal(text + sign, length - sign);
    if (!isfinite(value))
        return "is too large";
    *out = sign && text[0] == '-' ? -value : value;
    return NULL;
}

/* ---- writing ---- */

/* Writes the digits of value at the end of a buffer of 20 bytes; returns their first. */
static const char *digits_of(char buffer[20], uint64_t value, int *count)
{
    int at = 20;
    do {
        buffer[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    *count = 20 - at;
    return buffer + at;
}

/* Lays out digits * 10^exponent: plain between 1e-6 and 1e21, else as 1.5e-9. */
static void lay_out(char *out, const char *digits, int count, int exponent)
{
    while (count > 1 && digits[count - 1] == '0') {
        count--;
        exponent++;
    }
    int point = count + exponent; /* digits before the decimal point */
    if (point > 21 || point < -5) {
        *out++ = digits[0];
        if (count > 1) {
            *out++ = '.';
            memcpy(out, digits + 1, (size_t)count - 1);
            out += count - 1;
        }
        int power = point - 1;
        *out++ = 'e';
        if (power < 0) {
            *out++ = '-';
            power = -power;
        }
        char buffer[20];
        const char *shown = digits_of(buffer, (uint64_t)power, &count);
        memcpy(out, shown, (size_t)count);
        out[count] = '\0';
        return;
    }
    if (point <= 0) {
        *out++ = '0';
        *out++ = '.';
        for (int i = point; i < 0; i++)
            *out++ = '0';
        point = 0;
    }
    for (int i = 0; i < count || i < point; i++) {
        if (i == point && i > 0)
            *out++ = '.';
        *out++ = i < count ? digits[i] : '0';
    }
    *out = '\0';
}

/* mantissa * 2^exponent * 10^power, which is below 2^63, to the nearest integer, ties to even. */
static uint64_t times_power(uint64_t mantissa, int exponent, int power)
{
    wide product = mantissa * wide_power(power);
    if (exponent >= 0)
        return (uint64_t)(product << exponent);
    if (exponent <= -128)
        return 0;
    wide kept = product >> -exponent, lost = product - (kept << -exponent), half = (wide)1 << (-exponent - 1);
    if (lost > half || (lost == half && (kept & 1) != 0))
        kept++;
    return (uint64_t)kept;
}

/* The shortest digits of a value from 1e-6 up to 1e15: 53 bits times 10^22 fit 128 bits. */
static void text_middle(char *out, double value)
{
    int binary;
    uint64_t mantissa = (uint64_t)ldexp(frexp(value, &binary), 53);
    int whole_digits = 1; /* digits before the point; counts down below 1 for the zeros behind it */
    for (; whole_digits < 17 && value >= exact_power[whole_digits]; whole_digits++)
        ;
    for (double below = 1.0; value < below && whole_digits > -5; below = 1.0 / exact_power[1 - whole_digits])
        whole_digits--;
    for (int significant = 15; significant <= 17; significant++) {
        int power = significant - whole_digits;
        uint64_t scaled = times_power(mantissa, binary - 53, power);
        if (significant == 17 || scale_decimal(scaled, -power) == value) {
            char buffer[20];
            int count;
            const char *digits = digits_of(buffer, scaled, &count);
            lay_out(out, digits, count, -power);
            return;
        }
    }
}

/* Any positive value, by snprintf: "d.ddde+xx" with whatever the locale has for a point. */
static void text_general(char *out, double value)
{
    for (int significant = value < DBL_MIN ? 1 : 15; significant <= 17; significant++) {
        char raw[48], digits[20];
        snprintf(raw, sizeof raw, "%.*e", significant - 1, value);
        int count = 0;
        const char *at = raw;
        for (; *at != '\0' && *at != 'e'; at++)
            if (digit(*at))
                digits[count++] = *at;
        int exponent = *at == 'e' ? atoi(at + 1) : 0;
        digits[count] = '\0';
        char again[32];
        snprintf(again, sizeof again, "%se%d", digits, exponent - count + 1);
        double back = 0.0;
        if (significant == 17 || (ms_number_parse(&back, again, strlen(again)) == NULL && back == value)) {
            lay_out(out, digits, count, exponent - count + 1);
            return;
        }
    }
}

char *ms_number_text(char out[MS_NUMBER_BYTES], double value)
{
    char *at = out;
    if (isnan(value))
        return strcpy(out, "nan");
    if (value < 0) {
        *at++ = '-';
        value = -value;
    }
    if (isinf(value)) {
        strcpy(at, "inf");
    } else if (value < 0x1p53 && value == (double)(uint64_t)value) {
        char buffer[20];
        int count;
        const char *digits = digits_of(buffer, (uint64_t)value, &count);
        memcpy(at, digits, (size_t)count);
        at[count] = '\0';
    } else if (value >= 1e-6 && value < 1e15) {
        text_middle(at, value);
    } else {
        text_general(at, value);
    }
    return out;
}

/* ---- for people ---- */

static const double GROUPED_BELOW = 1e15;

char *ms_number_grouped(char out[MS_NUMBER_BYTES], double value, int digits)
{
    if (!(fabs(value) < GROUPED_BELOW))
        return ms_number_text(out, value);
    if (digits < 0)
        digits = 0;
    if (digits > 9)
        digits = 9;
    char raw[48];
    snprintf(raw, sizeof raw, "%.*f", digits, fabs(value));
    size_t whole = strspn(raw, "0123456789");
    bool zero = strpbrk(raw, "123456789") == NULL;
    char *at = out;
    if (value < 0 && !zero)
        *at++ = '-';
    for (size_t i = 0; i < whole; i++) {
        if (i > 0 && (whole - i) % 3 == 0)
            *at++ = ',';
        *at++ = raw[i];
    }
    if (digits > 0) {
        *at++ = '.';
        memcpy(at, raw + strlen(raw) - digits, (size_t)digits);
        at += digits;
    }
    *at = '\0';
    return out;
}

char *ms_number_short(char out[MS_NUMBER_BYTES], double value)
{
    double size = fabs(value);
    if (!isfinite(value) || size == 0.0)
        return ms_number_text(out, value);
    if (size < 1e-6 || size >= GROUPED_BELOW) {
        double rounded = value;
        char raw[32];
        snprintf(raw, sizeof raw, "%.2e", value);
        for (char *c = raw; *c != '\0' && *c != 'e'; c++)
            if (!digit(*c) && *c != '-')
                *c = '.';
        (void)ms_number_parse(&rounded, raw, strlen(raw));
        return ms_number_text(out, rounded);
    }
    int digits = 0;
    for (double limit = 100.0; digits < 9 && size < limit; limit /= 10.0)
        digits++;
    ms_number_grouped(out, value, digits);
    if (digits > 0) {
        size_t end = strlen(out);
        while (out[end - 1] == '0')
            end--;
        if (out[end - 1] == '.')
            end--;
        out[end] = '\0';
    }
    return out;
}
