/* tornado.h: a tornado chart: what each thing adds, the worst on top, with how sure that is, as a self-contained SVG.
 *
 * A bar reaches from 0 to its value; a whisker from the least to the most that is proven, where the two differ. The
 * order is the caller's. Cost: linear in the bars.
 */
#ifndef MS_REPORT_TORNADO_H
#define MS_REPORT_TORNADO_H

#include "base/status.h"

typedef struct {
    const char *label, *note;  /* at the left of the bar; behind it, "" for none */
    double value, least, most; /* finite, not negative; least <= value <= most */
} ms_tornado_bar;

/* title, subtitle and unit (of the axis) may hold any text. MS_NO_MEMORY. */
ms_status ms_tornado_svg(ms_buf *out, const char *title, const char *subtitle, const char *unit,
                         const ms_tornado_bar *bars, size_t count, ms_error *err);

#endif
