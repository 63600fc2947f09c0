/* shifts.h: in words and rows what a plan does instead (stress/shift.h). */
#ifndef MS_REPORT_SHIFTS_H
#define MS_REPORT_SHIFTS_H

#include "report/table.h"
#include "stress/shift.h"

/* Paragraphs, from column `indent` on: more and less through lanes, then through sites, and which are then full. */
void ms_shifts_print(const ms_shift *shifts, size_t count, const ms_case *kase, const ms_pen *pen, int indent);
/* An array of objects under key. */
void ms_shifts_json(const ms_shift *shifts, size_t count, const ms_case *kase, ms_json *json, const char *key);

#endif
