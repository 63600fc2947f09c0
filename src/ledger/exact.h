/* exact.h: decimal quantities and money without doubles.
 *
 * A number is an int64_t of its smallest unit: quantities (in item units), prices (currency for one unit) and masses
 * (kg for one unit) in millionths, money in hundredths of the currency. Nothing is ever rounded but a product, and that
 * one way: to the nearest, a tie to the even neighbour. So both sides of an order compute the same bytes.
 * Numbers stay below MS_EXACT_MOST in size, so that sums of a million of them fit.
 */
#ifndef MS_LEDGER_EXACT_H
#define MS_LEDGER_EXACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mainstay.h"

enum { MS_EXACT_QUANTITY_DIGITS = 6, MS_EXACT_MONEY_DIGITS = 2, MS_EXACT_BYTES = 32 };
#define MS_EXACT_MOST INT64_C(1000000000000000000) /* 1e12 units, or 1e16 of a currency */

/* text[0..length), plain decimal without a sign ("12", "0.5"), in units of 10^-digits. 0 when it is one; else a short
 * reason as ms_number_parse gives it: "is not a number", "has more than 6 decimals", "is too large". */
MS_MUST_USE const char *ms_exact_parse(int64_t *out, const char *text, size_t length, int digits);

/* A double of the case, which was read from a decimal, as that decimal; digits beyond are rounded. False when it is not
 * finite, negative or too large. */
MS_MUST_USE bool ms_exact_from_double(int64_t *out, double value, int digits);

/* Shortest decimal: "12", "0.5", "-3.25". Returns out. */
char *ms_exact_text(char out[MS_EXACT_BYTES], int64_t value, int digits);
/* For people: money with both its decimals ("1,250.00"), a quantity with those it has ("1,250.5"). Returns out. */
char *ms_exact_shown(char out[MS_EXACT_BYTES], int64_t value, int digits, int least_digits);

/* quantity x price in money; quantity x kg_per_unit in millionths of a tonne. False when the result is too large. */
MS_MUST_USE bool ms_exact_amount(int64_t *out, int64_t quantity, int64_t price);
MS_MUST_USE bool ms_exact_tonnes(int64_t *out, int64_t quantity, int64_t kg_per_unit);

#endif
