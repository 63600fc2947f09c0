/* match.c: see match.h. Cost: a pattern match a row for a pattern, one look-up for an id. */
#include "case/match.h"

#include <string.h>

#include "base/text.h"

void ms_which_split(ms_which_parts *out, const char *which)
{
    const char *slash = strchr(which, '/');
    size_t first = slash == NULL ? strlen(which) : (size_t)(slash - which);
    const char *second = slash == NULL ? "*" : slash + 1;
    size_t second_length = strlen(second);
    first = first < MS_WHICH_BYTES ? first : MS_WHICH_BYTES - 1;
    second_length = second_length < MS_WHICH_BYTES ? second_length : MS_WHICH_BYTES - 1;
    memcpy(out->first, which, first);
    out->first[first] = '\0';
    memcpy(out->second, second, second_length);
    out->second[second_length] = '\0';
}

bool ms_which_is_pattern(const char *which)
{
    return strpbrk(which, "*?") != NULL;
}

void ms_which_range(const ms_names *names, const char *which, int32_t *first, int32_t *end)
{
    *first = 0;
    *end = (int32_t)names->count;
    if (ms_which_is_pattern(which))
        return;
    int32_t ix = ms_names_find(names, which, strlen(which));
    *first = ix < 0 ? 0 : ix;
    *end = ix < 0 ? 0 : ix + 1;
}

bool ms_event_strikes_lane(const ms_case *kase, const ms_event *event, int32_t lane_ix)
{
    const ms_lane *lane = &kase->lanes[lane_ix];
    if (event->what == MS_WHAT_LANE)
        return ms_text_glob(event->which, lane->id);
    return event->what == MS_WHAT_MODE && ms_text_glob(event->which, ms_mode_words[lane->mode]);
}

bool ms_which_crosses(const ms_case *kase, const ms_which_parts *parts, int32_t lane_ix)
{
    const ms_lane *lane = &kase->lanes[lane_ix];
    if (lane->from_ix == MS_NONE || lane->to_ix == MS_NONE)
        return false;
    const char *from = kase->sites[lane->from_ix].country, *to = kase->sites[lane->to_ix].country;
    return from[0] != '\0' && to[0] != '\0' && strcmp(from, to) != 0 && ms_text_glob(parts->first, from) &&
           ms_text_glob(parts->second, to);
}
