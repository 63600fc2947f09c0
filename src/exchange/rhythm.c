/* rhythm.c: how often releases come and go: "hourly", "daily 06:00Z", "weekly mon 06:00Z". See exchange.h. */
#include <stdio.h>
#include <string.h>

#include "exchange/exchange.h"

enum { HOUR_MS = 3600 * 1000, DAY_MS = 24 * HOUR_MS };

/* 1970-01-01 was a Thursday. */
static const char *const day_words[] = {"thu", "fri", "sat", "sun", "mon", "tue", "wed"};

/* When releases are due: at offset_ms and every every_ms from there. */
typedef struct {
    int64_t every_ms, offset_ms;
} rhythm;

/* "06:00Z" in milliseconds, or -1. */
static int64_t time_of_day(const char *text)
{
    int hours, minutes, used = 0;
    if (strlen(text) != 6 || sscanf(text, "%2d:%2dZ%n", &hours, &minutes, &used) != 2 || used != 6 || hours < 0 ||
        hours > 23 || minutes < 0 || minutes > 59)
        return -1;
    return ((int64_t)hours * 60 + minutes) * 60000;
}

static bool parse(rhythm *out, const char *text)
{
    if (strcmp(text, "hourly") == 0) {
        *out = (rhythm){HOUR_MS, 0};
        return true;
    }
    if (strncmp(text, "daily ", 6) == 0) {
        *out = (rhythm){DAY_MS, time_of_day(text + 6)};
        return out->offset_ms >= 0;
    }
    if (strncmp(text, "weekly ", 7) != 0 || strlen(text) < 11 || text[10] != ' ')
        return false;
    for (int day = 0; day < 7; day++) {
        if (strncmp(text + 7, day_words[day], 3) == 0) {
            int64_t time = time_of_day(text + 11);
            *out = (rhythm){7 * (int64_t)DAY_MS, day * (int64_t)DAY_MS + time};
            return time >= 0;
        }
    }
    return false;
}

bool ms_rhythm_is_good(const char *text)
{
    rhythm r;
    return text[0] == '\0' || parse(&r, text);
}

int64_t ms_rhythm_due(const char *text, int64_t now_ms)
{
    rhythm r;
    if (!parse(&r, text) || now_ms < r.offset_ms)
        return -1;
    return now_ms - (now_ms - r.offset_ms) % r.every_ms;
}

int64_t ms_rhythm_every(const char *text)
{
    rhythm r;
    return parse(&r, text) ? r.every_ms : -1;
}
