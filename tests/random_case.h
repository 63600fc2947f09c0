/* random_case.h: random small cases that switch every feature of the model on and off, and changes to them
 * whose effect on the best plan is known beforehand.
 *
 *     random_case_draw(&rc, seed, RANDOM_ALL);
 *     random_case_split_lane(&rc, &random);
 *     random_case_write("x.case", &rc, &err);
 *
 * A drawn case always passes `mainstay check` without an error: 2 to 7 sites, 1 to 4 items, 2 or 3 partners,
 * 3 to 12 periods. The same seed and features give the same bytes. Rows refer to each other by index, so that
 * names and the order of rows are decided at the time of writing. Quantities are item units as in the files.
 */
#ifndef TESTS_RANDOM_CASE_H
#define TESTS_RANDOM_CASE_H

#include "base/random.h"
#include "case/case.h"

enum { /* features: without the bit, the plain choice */
       RANDOM_FLEETS = 1 << 0,
       RANDOM_RESERVES = 1 << 1,
       RANDOM_BACKORDER = 1 << 2,
       RANDOM_SUBSTITUTES = 1 << 3,
       RANDOM_AGREEMENTS = 1 << 4,  /* three kinds, with limits, dates and several candidates; without: none at all */
       RANDOM_COMMITMENTS = 1 << 5, /* under way and to come */
       RANDOM_CARRIES = 1 << 6,
       RANDOM_DUTIES = 1 << 7,
       RANDOM_PERIODS = 1 << 8, /* shorter or longer than a day, not dividing the horizon */
       RANDOM_FAIR = 1 << 9,
       RANDOM_NOBODY = 1 << 10,  /* nobody's stock, consumers, sites, lanes, fleets */
       RANDOM_ZEROS = 1 << 11,   /* capacities, quantities and transits of 0 */
       RANDOM_CUT_OFF = 1 << 12, /* sites without lanes */
       RANDOM_MASSES = 1 << 13,  /* from a milligram to sixty tonnes a unit */
       RANDOM_CRITICALITY = 1 << 14,
       RANDOM_PRIORITIES = 1 << 15, /* gaps between them, other ratios */
       RANDOM_SPANS = 1 << 16,      /* with parts of periods */
       RANDOM_FORCES = 1 << 17,
       RANDOM_STORAGE = 1 << 18,
       RANDOM_HANDLING = 1 << 19,
       RANDOM_COSTS = 1 << 20,
       RANDOM_EVENTS = 1 << 21, /* a contingency; plan with random_case_contingency */
       RANDOM_FEATURES = 22,
       RANDOM_ALL = (1 << RANDOM_FEATURES) - 1
};
/* The word of each feature, in order of bits. */
extern const char *const random_feature_words[RANDOM_FEATURES];
extern const char *const random_case_contingency;

enum { RANDOM_ID_BYTES = 24, RANDOM_WORDS = 4, RANDOM_ROWS = 96 };

typedef enum {
    RANDOM_PARTNER,
    RANDOM_SITE,
    RANDOM_ITEM,
    RANDOM_LANE,
    RANDOM_FLEET,
    RANDOM_AGREEMENT,
    RANDOM_DEMAND,
    RANDOM_FORCE,
    RANDOM_CLASS, /* only in a scope: a class word */
    RANDOM_NAMED
} random_named;

typedef struct { /* a word of a scope or of `carries` */
    random_named what;
    int ix;
} random_word;

typedef struct {
    int partner, kind, country;
    double handling, storage;
} random_site;
typedef struct {
    int class_ix;
    double kg, value, criticality;
    bool backorder;
} random_item;
typedef struct {
    int from, to, mode, partner, fleet, carries_count;
    double transit, capacity, cost;
    random_word carries[RANDOM_WORDS];
} random_lane;
typedef struct {
    int partner, mode;
    double vehicles, payload, turn;
} random_fleet;
typedef struct
{ /* a stock, supply, demand or reserve, as far as each has the fields; INFINITY: an open end, NAN: empty */
    int site, item, partner, priority;
    double from, to, quantity, days;
} random_row;
typedef struct {
    int provider, receiver, kind, scope_count; /* scope_count 0: "*" */
    random_word scope[RANDOM_WORDS + 4];
    double limit, from, to;
} random_agreement;
typedef struct {
    int item, substitute;
    double ratio;
} random_substitute;
typedef struct {
    int from_country, to_country, class_ix; /* -1: any */
    double rate;
} random_duty;
typedef struct {
    int lane, item, partner;
    double depart, quantity;
} random_commitment;
typedef struct {
    int site, partner, priority, profile;
    double from, to, persons;
} random_force;
typedef struct {
    int profile, item;
    double per_person;
} random_factor;
typedef struct {
    int what, effect, ix, item; /* ix -1: every one */
    double from, to, amount;
} random_event;

typedef struct {
    uint64_t seed, order; /* order: 0 writes rows as drawn, else in an order drawn from it */
    uint32_t features;
    double days, period_hours, ratio;
    bool fair;
    int site_count, item_count, partner_count, lane_count, fleet_count, stock_count, supply_count, demand_count,
        reserve_count, agreement_count, substitute_count, duty_count, commitment_count, force_count, factor_count,
        event_count;
    char prefix[RANDOM_NAMED][6];
    random_site sites[8];
    random_item items[4];
    random_lane lanes[48];
    random_fleet fleets[4];
    random_row stocks[RANDOM_ROWS], supplies[RANDOM_ROWS], demands[RANDOM_ROWS], reserves[RANDOM_ROWS];
    random_agreement agreements[32];
    random_substitute substitutes[8];
    random_duty duties[4];
    random_commitment commitments[8];
    random_force forces[4];
    random_factor factors[8];
    random_event events[6];
} random_case;

void random_case_draw(random_case *rc, uint64_t seed, uint32_t features);
/* A mask of features for a seed: now one alone, now most of them. */
uint32_t random_case_features(uint64_t seed);
ms_status random_case_write(const char *path, const random_case *rc, ms_error *err);

/* ---- changes; each says what becomes of the best objective ---- */

void random_case_relabel(random_case *rc, uint64_t seed); /* other names, other order of rows: stays */
bool random_case_split_lane(random_case *rc,
                            ms_random *random); /* two of half the capacity: stays; false: no lane can be */
bool random_case_add_capacity(random_case *rc, ms_random *random); /* never worse; false: nothing is limited */
void random_case_scale(random_case *rc, double factor);            /* all quantities and capacities: times factor */
void random_case_change_unit(random_case *rc, int item, double factor); /* a unit weighs factor times as much: stays */

#endif
