/* rules.h: releases.csv: what goes out to whom, in what detail. What no rule names stays home.
 *
 * For each row of the case the first rule that fits decides, in the order of the file. A rule fits by reader, table,
 * and patterns over site, item and class; a row of two sites (a lane) fits when both do. Cost: rules x rows.
 */
#ifndef MS_EXCHANGE_RULES_H
#define MS_EXCHANGE_RULES_H

#include "exchange/listing.h"

typedef enum {
    MS_DETAIL_FULL,
    MS_DETAIL_ROUNDED, /* what is offered down, what is wanted up, to a multiple of amount */
    MS_DETAIL_SUMMED,  /* tonnes by class, region, week */
    MS_DETAIL_DELAYED, /* as it was amount days ago */
    MS_DETAIL_DAYS,    /* days of supply instead of quantities */
    MS_DETAIL_WITHHELD,
    MS_DETAILS
} ms_detail;
extern const char *const ms_detail_words[MS_DETAILS + 1];

/* The tables that have an owner, and so can be released. Forces go out as the demands that they become. */
typedef enum {
    MS_RELEASE_SITES,
    MS_RELEASE_FLEETS,
    MS_RELEASE_LANES,
    MS_RELEASE_STOCKS,
    MS_RELEASE_SUPPLIES,
    MS_RELEASE_DEMANDS,
    MS_RELEASE_RESERVES,
    MS_RELEASE_AGREEMENTS,
    MS_RELEASE_COMMITMENTS,
    MS_RELEASE_TABLES,
    MS_RELEASE_ANY = MS_RELEASE_TABLES
} ms_release_table;
extern const char *const ms_release_table_words[MS_RELEASE_TABLES + 2]; /* the last is "*" */
/* The file of the case: "stocks.csv". Returns out. */
char *ms_release_file(char out[32], ms_release_table table);

enum { MS_BY_CLASS = 1, MS_BY_REGION = 2, MS_BY_WEEK = 4 };

typedef struct {
    const char *to, *site, *item, *class; /* ids or patterns; "" any */
    ms_release_table table;
    ms_detail detail;
    double amount; /* of rounding, item units; of a delay, days */
    unsigned by;   /* of a sum */
    int line;
} ms_rule;

typedef struct {
    ms_arena *arena;
    ms_rule *rules;
    size_t count, capacity;
} ms_rules;

/* What a row is about; "" or NULL where it is about none. */
typedef struct {
    const char *from, *to; /* sites: both the same where there is one */
    const char *item, *class;
} ms_subject;

/* Reads releases.csv. What is wrong goes to findings, and MS_BAD_INPUT comes back. Free with ms_rules_free. */
MS_MUST_USE ms_status ms_rules_read(ms_rules *out, const char *text, size_t length, const char *file,
                                    ms_findings *findings, ms_error *err);
void ms_rules_free(ms_rules *rules); /* one of zeros is allowed */

/* The rule that decides about a row, or NULL: it stays home. */
const ms_rule *ms_rules_decide(const ms_rules *rules, const char *to, ms_release_table table,
                               const ms_subject *subject);

/* The columns of releases.csv as a Markdown table. */
void ms_rules_markdown(ms_buf *out);

#endif
