/* utf8.c: the UTF-8 part of text.h: validity, terminal columns, cutting.
 *
 * Validity is RFC 3629: one to four bytes, shortest form, no surrogates, up to U+10FFFF. Widths follow the
 * East Asian Width and combining properties of Unicode by blocks, not by single characters: a table column
 * may be off by one for rare scripts, a text is never cut inside a character. Cost: ASCII goes by 16 bytes at
 * a time, the rest by characters.
 */
#include "base/text.h"

#include <stdint.h>
#include <string.h>

static bool ascii_16(const char *text)
{
    uint64_t words[2];
    memcpy(words, text, sizeof words);
    return ((words[0] | words[1]) & UINT64_C(0x8080808080808080)) == 0;
}

static bool continuation(unsigned char byte)
{
    return (byte & 0xC0) == 0x80;
}

/* Bytes of the valid character at text (left > 0), 0 when there is none; *code gets its number. */
static size_t decode(const char *text, size_t left, uint32_t *code)
{
    const unsigned char *b = (const unsigned char *)text;
    if (b[0] < 0x80) {
        *code = b[0];
        return 1;
    }
    if (b[0] < 0xC2 || b[0] > 0xF4)
        return 0;
    if (b[0] < 0xE0) {
        if (left < 2 || !continuation(b[1]))
            return 0;
        *code = (uint32_t)(b[0] & 0x1F) << 6 | (b[1] & 0x3F);
        return 2;
    }
    if (b[0] < 0xF0) {
        if (left < 3 || !continuation(b[1]) || !continuation(b[2]))
            return 0;
        *code = (uint32_t)(b[0] & 0x0F) << 12 | (uint32_t)(b[1] & 0x3F) << 6 | (b[2] & 0x3F);
        return *code < 0x800 || (*code >= 0xD800 && *code <= 0xDFFF) ? 0 : 3;
    }
    if (left < 4 || !continuation(b[1]) || !continuation(b[2]) || !continuation(b[3]))
        return 0;
    *code = (uint32_t)(b[0] & 0x07) << 18 | (uint32_t)(b[1] & 0x3F) << 12 | (uint32_t)(b[2] & 0x3F) << 6 |
            (b[3] & 0x3F);
    return *code < 0x10000 || *code > 0x10FFFF ? 0 : 4;
}

size_t ms_utf8_valid_prefix(const char *text, size_t length)
{
    size_t at = 0;
    while (at < length) {
        while (length - at >= 16 && ascii_16(text + at))
            at += 16;
        /* Stay with characters until a run of ASCII begins that is long enough for the fast loop. */
        for (size_t end = length - at > 16 ? at + 16 : length; at < end;) {
            uint32_t code;
            size_t size = decode(text + at, length - at, &code);
            if (size == 0)
                return at;
            at += size;
        }
    }
    return at;
}

typedef struct {
    uint32_t first, last;
} code_range;

static bool in_ranges(uint32_t code, const code_range *ranges, size_t count)
{
    for (size_t i = 0; i < count && ranges[i].first <= code; i++)
        if (code <= ranges[i].last)
            return true;
    return false;
}

/* Combining marks, joiners, direction marks and variation selectors. */
static const code_range no_columns[] = {
    {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x05BF, 0x05BF},   {0x05C1, 0x05C2},   {0x05C4, 0x05C5},
    {0x0610, 0x061A}, {0x064B, 0x065F}, {0x0670, 0x0670}, {0x06D6, 0x06DC},   {0x06DF, 0x06E4},   {0x06E7, 0x06E8},
    {0x06EA, 0x06ED}, {0x0900, 0x0902}, {0x093A, 0x093A}, {0x093C, 0x093C},   {0x0941, 0x0948},   {0x094D, 0x094D},
    {0x0E31, 0x0E31}, {0x0E34, 0x0E3A}, {0x0E47, 0x0E4E}, {0x1AB0, 0x1AFF},   {0x1DC0, 0x1DFF},   {0x200B, 0x200F},
    {0x202A, 0x202E}, {0x2060, 0x2064}, {0x2066, 0x206F}, {0x20D0, 0x20FF},   {0x302A, 0x302D},   {0x3099, 0x309A},
    {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF}, {0x1F3FB, 0x1F3FF}, {0xE0000, 0xE01EF},
};

/* East Asian wide and full-width characters, and the pictographs that terminals draw as wide. */
static const code_range two_columns[] = {
    {0x1100, 0x115F},   {0x231A, 0x231B},   {0x2329, 0x232A},   {0x23E9, 0x23EC},   {0x2614, 0x2615},
    {0x26A1, 0x26A1},   {0x2705, 0x2705},   {0x274C, 0x274C},   {0x2E80, 0x303E},   {0x3041, 0x33FF},
    {0x3400, 0x4DBF},   {0x4E00, 0x9FFF},   {0xA000, 0xA4CF},   {0xA960, 0xA97F},   {0xAC00, 0xD7A3},
    {0xF900, 0xFAFF},   {0xFE10, 0xFE19},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},
    {0x16FE0, 0x18CFF}, {0x1B000, 0x1B2FF}, {0x1F004, 0x1F004}, {0x1F0CF, 0x1F0CF}, {0x1F18E, 0x1F18E},
    {0x1F191, 0x1F19A}, {0x1F200, 0x1F320}, {0x1F32D, 0x1F64F}, {0x1F680, 0x1F6FF}, {0x1F7E0, 0x1F7EB},
    {0x1F900, 0x1F9FF}, {0x1FA70, 0x1FAFF}, {0x20000, 0x3FFFD},
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static int columns_of(uint32_t code)
{
    if (code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0xAD)
        return 0;
    if (code < 0x300)
        return 1;
    if (in_ranges(code, no_columns, COUNT(no_columns)))
        return 0;
    return in_ranges(code, two_columns, COUNT(two_columns)) ? 2 : 1;
}

/* Bytes and columns of the next character; a broken byte counts as one character of one column. */
static size_t step(const char *text, size_t left, int *columns)
{
    uint32_t code;
    size_t size = decode(text, left, &code);
    *columns = size == 0 ? 1 : columns_of(code);
    return size == 0 ? 1 : size;
}

int ms_utf8_width(const char *text)
{
    size_t left = strlen(text);
    int width = 0, columns;
    for (size_t size; left > 0 && width < INT32_MAX - 2; text += size, left -= size) {
        size = step(text, left, &columns);
        width += columns;
    }
    return width;
}

size_t ms_utf8_fit(const char *text, int columns)
{
    size_t length = strlen(text), at = 0;
    int left = columns;
    while (at < length) {
        int wide;
        size_t size = step(text + at, length - at, &wide);
        if (wide > left)
            break;
        left -= wide;
        at += size;
    }
    return at;
}

void ms_utf8_copy(char *out, size_t size, const char *text, size_t length)
{
    if (size == 0)
        return;
    size_t used = 0;
    for (size_t at = 0; at < length && used + 1 < size;) {
        uint32_t code = 0;
        size_t bytes = decode(text + at, length - at, &code);
        bool plain = bytes > 0 && code >= 0x20 && !(code >= 0x7F && code < 0xA0);
        size_t wanted = plain ? bytes : 1;
        if (wanted > size - 1 - used)
            break;
        if (plain)
            memmove(out + used, text + at, bytes);
        else
            out[used] = '?';
        used += wanted;
        at += bytes == 0 ? 1 : bytes;
    }
    out[used] = '\0';
}
