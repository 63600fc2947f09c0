/* heatmap.h: states by site and day as a picture on a terminal.
 *
 * In colour each day is a coloured cell, or half of one where the days would not fit otherwise; without colour it is a
 * character with more ink the worse it is. Where even half cells do not fit, one stands for several days and shows the
 * worst. */
#ifndef MS_REPORT_HEATMAP_H
#define MS_REPORT_HEATMAP_H

#include "report/pen.h"
#include "report/posture.h"

/* One line a site, the worst first, with the worst state over the rows of the posture at that site; at most `most`
 * lines (0: all). */
ms_status ms_heatmap_print(const ms_posture *posture, const ms_pen *pen, size_t most, ms_error *err);

#endif
