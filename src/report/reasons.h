/* reasons.h: why needs fall short, as sentences and as rows; shared by the story of a plan and by `explain`. */
#ifndef MS_REPORT_REASONS_H
#define MS_REPORT_REASONS_H

#include "plan/explain.h"
#include "report/table.h"

/* Numbered paragraphs, as many as there are reasons, in the order given. */
void ms_reasons_print(const ms_reasons *reasons, const ms_plan *plan, const ms_pen *pen);
/* An array of objects under key. */
void ms_reasons_json(const ms_reasons *reasons, const ms_plan *plan, ms_json *json, const char *key);
/* One row for each cause. */
void ms_reasons_csv(const ms_reasons *reasons, const ms_plan *plan, ms_buf *out);

/* How many demands, reserves and commitments fall short at all. */
size_t ms_reasons_short_count(const ms_plan *plan);

#endif
