/* words.h: the planner's words for what a case and a plan hold by number: days, spans, amounts, limits that bind.
 *
 * Each function appends to a buffer whose `failed` tells when memory ran short. Names come from the case as they are;
 * the pen cleans them when they go out. Days count from 0, as in the case's files. Numbers and their units are joined
 * by no-break spaces.
 */
#ifndef MS_REPORT_WORDS_H
#define MS_REPORT_WORDS_H

#include "plan/explain.h"

/* The text written so far, "" when there is none. */
const char *ms_words_of(const ms_buf *buf);

/* What to call a site or an item: its id where that is a word (two letters in a row), which is short and can be typed;
 * else, for ids that are mere numbers, its name. */
const char *ms_words_thing(const char *id, const char *name);
const char *ms_words_site(const ms_case *kase, int32_t site_ix);
const char *ms_words_item(const ms_case *kase, int32_t item_ix);

/* A name up to a comma or bracket, what stands behind explains; and no wider than 28 columns. */
void ms_words_short_name(ms_buf *out, const char *name);

/* The id of a partner, "nobody" for -1. */
const char *ms_words_partner(const ms_case *kase, int32_t partner_ix);

void ms_words_count(ms_buf *out, size_t count, const char *one, const char *many); /* "1 site", "1,200 sites" */
void ms_words_tonnes(ms_buf *out, double tonnes);                                  /* "1,234 t", "0.42 t" */
void ms_words_quantity(ms_buf *out, const ms_item *item, double quantity); /* "146 m3"; "units" where none is named */
void ms_words_percent(ms_buf *out, double share);                          /* "94.1 %"; 100 only when it is all */

/* "day 12 (13 Mar)" for the period's start. */
void ms_words_day(ms_buf *out, const ms_case *kase, int period);
/* "on day 12 (13 Mar)" or "from day 12 to 18 (13 Mar to 19 Mar)"; to is exclusive. */
void ms_words_span(ms_buf *out, const ms_case *kase, int from_period, int to_period);

/* "rail lane Busan → Daegu", with the id where two lanes would read the same. arrow is the view's glyph. */
void ms_words_lane(ms_buf *out, const ms_case *kase, int32_t lane_ix, const char *arrow);

/* The name of what a cause or bottleneck is about: "handling at Busan", "agreement fuel-loan", "stock of Diesel". */
void ms_words_limit(ms_buf *out, const ms_case *kase, ms_cause_kind kind, int32_t row_ix, const char *arrow);

/* The cause as a clause: "handling at Busan is full from day 3 to 9 (...)". */
void ms_words_cause(ms_buf *out, const ms_case *kase, const ms_cause *cause, const char *arrow);

/* One word for the kind, for files: "handling", "no-way". */
const char *ms_words_cause_kind(ms_cause_kind kind);

/* What falls short: "Diesel for us at Busan, priority 1". */
void ms_words_need(ms_buf *out, const ms_case *kase, ms_short_kind kind, int32_t row_ix, const char *arrow);

#endif
