/* text.h: UTF-8, numbers as text, and how near two words are. No locale is ever consulted. */
#ifndef MS_BASE_TEXT_H
#define MS_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Length of the valid UTF-8 prefix of text: equal to length when all of it is valid (no surrogates, no
 * overlong forms). */
size_t ms_utf8_valid_prefix(const char *text, size_t length);
/* Columns that a terminal uses for zero-terminated UTF-8 (East Asian wide 2, combining marks 0). */
int ms_utf8_width(const char *text);
/* Bytes of the longest prefix of text that is at most columns wide. */
size_t ms_utf8_fit(const char *text, int columns);
/* Copies text to out, cut so that it fits size bytes and never inside a character, control characters
 * and broken bytes replaced by '?'. out may be text itself. */
void ms_utf8_copy(char *out, size_t size, const char *text, size_t length);

/* Shortest decimal text that reads back as the same double; "0" for -0. Returns out. */
enum { MS_NUMBER_BYTES = 32 };
char *ms_number_text(char out[MS_NUMBER_BYTES], double value);
/* For people: value with digits decimals and a comma between thousands ("12,345.7"). Returns out. */
char *ms_number_grouped(char out[MS_NUMBER_BYTES], double value, int digits);
/* For people: about three significant digits, grouped ("0.042", "1.25", "12.3", "1,234"). Returns out. */
char *ms_number_short(char out[MS_NUMBER_BYTES], double value);

/* Parses all of text[0..length) as a plain decimal number (digits, one '.', optional sign and exponent).
 * Exact: the nearest double. Fast path without strtod for up to 19 digits and small exponents. Returns 0 when
 * it is a number; else a short reason such as "is not a number", "has a thousands separator" (text such as
 * 1,200 or 1 200), "has a decimal comma" (1,5), "is not finite", as a static string. */
const char *ms_number_parse(double *out, const char *text, size_t length);

/* Edit distance with transpositions (Damerau-Levenshtein, optimal string alignment), stopping above limit
 * (returns limit+1). Counted in characters; ASCII case does not count, so that a pure change of case has
 * distance 0. Words over 128 characters are far from everything but themselves. */
int ms_text_distance(const char *a, const char *b, int limit);
/* Glob match of all of text with * and ? (one character); no classes, no escapes. At worst quadratic. */
bool ms_text_glob(const char *pattern, const char *text);
uint64_t ms_text_hash(const char *text, size_t length);
/* 64-bit running hash over bytes, for telling two contents apart (not for security). Start with
 * MS_HASH_START. The same on every machine; where one call ends and the next begins counts ("ab", "c" is not
 * "a", "bc"). */
#define MS_HASH_START UINT64_C(0x6d61696e73746179)
uint64_t ms_hash_bytes(uint64_t hash, const void *bytes, size_t length);

#endif
