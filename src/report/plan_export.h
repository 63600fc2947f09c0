/* plan_export.h: the long lists of a plan as sheets of a workbook. */
#ifndef MS_REPORT_PLAN_EXPORT_H
#define MS_REPORT_PLAN_EXPORT_H

#include "report/plan_list.h"
#include "report/workbook.h"

/* Adds a sheet with all rows; what is beyond MS_WORKBOOK_ROWS is left out. */
void ms_plan_list_sheet(ms_workbook *book, const ms_plan *plan, ms_plan_list which, ms_language language);

#endif
