/* fuzz_number.c: any bytes as a number, held against strtod of the C library in the C locale; and any eight
 * bytes as a double, written and read again.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void comes_back(double value)
{
    char out[MS_NUMBER_BYTES], brief[MS_NUMBER_BYTES];
    double again = 0.0;
    must(strlen(ms_number_text(out, value)) < MS_NUMBER_BYTES);
    if (isfinite(value))
        must(ms_number_parse(&again, out, strlen(out)) == NULL && again == value);
    must(strlen(ms_number_short(brief, value)) < MS_NUMBER_BYTES);
    for (int digits = 0; digits < 10; digits++)
        must(strlen(ms_number_grouped(brief, value, digits)) < MS_NUMBER_BYTES);
}

/* strtod also takes leading space, hexadecimal, infinities and what is too large; we do not. */
static bool only_strtod(const char *text, double value)
{
    return text[0] == '\0' || strpbrk(text, " \t\n\v\f\rxXnNiI") != NULL || isinf(value);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char *text = ms_strndup((const char *)bytes, size);
    must(text != NULL);
    double value = -77.0;
    const char *why = ms_number_parse(&value, (const char *)bytes, size);
    char *end;
    double other = strtod(text, &end);
    bool all = end == text + size;
    if (why == NULL)
        must(all && memcmp(&value, &other, sizeof value) == 0);
    else
        must(value == -77.0 && why[0] != '\0' && (!all || only_strtod(text, other)));
    if (why == NULL)
        comes_back(value);
    ms_free(text);
    if (size >= sizeof value) {
        memcpy(&value, bytes, sizeof value);
        comes_back(value);
    }
    return 0;
}
