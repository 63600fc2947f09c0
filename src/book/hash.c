/* hash.c: BLAKE2b-256, and bytes as hexadecimal text. See key.h. */
#include <sodium.h>
#include <string.h>

#include "book/key.h"

void ms_hash(unsigned char out[MS_HASH_BYTES], const void *bytes, size_t length)
{
    crypto_generichash(out, MS_HASH_BYTES, bytes, length, NULL, 0);
}

char *ms_hex_put(char *out, const unsigned char *bytes, size_t length)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t ix = 0; ix < length; ix++) {
        out[2 * ix] = digits[bytes[ix] >> 4];
        out[2 * ix + 1] = digits[bytes[ix] & 15];
    }
    out[2 * length] = '\0';
    return out;
}

static int digit_of(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool ms_hex_parse(unsigned char *out, size_t length, const char *text)
{
    if (strlen(text) != 2 * length)
        return false;
    for (size_t ix = 0; ix < 2 * length; ix++)
        if (digit_of(text[ix]) < 0)
            return false;
    for (size_t ix = 0; ix < length; ix++)
        out[ix] = (unsigned char)(digit_of(text[2 * ix]) << 4 | digit_of(text[2 * ix + 1]));
    return true;
}
