/* exact.c: decimal quantities and money without doubles. See exact.h. */
#include "ledger/exact.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

typedef __int128 wide;

static int64_t power_of_ten(int digits)
{
    int64_t power = 1;
    for (; digits > 0; digits--)
        power *= 10;
    return power;
}

const char *ms_exact_parse(int64_t *out, const char *text, size_t length, int digits)
{
    wide value = 0;
    int decimals = 0;
    bool point = false, any = false;
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        if (c == '.' && !point && any) {
            point = true;
        } else if (c >= '0' && c <= '9') {
            if (point && ++decimals > digits)
                return digits == 0                       ? "is not a whole number"
                       : digits == MS_EXACT_MONEY_DIGITS ? "has more than 2 decimals"
                                                         : "has more than 6 decimals";
            value = value * 10 + (c - '0');
            any = true;
            if (value >= MS_EXACT_MOST)
                return "is too large";
        } else if (c == '-' && i == 0) {
            return "is negative";
        } else if (c == ',') {
            return "has a comma; write 1200.5";
        } else {
            return "is not a number";
        }
    }
    if (!any || (point && decimals == 0))
        return "is not a number";
    value *= power_of_ten(digits - decimals);
    if (value >= MS_EXACT_MOST)
        return "is too large";
    *out = (int64_t)value;
    return NULL;
}

bool ms_exact_from_double(int64_t *out, double value, int digits)
{
    if (!(value >= 0) || value > 1e12)
        return false;
    /* the decimal that was written, not the double that is near it */
    char text[64];
    int length = snprintf(text, sizeof text, "%.*f", digits, value);
    assert(length > 0 && (size_t)length < sizeof text);
    /* a locale may write another point */
    text[length - digits - 1] = '.';
    return ms_exact_parse(out, text, (size_t)length, digits) == NULL;
}

char *ms_exact_shown(char out[MS_EXACT_BYTES], int64_t value, int digits, int least_digits)
{
    uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value, unit = (uint64_t)power_of_ten(digits);
    char whole[MS_EXACT_BYTES], fraction[MS_EXACT_BYTES];
    int length = snprintf(whole, sizeof whole, "%llu", (unsigned long long)(size / unit));
    snprintf(fraction, sizeof fraction, "%0*llu", digits, (unsigned long long)(size % unit));
    int kept = digits;
    while (kept > least_digits && fraction[kept - 1] == '0')
        kept--;
    char *at = out;
    if (value < 0)
        *at++ = '-';
    for (int i = 0; i < length; i++) {
        *at++ = whole[i];
        if (i + 1 < length && (length - i - 1) % 3 == 0)
            *at++ = ',';
    }
    if (kept > 0) {
        *at++ = '.';
        memcpy(at, fraction, (size_t)kept);
        at += kept;
    }
    *at = '\0';
    return out;
}

char *ms_exact_text(char out[MS_EXACT_BYTES], int64_t value, int digits)
{
    ms_exact_shown(out, value, digits, 0);
    char *to = out;
    for (const char *from = out; *from != '\0'; from++) {
        if (*from != ',')
            *to++ = *from;
    }
    *to = '\0';
    return out;
}

/* a x b / unit, to the nearest, a tie to the even; a and b not negative, unit even. */
static bool product(int64_t *out, int64_t a, int64_t b, int64_t unit)
{
    assert(a >= 0 && b >= 0);
    wide all = (wide)a * b, whole = all / unit, rest = all % unit, half = unit / 2;
    if (rest > half || (rest == half && (whole & 1) != 0))
        whole++;
    if (whole >= MS_EXACT_MOST)
        return false;
    *out = (int64_t)whole;
    return true;
}

bool ms_exact_amount(int64_t *out, int64_t quantity, int64_t price)
{
    return product(out, quantity, price, power_of_ten(2 * MS_EXACT_QUANTITY_DIGITS - MS_EXACT_MONEY_DIGITS));
}

bool ms_exact_tonnes(int64_t *out, int64_t quantity, int64_t kg_per_unit)
{
    return product(out, quantity, kg_per_unit, power_of_ten(MS_EXACT_QUANTITY_DIGITS) * 1000);
}
