/* match.h: what an event of a contingency strikes: by id, or by a pattern with * and ?. Only src/case
 * includes it. */
#ifndef MS_CASE_MATCH_H
#define MS_CASE_MATCH_H

#include "case/case.h"

/* `which` of a stock, supply or duty event: "site", "site/item", "FROM/TO". Without a second part it is
 * "*". */
enum { MS_WHICH_BYTES = 256 };
typedef struct {
    char first[MS_WHICH_BYTES], second[MS_WHICH_BYTES];
} ms_which_parts;
void ms_which_split(ms_which_parts *out, const char *which);

bool ms_which_is_pattern(const char *which);
/* The range of rows in which those that fit `which` lie: one row for an id, none for an unknown one, all
 * for a pattern. */
void ms_which_range(const ms_names *names, const char *which, int32_t *first, int32_t *end);

bool ms_event_strikes_lane(const ms_case *kase, const ms_event *event, int32_t lane_ix); /* lane, mode */
/* True when the lane crosses a border between known countries that fit. */
bool ms_which_crosses(const ms_case *kase, const ms_which_parts *parts, int32_t lane_ix);

#endif
