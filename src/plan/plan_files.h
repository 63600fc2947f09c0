/* plan_files.h: the files of a plan folder and their columns, one table for writer, reader and docs/plan-format.md. */
#ifndef MS_PLAN_PLAN_FILES_H
#define MS_PLAN_PLAN_FILES_H

#include "plan/plan.h"

typedef struct {
    const char *name, *help;
} ms_plan_column;

enum { MS_PLAN_COLUMNS_MOST = 20, MS_PLAN_TABLES = 6 };

typedef enum {
    MS_PLAN_MOVEMENTS,
    MS_PLAN_ISSUES,
    MS_PLAN_STOCK,
    MS_PLAN_SHORTFALLS,
    MS_PLAN_ORDERS,
    MS_PLAN_PRICES
} ms_plan_table_kind;

typedef struct {
    const char *file, *help;
    ms_plan_column columns[MS_PLAN_COLUMNS_MOST]; /* ends with a NULL name */
} ms_plan_table;

extern const ms_plan_table ms_plan_tables[MS_PLAN_TABLES];

#define MS_PLAN_SUMMARY "summary.json"

/* A key of summary.json: "bound", "case.name", "coverage[].met_t". */
typedef struct {
    const char *path, *holds, *help;
} ms_plan_key;

/* In the order of the file; ends with a NULL path. plan_write.c writes these and no others (test_plan_format.c). */
extern const ms_plan_key ms_plan_summary_keys[];

/* Appends orders.csv as ms_plan_write would write it. */
ms_status ms_plan_orders_csv(ms_buf *out, const ms_plan *plan, ms_error *err);

#define MS_PLAN_BASIS "basis"
enum { MS_PLAN_FORMAT = 1 };

/* The words of shortfalls.csv, by ms_short_kind; ends with NULL. */
extern const char *const ms_short_kind_words[];

/* (ms_plan_format_markdown, which renders docs/plan-format.md from these tables, is declared in mainstay.h.) */

#endif
