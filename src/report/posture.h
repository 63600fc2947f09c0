/* posture.h: days of supply by site, item or class, and day; computed here, shown by report_posture.c.
 *
 * Days of supply is for how many days of the coming demand the stock on hand lasts: the demand of the case is walked
 * forward from the day; demand without an end goes on behind the case at its rate. Stock that no coming demand uses up
 * "outlasts".
 *
 * With a plan the stock is the plan's; without one it is what stock on hand, supply and commitments give when nothing
 * else moves and each site serves its own demand. A partner is held against its own demand with its own stock; combined
 * takes all stock of a site against all its demand. A class is as well off as its worst item; its stock counts in
 * tonnes.
 *
 * Samples are taken at the start of each day, or of each period where periods are longer than a day.
 * Cost: rows x periods x log(periods); memory rows x samples x 25 bytes, refused above MS_POSTURE_CELLS samples.
 */
#ifndef MS_REPORT_POSTURE_H
#define MS_REPORT_POSTURE_H

#include "plan/plan.h"

enum { MS_POSTURE_CELLS = 40000000 };

typedef enum { MS_STATE_NONE, MS_STATE_GREEN, MS_STATE_AMBER, MS_STATE_RED, MS_STATES } ms_state;

typedef struct {
    int32_t site_ix, item_ix; /* item -1 for a row of a class */
    ms_class class_ix;
    int32_t partner_ix;   /* -1 combined */
    double *stock;        /* by sample: item units, tonnes for a class */
    double *days;         /* of supply; NAN where nothing is wanted any more */
    double *short_amount; /* wanted and not met until the next sample, as stock */
    unsigned char *state; /* ms_state; MS_STATE_RED where short_amount > 0 */
    unsigned char
        *outlasts; /* 1 where the stock outlasts all coming demand: days is then what is left of that demand */
    int first_red, first_short; /* samples, or -1 */
    double least_days;          /* NAN where nothing is ever wanted; INFINITY where the stock always outlasts */
} ms_posture_row;

typedef struct {
    const ms_case *kase;
    ms_posture_row *rows; /* in the order of site, item (or class) */
    size_t row_count;
    int *sample_period; /* first period of each sample */
    int sample_count;
    ms_arena *arena;
} ms_posture;

/* For one selection: partner_ix -1 is combined. options->partner is not looked at; plan may be NULL. */
ms_status ms_posture_make(ms_posture *out, const ms_case *kase, const ms_plan *plan, int32_t partner_ix,
                          const ms_posture_options *options, ms_error *err);
void ms_posture_free(ms_posture *posture);

double ms_posture_day(const ms_posture *posture, int sample);

/* Orders rows worst first: the earliest shortfall, then the earliest red, then the fewest days of supply. */
void ms_posture_rank(ms_posture *posture);

#endif
