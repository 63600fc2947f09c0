/* briefing.h: what a commander is told of a plan, as sections that the page and the workbook are written from.
 *
 * A briefing is made once from a plan: a headline, a few figures, and sections, each a table with a title, in one
 * language. Everything follows from the plan, its case and the options; no clock is asked, so that the same plan gives
 * the same bytes. Cost: the reasons and, when asked for, planning again to verify them; else linear in the plan's rows,
 * with lanes x periods and sites x periods doubles for their use over time.
 */
#ifndef MS_REPORT_BRIEFING_H
#define MS_REPORT_BRIEFING_H

#include "report/bottleneck.h"
#include "report/coverage.h"
#include "report/crossing.h"
#include "report/posture.h"
#include "report/reasons.h"
#include "report/say.h"
#include "report/table.h"
#include "report/workbook.h"

enum { MS_BRIEFING_REASONS = 8, MS_BRIEFING_POSTURE_ROWS = 2000 };
#define MS_BRIEFING_LEAST_T 5e-4 /* less than a pound in all is no commander's business */

/* What falls short of one item, or at one site, over all its demands. */
typedef struct {
    int32_t ix;            /* item or site */
    int32_t with_ix;       /* the site, or item, with the most of it; of an item, the site that is short first */
    size_t with_count;     /* how many there are */
    double lost_t, late_t; /* never met; of what may wait, the most owed at once */
    double wanted_t;       /* by the demands that fall short */
    double weight;         /* objective weight: the order */
    int first_period, last_period;
    int priority; /* the most urgent */
} ms_lack;

typedef struct {
    ms_lack *items;
    size_t count;
} ms_lacks;

/* By item (by_site false) or by site, heaviest first. Free items with ms_free. */
ms_status ms_lacks_make(ms_lacks *out, const ms_plan *plan, bool by_site, ms_error *err);

/* Tonnes through lanes and sites. */
typedef struct {
    int32_t ix;
    double tonnes, in_t, out_t; /* of a site: tonnes is in plus out */
    double mean_use;            /* of the limit, 0..1; NAN: without a limit */
    int full_periods;
} ms_use;

typedef struct {
    ms_use *rows;
    size_t count;
    double *share; /* [row ix of the case x periods], 0..1 of the limit; NAN without one */
    int periods;
} ms_uses;

ms_status ms_uses_make(ms_uses *out, const ms_plan *plan, bool of_sites, ms_error *err);
void ms_uses_free(ms_uses *uses);

/* ---- sections ---- */

typedef enum {
    MS_SECTION_COVERAGE,
    MS_SECTION_RUNS_OUT,
    MS_SECTION_SITES,
    MS_SECTION_DECIDE,
    MS_SECTION_GIVES,
    MS_SECTION_REASONS,
    MS_SECTION_POSTURE,
    MS_SECTION_LANES,
    MS_SECTION_PLACES,
    MS_SECTION_ORDERS,
    MS_SECTION_STRESS,
    MS_SECTION_FINDINGS,
    MS_SECTIONS
} ms_section_id;

/* Where a column is shown, as its rank: on the first page, in the page's details, in the workbook. */
enum { MS_ON_FRONT = 1, MS_IN_DETAILS = 2, MS_IN_BOOK = 4, MS_ON_PAGE = MS_ON_FRONT | MS_IN_DETAILS, MS_ON_ALL = 7 };

/* What a strip of cells over the days (a MS_COLUMN_SPARK) stands for. */
typedef enum { MS_STRIP_STATES, MS_STRIP_SHARES } ms_strip;

typedef struct {
    ms_say_text title, note; /* note MS_SAYS: none */
    ms_strip strip;
    ms_column columns[MS_TABLE_COLUMNS]; /* head is in the briefing's language; unit is not used */
    ms_say_text heads[MS_TABLE_COLUMNS]; /* the same by its name */
    ms_table table;
    bool used; /* the briefing has it */
} ms_section;

enum { MS_BRIEFING_TILES = 5 };

