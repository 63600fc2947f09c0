/* text.c: how near two words are, glob patterns, and hashes. The UTF-8 part of text.h is in utf8.c, numbers
 * in number.c.
 *
 * Costs: distance is the product of the lengths, each capped at WORD_CAP characters, on the stack; glob is at
 * worst the product of the lengths; hashes take eight bytes a step.
 */
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* ---- edit distance ---- */

enum { WORD_CAP = 128 };

/* Characters of the word with ASCII letters in lower case; -1 when it is longer than WORD_CAP. Continuation
 * bytes are gathered as they come: two words only need to compare equal where their characters do. */
static int characters_of(uint32_t out[WORD_CAP], const char *word)
{
    int count = 0;
    for (const unsigned char *at = (const unsigned char *)word; *at != 0; at++) {
        if ((*at & 0xC0) == 0x80 && count > 0) {
            out[count - 1] = out[count - 1] << 8 | *at;
            continue;
        }
        if (count == WORD_CAP)
            return -1;
        out[count++] = *at >= 'A' && *at <= 'Z' ? (uint32_t)(*at + ('a' - 'A')) : *at;
    }
    return count;
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

int ms_text_distance(const char *a, const char *b, int limit)
{
    uint32_t x[WORD_CAP], y[WORD_CAP];
    int m = characters_of(x, a), n = characters_of(y, b);
    if (limit < 0 || m < 0 || n < 0)
        return m < 0 && n < 0 && strcmp(a, b) == 0 ? 0 : limit + 1;
    if (abs(m - n) > limit)
        return limit + 1;

    /* Three rows of the table: before[j] and above[j] belong to the prefixes of length i-2 and i-1. */
    int rows[3][WORD_CAP + 1];
    int *before = rows[0], *above = rows[1], *row = rows[2];
    for (int j = 0; j <= n; j++)
        above[j] = j;
    for (int i = 1; i <= m; i++) {
        int row_best = row[0] = i;
        for (int j = 1; j <= n; j++) {
            int cost = least(least(above[j], row[j - 1]) + 1, above[j - 1] + (x[i - 1] != y[j - 1]));
            if (i > 1 && j > 1 && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1])
                cost = least(cost, before[j - 2] + 1);
            row[j] = cost;
            row_best = least(row_best, cost);
        }
        /* A step from the row above costs at most what a transposition from two rows above saves: once a
         * whole row is over the limit, all later ones are. */
        if (row_best > limit)
            return limit + 1;
        int *spare = before;
        before = above;
        above = row;
        row = spare;
    }
    return least(above[n], limit + 1);
}

/* ---- glob ---- */

/* The byte behind the character that begins at text. */
static const char *character_end(const char *text)
{
    do
        text++;
    while (((unsigned char)*text & 0xC0) == 0x80);
    return text;
}

/* On a mismatch only the last '*' takes one more character: what an earlier one took can stay as it is,
 * because the text between two stars is best matched where it first occurs. */
bool ms_text_glob(const char *pattern, const char *text)
{
    const char *star = NULL, *star_text = NULL;
    while (*text != '\0') {
        if (*pattern == '*') {
            star = ++pattern;
            star_text = text;
        } else if (*pattern == '?') {
            pattern++;
            text = character_end(text);
        } else if (*pattern == *text) {
            pattern++;
            text++;
        } else if (star != NULL) {
            pattern = star;
            text = star_text = character_end(star_text);
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}

/* ---- hashes ---- */

static uint64_t load_le(const unsigned char *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

/* Folds the 128-bit product with an odd constant: every bit of word and hash reaches every bit of the
 * result. */
static uint64_t mix(uint64_t hash, uint64_t word)
{
    unsigned __int128 product = (unsigned __int128)(hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

uint64_t ms_hash_bytes(uint64_t hash, const void *bytes, size_t length)
{
    const unsigned char *at = bytes;
    size_t left = length;
    for (; left >= 8; at += 8, left -= 8)
        hash = mix(hash, load_le(at)) + UINT64_C(0xd1342543de82ef95);
    uint64_t tail = 0;
    for (size_t i = 0; i < left; i++)
        tail |= (uint64_t)at[i] << (8 * i);
    hash = mix(hash + UINT64_C(0xd1342543de82ef95), tail);
    return mix(hash, (uint64_t)length + UINT64_C(0xa0761d6478bd642f));
}

uint64_t ms_text_hash(const char *text, size_t length)
{
    return ms_hash_bytes(MS_HASH_START, text, length);
}
