/* status.h: how every function that can fail says so.
 *
 * A function returns ms_status and, where the caller may want to know more, fills a caller's ms_error. Output
 * parameters come first in the argument list and stay untouched on failure. The public part lives in
 * <mainstay.h>; this header adds the functions that fill an error and the list of findings that a reader of
 * files collects.
 */
#ifndef MS_BASE_STATUS_H
#define MS_BASE_STATUS_H

#include <stdarg.h>
#include <stddef.h>

#include "mainstay.h"

/* Fills *err (which may be NULL) with a code and a formatted message (cut at its cap) and returns the
 * code. */
ms_status ms_error_set(ms_error *err, ms_status code, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* As ms_error_set, with the place in a file: line and column count from 1, 0 where unknown. */
ms_status ms_error_at(ms_error *err, ms_status code, const char *file, int line, int column, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

/* Fills *err with "out of memory" and returns MS_NO_MEMORY. */
ms_status ms_error_memory(ms_error *err);

/* Adds a finding to the list; past the list's cap findings are only counted, and warnings fill at most half
 * of it, so that they never hide an error. file is copied. Returns MS_OK or MS_NO_MEMORY. */
ms_status ms_findings_add(ms_findings *findings, ms_severity severity, const char *file, int line, int column,
                          const char *format, ...) __attribute__((format(printf, 6, 7)));
ms_status ms_findings_vadd(ms_findings *findings, ms_severity severity, const char *file, int line, int column,
                           const char *format, va_list args) __attribute__((format(printf, 6, 0)));

/* Orders the findings by file, line, column (stable), so that output does not depend on the order of
 * checking. */
void ms_findings_sort(ms_findings *findings);

/* Returns status from the enclosing function unless it is MS_OK. */
#define MS_TRY(call)                    \
    do {                                \
        ms_status try_status_ = (call); \
        if (try_status_ != MS_OK)       \
            return try_status_;         \
    } while (0)

#endif
