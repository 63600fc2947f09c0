/* edit_private.h: what edit.c and edit_json.c share. */
#ifndef MS_CASE_EDIT_PRIVATE_H
#define MS_CASE_EDIT_PRIVATE_H

#include "case/edit.h"

/* The line end before bytes[end]: "\r\n", "\n", "\r", or "" where there is none. */
static inline const char *ms_edit_line_end(const char *bytes, size_t end)
{
    if (end >= 2 && bytes[end - 2] == '\r' && bytes[end - 1] == '\n')
        return "\r\n";
    return end >= 1 && bytes[end - 1] == '\n' ? "\n" : end >= 1 && bytes[end - 1] == '\r' ? "\r" : "";
}

/* As ms_edit_file, of case.json. */
MS_MUST_USE ms_status ms_edit_json(ms_buf *out, ms_edit_outcome *outcome, const ms_edit *edits, size_t count,
                                   const ms_case_file *file, ms_error *err);

#endif