/* A figure of the first page. */
typedef struct {
    ms_buf label, figure, remark;
    ms_tone tone;
} ms_tile;

typedef struct {
    const ms_plan *plan;
    const ms_briefing_options *options;
    ms_language language;
    ms_reasons reasons;
    ms_bottleneck *bottlenecks;
    size_t bottleneck_count;
    ms_crossings crossings;
    ms_posture posture; /* by class, combined, worst first */
    ms_lacks items, sites;
    ms_uses lanes, places;
    size_t sites_with_demand;
    double *short_t; /* [rank of priority x periods]: not met, or owed, in the period */
    ms_buf headline, subtitle, size, with, as_of, proof;
    ms_tile tiles[MS_BRIEFING_TILES];
    ms_section sections[MS_SECTIONS];
} ms_briefing;

/* Free with ms_briefing_free, also what is partly made. */
ms_status ms_briefing_make(ms_briefing *out, const ms_plan *plan, const ms_briefing_options *options, ms_error *err);
void ms_briefing_free(ms_briefing *briefing);

/* Starts a section; then columns are added, then rows to its table. */
ms_section *ms_section_start(ms_briefing *briefing, ms_section_id id, ms_say_text title, ms_say_text note);
/* Adds a column headed by a text of the briefing's language; returns its index. It is shown everywhere, or there only.
 */
int ms_section_column(const ms_briefing *briefing, ms_section *section, ms_say_text head, ms_column_kind kind);
int ms_section_column_at(const ms_briefing *briefing, ms_section *section, ms_say_text head, ms_column_kind kind,
                         int where);
/* The columns are complete: rows may follow. */
void ms_section_rows(ms_section *section);

/* The sections, by file. Each fills its own; memory that runs short marks their tables. */
void ms_briefing_shortfalls(ms_briefing *briefing); /* briefing_short.c: items, sites, reasons */
void ms_briefing_decisions(ms_briefing *briefing);  /* briefing_decide.c */
void ms_briefing_sharing(ms_briefing *briefing);    /* briefing_share.c: coverage, gives, orders */
void ms_briefing_days(ms_briefing *briefing);       /* briefing_days.c: posture, lanes, places */
void ms_briefing_risks(ms_briefing *briefing);      /* briefing_risk.c: contingencies, findings */

/* Share met, together and alone (NAN: not planned), where a pound is as good as nothing. */
double ms_briefing_met(const ms_cover *cover);
double ms_briefing_met_alone(const ms_cover *cover);

/* The day on which a period begins, in days since 1970. */
double ms_briefing_day(const ms_briefing *briefing, int period);

/* A cell with a name, shown in its short form; with a period's date, as a text and as a date. */
void ms_briefing_name(ms_table *table, int column, const char *name);
void ms_briefing_date(const ms_briefing *briefing, ms_table *table, int text_column, int date_column, int period);

/* Pieces of the page: briefing_table.c. A table of at most `most` rows (0: all); front: on the first page. */
void ms_briefing_put_table(ms_buf *out, const ms_briefing *briefing, ms_section_id id, size_t most, bool front);
/* What falls short, and the states of posture, day by day, as charts: briefing_chart.c. */
void ms_briefing_put_short(ms_buf *out, const ms_briefing *briefing);
void ms_briefing_put_states(ms_buf *out, const ms_briefing *briefing);
extern const char ms_briefing_style[];

/* The first sheet of the workbook: briefing_front.c. */
void ms_briefing_put_front(ms_workbook *book, const ms_briefing *briefing);

/* The charts of what is met by priority and of what falls short day by day: on their own sheet, or with another place
 * and size on the first. */
ms_workbook_chart ms_briefing_met_chart(const ms_briefing *briefing);
ms_workbook_chart ms_briefing_short_chart(const ms_briefing *briefing);

/* The ways out. */
void ms_briefing_html(ms_buf *out, const ms_briefing *briefing, const ms_buf *map);
ms_status ms_briefing_xlsx(ms_buf *out, const ms_briefing *briefing, ms_error *err);

#endif
