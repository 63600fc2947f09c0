/* nearest.c: see nearest.h.
 *
 * The distance counts inserted, dropped and changed letters and swapped neighbours (optimal string alignment). A word
 * is near when at most a third of its letters differ, or one; and two letters or more are near to what they begin.
 */
#include "cmd/nearest.h"

#include <string.h>

enum { WORD_BYTES = 32, FAR = 1000 };

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* FAR when either word is too long to compare. */
static int distance_of(const char *a, const char *b)
{
    size_t a_length = strlen(a), b_length = strlen(b);
    int row[WORD_BYTES + 1][WORD_BYTES + 1];
    if (a_length > WORD_BYTES || b_length > WORD_BYTES)
        return FAR;
    for (size_t i = 0; i <= a_length; i++) {
        for (size_t j = 0; j <= b_length; j++) {
            if (i == 0 || j == 0) {
                row[i][j] = (int)(i + j);
                continue;
            }
            int change = row[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            row[i][j] = least(change, least(row[i - 1][j], row[i][j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[i][j] = least(row[i][j], row[i - 2][j - 2] + 1);
        }
    }
    return row[a_length][b_length];
}

void ms_nearest_offer(ms_nearest *nearest, const char *candidate)
{
    size_t length = strlen(nearest->word);
    int distance = distance_of(nearest->word, candidate);
    int limit = length < 3 ? 1 : (int)(length / 3);
    if (length >= 2 && strncmp(nearest->word, candidate, length) == 0)
        distance = 0;
    if (distance <= limit && (nearest->best == NULL || distance < nearest->distance)) {
        nearest->best = candidate;
        nearest->distance = distance;
    }
}
