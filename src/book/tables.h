/* tables.h: what is rebuilt from the log: facts, the rows of the case, how its files are written.
 *
 * ms_tables_apply is the only code that changes them; appending an entry, rebuilding and looking at an earlier position
 * all call it, so that they cannot disagree.
 */
#ifndef MS_BOOK_TABLES_H
#define MS_BOOK_TABLES_H

#include "book/store.h"

/* The statements of a book's store, by use. */
enum {
    MS_SQL_HEAD,
    MS_SQL_INSERT,
    MS_SQL_ENTRY,
    MS_SQL_FIND,
    MS_SQL_FACT,
    MS_SQL_COLUMNS_ADD,
    MS_SQL_COLUMNS_FIND,
    MS_SQL_ROW_SET,
    MS_SQL_ROW_REMOVE,
    MS_SQL_ROW_LAST,
    MS_SQL_FORM_SET,
    MS_SQL_FORM_REMOVE,
    MS_SQL_ORDER,
    MS_SQL_PLACE,
    MS_SQL_RAW,
    MS_SQL_COUNT
};

/* Makes the tables, empty. Their names do not exist yet. */
MS_MUST_USE ms_status ms_tables_create(ms_store *store, ms_error *err);
MS_MUST_USE ms_status ms_tables_drop(ms_store *store, ms_error *err);

/* Brings the tables up to date with the entry that follows what they hold. MS_BAD_INPUT when its body is not what its
 * kind promises: such an entry must not get into the log. */
MS_MUST_USE ms_status ms_tables_apply(ms_store *store, const ms_entry *entry, ms_error *err);

#endif
