/* plan_list.h: the long lists of a plan, row by row: for pages of the API, CSV files and workbooks alike.
 *
 * Rows are filled into a table of the caller's, as many at a time as he likes, so that memory need not grow with them.
 */
#ifndef MS_REPORT_PLAN_LIST_H
#define MS_REPORT_PLAN_LIST_H

#include "plan/plan.h"
#include "report/say.h"
#include "report/table.h"

enum { MS_PLAN_LIST_IDS = 8 };

/* Fills in the columns, with the names that programs know, and returns how many there are. */
int ms_plan_list_columns(ms_column out[MS_TABLE_COLUMNS], ms_plan_list which);
/* The same with names in a language, for people. */
int ms_plan_list_heads(ms_column out[MS_TABLE_COLUMNS], ms_plan_list which, ms_language language);
ms_say_text ms_plan_list_title(ms_plan_list which);

/* How many rows the plan has, shown or not. */
size_t ms_plan_list_count(const ms_plan *plan, ms_plan_list which);
/* False when the row is not shown: what rounding leaves over is no shortfall. Else its ids, NULL behind them, to search
 * in. */
bool ms_plan_list_ids(const char *ids[MS_PLAN_LIST_IDS], const ms_plan *plan, ms_plan_list which, size_t row);
/* Appends the row to a table of these columns. */
void ms_plan_list_put(ms_table *table, const ms_plan *plan, ms_plan_list which, size_t row);

#endif
