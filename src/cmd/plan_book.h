/* plan_book.h: planning a case that a book holds: as it was, kept in the book, made again. */
#ifndef MS_CMD_PLAN_BOOK_H
#define MS_CMD_PLAN_BOOK_H

#include "cmd/dispatch.h"

typedef struct {
    ms_book *book;    /* NULL: the case is a folder */
    int64_t position; /* of the log that the case is made from */
    bool again;
    ms_kept_plan kept; /* when again */
} ms_plan_book;

/* Opens the case at path, a folder or a book; with --again, options become those of the plan kept. Close it in any
 * case. */
MS_MUST_USE ms_status ms_plan_book_open(ms_plan_book *out, ms_call *call, const char *path, ms_case **kase,
                                        ms_plan_options *options);
/* Once the plan is written to folder: keeps it with --keep, compares it with --again. */
MS_MUST_USE ms_status ms_plan_book_finish(ms_plan_book *from, ms_call *call, const ms_plan_options *options,
                                          const ms_plan *plan, const char *folder);
void ms_plan_book_close(ms_plan_book *from);

#endif
