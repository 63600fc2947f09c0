/* findings.h: what reading a case or checking a plan found, as text, CSV and JSON. */
#ifndef MS_CMD_FINDINGS_H
#define MS_CMD_FINDINGS_H

#include "cmd/dispatch.h"

/* folder stands before each file's name, so that an editor finds the place. */
typedef struct {
    const ms_findings *findings;
    const char *folder;
} ms_finding_list;

/* `folder/file:line:column: error: text`, a line each, at most `most` of them (0: all), errors only when asked. */
void ms_findings_text(ms_buf *out, const ms_finding_list *list, bool errors_only, size_t most, bool colour);
/* severity,file,line,column,message; the header row first when asked. */
void ms_findings_csv(ms_buf *out, const ms_finding_list *list, bool header);
/* The members of a JSON array, without its brackets; *count goes on from the lists before. */
void ms_findings_json(ms_buf *out, const ms_finding_list *list, size_t *count);

/* "3 errors and 1 warning", "no errors". */
void ms_findings_count(ms_buf *out, size_t errors, size_t warnings);

/* Appends text as a JSON string with its quotes; bytes that are no UTF-8 become U+FFFD. */
void ms_json_quote(ms_buf *out, const char *text);

#endif
